"""The one place that writes results: a group of chunks, in one transaction, each chunk at most once ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from localloom_collector.faults import StorageUnavailable

from . import fold
from .rows import ChunkKey, ChunkRows, Row, Sighting
from .statements import Statements, statements


class Writer(Protocol):
    """Keeps groups of chunks."""

    def write(self, chunks: Sequence[ChunkRows], sightings: Sequence[Sighting] = ()) -> list[bool]:
        """Store a group, all of it or nothing. Blocks until it is durable.

        Returns:
            For each chunk whether it is new: False for one that was stored before, or twice in this group.

        Raises:
            StorageUnavailable: nothing was stored; the same group may succeed later.
            Exception: nothing was stored; something in the group cannot be.
        """
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SqlWriter:
    """Writes through SQLAlchemy, to SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine opened for writing; `close` closes it."""
        self._engine = engine
        self._statements: Statements = statements(engine.dialect.name)

    def write(self, chunks: Sequence[ChunkRows], sightings: Sequence[Sighting] = ()) -> list[bool]:
        """Store a group; see `Writer.write`."""
        try:
            with self._engine.begin() as connection:
                return self._write(connection, chunks, sightings)
        except (OperationalError, PoolTimeout) as error:
            raise StorageUnavailable(_first_line(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StorageUnavailable(_first_line(error)) from error
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _write(
        self, connection: Connection, chunks: Sequence[ChunkRows], sightings: Sequence[Sighting]
    ) -> list[bool]:
        by_key: dict[ChunkKey, ChunkRows] = {}
        for chunk in chunks:
            by_key.setdefault(chunk.key, chunk)
        new: list[ChunkRows] = []
        if by_key:
            found = connection.execute(self._statements.chunks, [dict(c.chunk) for c in by_key.values()])
            inserted = {ChunkKey(*row) for row in found}
            new = [chunk for key, chunk in by_key.items() if key in inserted]
        # A replay says nothing new about a run, but it does say that its machine lives.
        self._put(connection, self._statements.machines, fold.machine_rows(by_key.values(), sightings))
        self._put(connection, self._statements.profiles, fold.profile_rows(new))
        self._put(connection, self._statements.runs, fold.run_rows(new))
        self._put(connection, self._statements.phases, fold.phase_rows(new))
        self._put(connection, self._statements.failures, fold.failure_rows(new))
        self._put(connection, self._statements.exchanges, [row for c in new for row in c.exchanges])
        fresh = {id(chunk) for chunk in new}
        return [id(chunk) in fresh for chunk in chunks]

    @staticmethod
    def _put(connection: Connection, statement: object, rows: Sequence[Row]) -> None:
        if rows:
            connection.execute(statement, [dict(row) for row in rows])  # type: ignore[call-overload]


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
