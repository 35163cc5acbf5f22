"""What a full outbox lets go of: whole detail chunks, oldest first, with a record of the gap."""

from __future__ import annotations

import sqlite3
import time

from localloom.fleet.v1 import event_pb2

from . import chunks
from .database import count, insert
from .records import Shed


def shed(db: sqlite3.Connection, max_bytes: int) -> None:
    """Let go of detail until the bound holds, or only outcomes and refused chunks are left."""
    (used,) = db.execute("SELECT coalesce(max(value), 0) FROM counters WHERE name='bytes'").fetchone()
    if used <= max_bytes:
        return
    gone = []
    for row in db.execute(
        "SELECT id, run_id, chunk_seq, events, size FROM chunks WHERE detail=1 AND refused_code IS NULL ORDER BY id"
    ):
        if used <= max_bytes:
            break
        used -= row[4]
        gone.append(row)
    for chunk_id, run_id, chunk_seq, events, size in gone:
        db.execute("DELETE FROM chunks WHERE id=?", (chunk_id,))
        db.execute(
            "INSERT INTO shed VALUES (?,?,?,1,?,?) ON CONFLICT (run_id) DO UPDATE SET "
            "first_chunk_seq=min(first_chunk_seq, excluded.first_chunk_seq), "
            "last_chunk_seq=max(last_chunk_seq, excluded.last_chunk_seq), "
            "chunks=chunks+1, events=events+excluded.events, bytes=bytes+excluded.bytes",
            (run_id, chunk_seq, chunk_seq, events, size),
        )
    if gone:
        count(db, "bytes", -sum(row[4] for row in gone))
        count(db, "shed_chunks", len(gone))
        count(db, "shed_events", sum(row[3] for row in gone))
        _report_for_closed_runs(db)


def _report_for_closed_runs(db: sqlite3.Connection) -> None:
    """A run that has ended cannot report its own gap: append the event that says so for it."""
    closed = db.execute(
        "SELECT s.run_id, s.first_chunk_seq, s.last_chunk_seq, s.chunks, s.events, s.bytes, "
        "r.machine_id, r.chunk_seq, r.event_seq FROM shed s JOIN runs r USING (run_id) WHERE r.closed=1"
    ).fetchall()
    for run_id, first, last, shed_chunks, events, size, machine_id, chunk_seq, event_seq in closed:
        event = shed_event(Shed(first, last, shed_chunks, events, size))
        event.seq, event.time_unix_nano = event_seq + 1, time.time_ns()
        (body,) = chunks.bodies([event], detail=False)
        insert(db, run_id, chunk_seq + 1, body, chunks.number(body, run_id, machine_id, chunk_seq + 1))
        db.execute("UPDATE runs SET chunk_seq=chunk_seq+1, event_seq=event_seq+1 WHERE run_id=?", (run_id,))
        db.execute("DELETE FROM shed WHERE run_id=?", (run_id,))


def shed_event(gap: Shed) -> event_pb2.Event:
    """The event that reports a gap; seq and times are the caller's."""
    return event_pb2.Event(
        detail_shed=event_pb2.DetailShed(
            first_chunk_seq=gap.first_chunk_seq,
            last_chunk_seq=gap.last_chunk_seq,
            chunks=gap.chunks,
            events=gap.events,
            bytes=gap.bytes,
        )
    )
