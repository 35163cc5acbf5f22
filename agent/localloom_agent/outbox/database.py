"""The outbox's SQLite file: opening it, and one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .chunks import Body, checksum
from .records import OutboxDamaged, OutboxError
from .schema import SCHEMA, VERSION

BUSY_TIMEOUT_S = 10.0
DAMAGED = ("malformed", "not a database", "no such table", "no such column", "UTF-8")
"""SQLite's words for a file that is not whole. An I/O error is not among them: a full disk can look like one."""


class Database:
    """A connection that any thread may use, one at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises:
            OutboxError: it cannot be opened or written, is not an outbox, or is of a newer version.
        """
        self.path = path
        self.lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.db = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self.db.execute("PRAGMA journal_mode=WAL")
            self.db.execute(
                "PRAGMA synchronous=NORMAL"
            )  # a kill -9 loses nothing; a power cut, the last moments
            (version,) = self.db.execute("PRAGMA user_version").fetchone()
            if version < VERSION:
                self.db.executescript(f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA user_version={VERSION};COMMIT;")
        except (sqlite3.Error, OSError) as error:
            raise _kind(error)(
                f"cannot open the outbox {path}: {error}; check the folder, or name another with --state-dir"
            ) from error
        if version > VERSION:
            raise OutboxError(
                f"the outbox {path} was written by a newer agent (format {version}, this one knows {VERSION}): "
                "upgrade localloom, or name another folder with --state-dir"
            )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One thread at a time.

        Raises:
            OutboxError: the file cannot be read.
        """
        with self.lock:
            try:
                yield self.db
            except sqlite3.Error as error:
                raise _kind(error)(
                    f"cannot read the outbox {self.path}: {error}; check the disk, or name another folder with --state-dir"
                ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing.

        Raises:
            OutboxError: the file cannot be written; nothing was.
        """
        with self.lock:
            try:
                self.db.execute("BEGIN IMMEDIATE")
                yield self.db
                self.db.execute("COMMIT")
            except BaseException as error:
                if self.db.in_transaction:  # a full disk has rolled back by itself
                    self.db.execute("ROLLBACK")
                if not isinstance(error, sqlite3.Error):
                    raise
                raise _kind(error)(
                    f"cannot write the outbox {self.path}: {error}; free some space, or check the disk"
                ) from error

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.db.close()


def _kind(error: Exception) -> type[OutboxError]:
    """Damage can be salvaged; a full disk or a lock cannot."""
    damaged = isinstance(error, sqlite3.DatabaseError) and any(words in str(error) for words in DAMAGED)
    return OutboxDamaged if damaged else OutboxError


def insert(db: sqlite3.Connection, run_id: bytes, chunk_seq: int, body: Body, chunk: bytes) -> None:
    """Keep one chunk."""
    crc = checksum(run_id, chunk_seq, detail=body.detail, chunk=chunk)
    db.execute(
        "INSERT INTO chunks (run_id, chunk_seq, detail, events, size, crc32, chunk) VALUES (?,?,?,?,?,?,?)",
        (run_id, chunk_seq, int(body.detail), body.events, len(chunk), crc, chunk),
    )
    count(db, "bytes", len(chunk))


def count(db: sqlite3.Connection, name: str, by: int) -> None:
    """Add to a counter."""
    db.execute(
        "INSERT INTO counters VALUES (?,?) ON CONFLICT (name) DO UPDATE SET value=value+excluded.value",
        (name, by),
    )
