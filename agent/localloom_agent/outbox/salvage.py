"""What is done with an outbox file that is damaged: it is moved aside, and what can be read of it goes into a fresh one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom.fleet.v1 import collector_pb2

from .chunks import intact
from .database import Database, count
from .records import OutboxError

SEQ_LEAP = 1000
"""A run whose counters are lost goes on this much further: a number given out twice would be taken for a replay."""

CHUNK_COLUMNS = (
    "run_id, chunk_seq, detail, events, size, crc32, CAST(chunk AS BLOB), refused_code, refused_reason"
)
RUN_COLUMNS = "run_id, machine_id, started_unix_nano, pid, pid_created, phase, closed, chunk_seq, event_seq"


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A run of this process: its counters are known whatever became of the file."""

    machine_id: bytes
    started_unix_nano: int
    chunk_seq: int
    event_seq: int


def salvage(path: Path, pid: int, created: float, known: dict[bytes, KnownRun]) -> Database:
    """Move the damaged file aside, and open a fresh one with all rows whose checksums still hold.

    Another process that salvages at the same time is waited for; what it made is then opened as it is.

    Raises:
        OutboxError: not even a fresh file can be made.
    """
    with _one_at_a_time(path):
        fresh = _opens(path)
        if fresh is None:
            aside = _move_aside(path)
            fresh = Database(path)
            _refill(fresh, aside)
        with fresh.transaction() as db:
            for run_id, run in known.items():
                db.execute(
                    f"INSERT INTO runs ({RUN_COLUMNS}) VALUES (?,?,?,?,?,'runtime',0,?,?) "  # noqa: S608 a constant
                    "ON CONFLICT (run_id) DO UPDATE SET chunk_seq=max(chunk_seq, excluded.chunk_seq), "
                    "event_seq=max(event_seq, excluded.event_seq)",
                    (
                        run_id,
                        run.machine_id,
                        run.started_unix_nano,
                        pid,
                        created,
                        run.chunk_seq,
                        run.event_seq,
                    ),
                )
    return fresh


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the salvage lock; where the system has no such lock, go without."""
    with path.with_suffix(".lock").open("a+b") as lock:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opens(path: Path) -> Database | None:
    """The file as another process has left it, if it is whole again."""
    try:
        database = Database(path)
    except OutboxError:
        return None
    try:
        (verdict,) = database.db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        verdict = "damaged"
    if verdict == "ok":
        return database
    database.close()
    return None


def _move_aside(path: Path) -> Path:
    """Rename the file and its journal; nothing that might still be wanted is deleted."""
    aside = path.with_name(f"{path.stem}.damaged-{time.time_ns()}{path.suffix}")
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")  # noqa: PTH105 the suffix goes behind the suffix
    return aside


def _refill(fresh: Database, aside: Path) -> None:
    """Copy what can be read, row by row."""
    runs: dict[bytes, Row] = {}
    lost = 0
    with contextlib.closing(sqlite3.connect(aside)) as old, fresh.transaction() as db:
        for row in _rows(old, f"SELECT {RUN_COLUMNS} FROM runs"):  # noqa: S608 a constant
            runs[row[0]] = row
        for row in _chunk_rows(old):
            chunk = row[6]
            if not intact(row[0], row[1], row[2], chunk, row[5]):
                lost += 1
                continue
            done = db.execute(
                "INSERT OR IGNORE INTO chunks (run_id, chunk_seq, detail, events, size, crc32, chunk, refused_code, "
                "refused_reason) VALUES (?,?,?,?,?,?,?,?,?)",
                row,
            )
            if done.rowcount:
                count(db, "bytes", len(chunk))
            runs.setdefault(row[0], _run_of(chunk))
        placeholders = ",".join("?" * len(RUN_COLUMNS.split(",")))
        for run in runs.values():
            with contextlib.suppress(sqlite3.Error):  # a row with a torn value is no row
                db.execute(f"INSERT OR IGNORE INTO runs ({RUN_COLUMNS}) VALUES ({placeholders})", run)  # noqa: S608
        count(db, "corrupt_chunks", lost)
        count(db, "salvages", 1)


def _chunk_rows(old: sqlite3.Connection) -> Iterator[Row]:
    """All rows of chunks that can be reached, from the front and, past a damaged page, from the back."""
    seen: set[object] = set()
    for order in ("ASC", "DESC"):
        for row in _rows(old, f"SELECT id, {CHUNK_COLUMNS} FROM chunks ORDER BY id {order}"):  # noqa: S608 a constant
            if row[0] not in seen:
                seen.add(row[0])
                yield row[1:]


def _rows(old: sqlite3.Connection, query: str) -> Iterator[Row]:
    """Rows up to the first that cannot be read."""
    try:
        yield from old.execute(query)
    except (sqlite3.Error, OverflowError, ValueError):
        return


def _run_of(chunk: bytes) -> Row:
    """A run whose own row is lost, from one of its chunks: closed, because nobody can be found who supervises it."""
    parsed = collector_pb2.Chunk.FromString(chunk)
    started = int.from_bytes(parsed.run_id[:6], "big") * 1_000_000
    leap = parsed.chunk_seq + SEQ_LEAP
    return (parsed.run_id, parsed.machine_id, started, 0, 0.0, "runtime", 1, leap, leap)
