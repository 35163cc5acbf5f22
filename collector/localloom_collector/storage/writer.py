"""The one place that writes results: a group of chunks, in one transaction, each chunk at most once ever."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Protocol

from sqlalchemy import Connection, Engine, Executable, Table

from localloom_collector.faults import StorageUnavailable
from localloom_collector.limits import Limits

from . import binding, fold, letters, schema, staging
from .announce import announce
from .counting import Counting
from .partitions import Partitions
from .retained import horizon
from .rows import Asides, ChunkKey, ChunkRows, Fate, Row
from .statements import Statements, statements
from .triage import triage
from .unavailable import unavailable


class Writer(Protocol):
    """Keeps groups of chunks."""

    def write(self, chunks: Sequence[ChunkRows], asides: Asides = ...) -> list[Fate]:
        """Store a group, all of it or nothing. Blocks until it is durable.

        Returns:
            What became of each chunk.

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

    def __init__(self, engine: Engine, limits: Limits | None = None) -> None:
        """Take an engine opened for writing; `close` closes it."""
        self._engine = engine
        self._limits = limits or Limits()
        self._staged = engine.dialect.name == "postgresql"
        self._statements: Statements = statements(engine.dialect.name)
        self._partitions = Partitions(engine)
        self._counting = Counting(engine.dialect.name)

    def write(self, chunks: Sequence[ChunkRows], asides: Asides = Asides()) -> list[Fate]:  # noqa: B008  # frozen
        """Store a group; see `Writer.write`."""
        try:
            self._partitions.make(chunk.chunk["start_day"] for chunk in chunks)
            with self._engine.begin() as connection:
                return self._write(connection, chunks, asides)
        except Exception as error:
            # A day's partition may have been pruned behind our back: ask again.
            self._partitions.forget()
            self._counting.forget()
            reason = unavailable(error)
            if reason is not None:
                raise StorageUnavailable(reason) from error
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _write(self, connection: Connection, chunks: Sequence[ChunkRows], asides: Asides) -> list[Fate]:
        by_key: dict[ChunkKey, ChunkRows] = {}
        for chunk in chunks:
            by_key.setdefault(chunk.key, chunk)
        keeping = horizon(connection)
        # A replay says nothing new about a run, but it does say that its machine lives.
        machines = fold.machine_rows(by_key.values(), asides)
        self._put(connection, schema.machines, self._statements.machines, machines)
        told = triage(connection, list(by_key.values()), keeping, self._first_runs)
        new = [*self._insert(connection, told.kept), *told.late]
        profiles = fold.profile_rows(new)
        moved = self._counting.moved(connection, profiles)
        self._put(connection, schema.hardware_profiles, self._statements.profiles, profiles)
        self._counting.profiled(connection, profiles)
        self._put(connection, schema.runs, self._statements.runs, fold.run_rows(new))
        self._put(connection, schema.phases, self._statements.phases, fold.phase_rows(new))
        self._put(connection, schema.failures, self._statements.failures, fold.failure_rows(new))
        touched = {chunk.key.run for chunk in new if chunk.facets or chunk.failure}
        self._counting.count(connection, touched | moved)
        exchanges = [row for chunk in new for row in chunk.exchanges]
        self._put(connection, schema.http_exchanges, self._statements.exchanges, exchanges)
        if asides.letters:
            room = letters.within_caps(connection, asides.letters, self._limits)
            self._put(connection, schema.dead_letters, self._statements.letters, room)
        announce(connection, (chunk.key.run_id for chunk in new))
        return self._fates(chunks, {chunk.key for chunk in new}, told.expired)

    @staticmethod
    def _fates(chunks: Sequence[ChunkRows], new: set[ChunkKey], expired: set[ChunkKey]) -> list[Fate]:
        fates = []
        for chunk in chunks:
            if chunk.key in expired:
                fates.append(Fate.EXPIRED)
            elif chunk.key in new:
                new.discard(chunk.key)  # the same chunk once more in this group is a duplicate
                fates.append(Fate.STORED)
            else:
                fates.append(Fate.DUPLICATE)
        return fates

    def _first_runs(self, connection: Connection, rows: Sequence[Row]) -> None:
        self._put(connection, schema.runs, self._statements.first_runs, rows)
        if self._staged:
            staging.clear(connection, schema.runs)

    def _insert(self, connection: Connection, chunks: Sequence[ChunkRows]) -> list[ChunkRows]:
        """Insert rows of `event_chunks`; the chunks that were not there before."""
        if not chunks:
            return []
        rows = [chunk.chunk for chunk in chunks]
        if self._staged:
            staging.copy_in(connection, schema.event_chunks, rows)
            there = {ChunkKey(*row) for row in connection.execute(self._statements.chunks)}
            return [chunk for chunk in chunks if chunk.key not in there] if there else list(chunks)
        new = binding.insert_each(connection, self._statements.chunks, rows)
        return list(compress(chunks, new))

    def _put(self, connection: Connection, table: Table, statement: Executable, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if self._staged:
            staging.copy_in(connection, table, rows)
            connection.execute(statement)
        else:
            binding.insert(connection, statement, rows)
