"""The outbox: what is kept, and how it is let go of.

A chunk leaves the outbox when the collector has acked it, and in no other way, save two: detail chunks are shed,
oldest first, when the outbox is over its bound (the gap is recorded and reported), and refused chunks are set aside.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import psutil

from . import chunks
from .chunks import intact
from .database import Database, count, insert
from .records import DeadRun, OutboxDamaged, OutboxError, Pending, Refused, Shed, Status
from .salvage import KnownRun, salvage
from .shedding import shed

DEFAULT_MAX_BYTES = 64 * 1024 * 1024

Method = TypeVar("Method", bound=Callable[..., Any])


def mended(method: Method) -> Method:
    """Have a method tried once more after a damaged file was salvaged under it."""

    @functools.wraps(method)
    def tried(self: Outbox, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except OutboxDamaged:
            self.mend()
            return method(self, *args, **kwargs)

    return cast("Method", tried)


class Outbox:
    """One SQLite file in WAL mode, shared by all agent processes of a state folder. Methods may be called from any thread.

    Every method blocks for a disk write at most, and for the busy time-out if another process holds the file.
    """

    def __init__(self, path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Open or create it.

        Raises:
            OutboxError: the file cannot be opened or written, or is of a newer version.
        """
        self.path, self.max_bytes = path, max_bytes
        self._listeners: list[Callable[[], None]] = []
        self._mine: dict[bytes, KnownRun] = {}
        try:
            self._use(Database(path))
        except OutboxDamaged:
            self.mend()

    def _use(self, database: Database) -> None:
        self._database = database
        self._reading, self._transaction = database.reading, database.transaction

    def mend(self) -> None:
        """Salvage a damaged file: what can be read goes into a fresh one, the old one is moved aside.

        Raises:
            OutboxError: no fresh file can be made.
        """
        me = psutil.Process()
        if hasattr(self, "_database"):
            self._database.close()
        self._use(salvage(self.path, me.pid, me.create_time(), self._mine))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def on_append(self, listener: Callable[[], None]) -> None:
        """Have `listener` called, from the appending thread, whenever chunks were added."""
        self._listeners.append(listener)

    # The run's life.

    @mended
    def open_run(self, run_id: bytes, machine_id: bytes, started_unix_nano: int) -> None:
        """Note that this process supervises a run from now on."""
        me = psutil.Process()
        with self._transaction() as db:
            db.execute(
                "INSERT INTO runs (run_id, machine_id, started_unix_nano, pid, pid_created) VALUES (?,?,?,?,?)",
                (run_id, machine_id, started_unix_nano, me.pid, me.create_time()),
            )
        self._mine[run_id] = KnownRun(machine_id, started_unix_nano, 0, 0)

    @mended
    def append(
        self, run_id: bytes, bodies: Iterable[chunks.Body], phase: str | None = None, *, close: bool = False
    ) -> None:
        """Keep bodies as the run's next chunks, in one transaction; shed detail if the outbox is over its bound."""
        with self._transaction() as db:
            row = db.execute(
                "SELECT machine_id, chunk_seq, event_seq FROM runs WHERE run_id=?", (run_id,)
            ).fetchone()
            if row is None:
                raise OutboxError(f"run {run_id.hex()} is not in the outbox {self.path}: it was never opened")
            machine_id, chunk_seq, event_seq = row
            for body in bodies:
                chunk_seq += 1
                event_seq = max(event_seq, body.last_event_seq)
                insert(db, run_id, chunk_seq, body, chunks.number(body, run_id, machine_id, chunk_seq))
            db.execute(
                "UPDATE runs SET chunk_seq=?, event_seq=?, phase=coalesce(?, phase), closed=max(closed, ?) WHERE run_id=?",
                (chunk_seq, event_seq, phase, int(close), run_id),
            )
            shed(db, self.max_bytes)
        if close:
            self._mine.pop(run_id, None)
        elif run_id in self._mine:
            self._mine[run_id] = replace(self._mine[run_id], chunk_seq=chunk_seq, event_seq=event_seq)
        for listener in self._listeners:
            listener()

    @mended
    def take_shed(self, run_id: bytes) -> Shed | None:
        """What was shed of an open run since it was last asked; the caller reports it."""
        with self._reading() as db:
            if db.execute("SELECT 1 FROM shed WHERE run_id=?", (run_id,)).fetchone() is None:
                return None
        with self._transaction() as db:
            row = db.execute(
                "DELETE FROM shed WHERE run_id=? RETURNING first_chunk_seq, last_chunk_seq, chunks, events, bytes",
                (run_id,),
            ).fetchone()
        return Shed(*row) if row else None

    @mended
    def claim_dead_runs(self) -> list[DeadRun]:
        """Open runs whose supervisor no longer lives; from now on they are this process's to close."""
        me = psutil.Process()
        with self._reading() as db:
            rows = db.execute(
                "SELECT run_id, machine_id, started_unix_nano, phase, event_seq, pid, pid_created FROM runs WHERE closed=0"
            ).fetchall()
        dead = [row for row in rows if not _lives(row[5], row[6])]
        if not dead:
            return []
        with self._transaction() as db:
            claim = "UPDATE runs SET pid=?, pid_created=? WHERE run_id=? AND pid=? AND closed=0"
            claimed = [
                row
                for row in dead
                if db.execute(claim, (me.pid, me.create_time(), row[0], row[5])).rowcount == 1
            ]
        return [DeadRun(*row[:5]) for row in claimed]

    # Delivery.

    @mended
    def pending(self, after_id: int, limit_bytes: int) -> list[Pending]:
        """The next chunks to send, oldest first, after row `after_id`: at least one if there is one, else within the limit.

        A row whose bytes no longer match their checksum is counted, set aside, and never sent.
        """
        out: list[Pending] = []
        total = 0
        damaged = []
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, run_id, chunk_seq, CAST(chunk AS BLOB), detail, crc32 FROM chunks WHERE refused_code IS NULL AND id>? ORDER BY id",
                (after_id,),
            )
            for chunk_id, run_id, chunk_seq, chunk, detail, crc in rows:
                if not intact(run_id, chunk_seq, detail, chunk, crc):
                    damaged.append(chunk_id)
                    continue
                total += len(chunk)
                if out and total > limit_bytes:
                    break
                out.append(Pending(chunk_id, run_id, chunk_seq, chunk))
        if damaged:
            with self._transaction() as db:
                db.executemany(
                    "UPDATE chunks SET refused_code='corrupt', refused_reason='its checksum does not match' WHERE id=?",
                    [(chunk_id,) for chunk_id in damaged],
                )
                count(db, "corrupt_chunks", len(damaged))
        return out

    @mended
    def acked(self, keys: Sequence[tuple[bytes, int]]) -> None:
        """Let go of chunks that the collector has."""
        with self._transaction() as db:
            freed = 0
            for key in keys:
                row = db.execute(
                    "DELETE FROM chunks WHERE run_id=? AND chunk_seq=? RETURNING size", key
                ).fetchone()
                freed += row[0] if row else 0
            count(db, "bytes", -freed)
            db.execute(
                "DELETE FROM runs WHERE closed=1 AND NOT EXISTS (SELECT 1 FROM chunks c WHERE c.run_id=runs.run_id) "
                "AND NOT EXISTS (SELECT 1 FROM shed s WHERE s.run_id=runs.run_id)"
            )

    @mended
    def refused(self, refusals: Sequence[tuple[bytes, int, str, str]]) -> None:
        """Set chunks aside that the collector refused for good: (run_id, chunk_seq, code, reason)."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE chunks SET refused_code=?, refused_reason=? WHERE run_id=? AND chunk_seq=?",
                [(code, reason, run_id, seq) for run_id, seq, code, reason in refusals],
            )

    @mended
    def waiting(self, run_id: bytes | None = None) -> int:
        """How many chunks wait to be sent, of one run or of all."""
        with self._reading() as db:
            (count,) = db.execute(
                "SELECT count(*) FROM chunks WHERE refused_code IS NULL AND (?1 IS NULL OR run_id=?1)",
                (run_id,),
            ).fetchone()
        return int(count)

    @mended
    def refusals(self) -> list[Refused]:
        """The chunks that were set aside, oldest first."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT run_id, chunk_seq, size, refused_code, refused_reason FROM chunks "
                "WHERE refused_code IS NOT NULL ORDER BY id"
            ).fetchall()
        return [Refused(*row) for row in rows]

    @mended
    def status(self) -> Status:
        """What the outbox holds, counted now."""
        with self._reading() as db:
            pending, size, runs = db.execute(
                "SELECT count(*), coalesce(sum(size), 0), count(DISTINCT run_id) FROM chunks WHERE refused_code IS NULL"
            ).fetchone()
            refused, refused_size = db.execute(
                "SELECT count(*), coalesce(sum(size), 0) FROM chunks WHERE refused_code IS NOT NULL"
            ).fetchone()
            counters = dict(db.execute("SELECT name, value FROM counters").fetchall())
        return Status(
            path=self.path,
            max_bytes=self.max_bytes,
            pending_chunks=pending,
            pending_bytes=size,
            pending_runs=runs,
            refused_chunks=refused,
            refused_bytes=refused_size,
            shed_chunks=counters.get("shed_chunks", 0),
            shed_events=counters.get("shed_events", 0),
            corrupt_chunks=counters.get("corrupt_chunks", 0),
            salvages=counters.get("salvages", 0),
        )


def _lives(pid: int, created: float) -> bool:
    """Whether that very process lives; a start time that moved a little is a clock that was set, not another process."""
    try:
        return abs(psutil.Process(pid).create_time() - created) < 60.0
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
