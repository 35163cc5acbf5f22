"""Lets go of old days: whole runs, of which a summary stays, or only their chunks, of which the numbers stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, and_, bindparam, delete, func, select, update

from . import partitions, ranges
from .counting import forget_day
from .partitions import TABLES
from .retained import horizon
from .schema import event_chunks, http_exchanges, retention, runs
from .summary import started_on, summarise

#: Runs whose chunk numbers are gathered at a time.
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was let go of."""

    days: int = 0
    runs: int = 0
    chunks: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.days + other.days, self.runs + other.runs, self.chunks + other.chunks)


def prune_runs(engine: Engine, before: date) -> Pruned:
    """Drop all that started before that day, a day and a transaction at a time.

    From the first transaction on chunks of those days are acked as expired: none comes back.
    """
    _move_horizon(engine, "runs_before", before)
    done = Pruned()
    for day in _days(engine, before, (runs, event_chunks, http_exchanges)):
        with engine.begin() as connection:
            horizon(connection, pruning=True)
            done += _prune_day(connection, day)
    return done


def prune_timeline(engine: Engine, before: date) -> Pruned:
    """Drop the chunks of runs that started before that day; the runs keep the numbers of what they received.

    From the first transaction on no chunk is inserted for those days: what is found can be dropped.
    """
    _move_horizon(engine, "timeline_before", before)
    done = Pruned()
    for day in _days(engine, before, (event_chunks,)):
        with engine.begin() as connection:
            horizon(connection, pruning=True)
            for numbers in _received(connection, day):
                connection.execute(_KEEP_NUMBERS, numbers)
            done += Pruned(days=1, chunks=_drop(connection, event_chunks, day))
    return done


def _move_horizon(engine: Engine, name: str, before: date) -> None:
    """Forward only: what was acked as expired must not turn up later."""
    with engine.begin() as connection:
        found = horizon(connection, pruning=True)
        known: date | None = getattr(found, name)
        if known is None or known < before:
            connection.execute(update(retention).values({name: before}))


def _days(engine: Engine, before: date, tables: Sequence[Table]) -> list[date]:
    """The days of which something is there, the oldest first."""
    found: set[date] = set()
    with engine.connect() as connection:
        for table in tables:
            if table.name in TABLES and connection.dialect.name == "postgresql":
                found |= partitions.days(connection, table.name)
            else:
                column = table.c.start_day
                found |= set(connection.scalars(select(column).distinct().where(column < before)))
    return sorted(day for day in found if day < before)


def _prune_day(connection: Connection, day: date) -> Pruned:
    chunks = _drop(connection, event_chunks, day)
    _drop(connection, http_exchanges, day)
    summarise(connection, day)
    forget_day(connection, day)
    # Phases and failures go with their runs, by their foreign keys.
    gone = connection.execute(delete(runs).where(started_on(day)))
    return Pruned(days=1, runs=gone.rowcount, chunks=chunks)


def _drop(connection: Connection, table: Table, day: date) -> int:
    on_day = table.c.start_day == day
    if connection.dialect.name == "postgresql":
        count = connection.scalar(select(func.count()).select_from(table).where(on_day)) or 0
        partitions.drop(connection, table.name, day)
        return count
    return connection.execute(delete(table).where(on_day)).rowcount


def _received(connection: Connection, day: date) -> Iterator[list[dict[str, Any]]]:
    """For each run of the day the numbers of its chunks, some runs at a time."""
    table = event_chunks.c
    rows = connection.execute(
        select(table.machine_id, table.run_id, table.chunk_seq, runs.c.received_chunks)
        .join(runs, and_(runs.c.machine_id == table.machine_id, runs.c.run_id == table.run_id))
        .where(table.start_day == day)
        .order_by(table.machine_id, table.run_id, table.chunk_seq)
        .execution_options(yield_per=5000)
    )
    found: list[dict[str, Any]] = []
    key: tuple[UUID, UUID] | None = None
    numbers: list[tuple[int, int]] = []

    def close() -> None:
        if key is not None:
            found.append({"machine": key[0], "run": key[1], "numbers": ranges.write(numbers)})

    for row in rows:
        if (row.machine_id, row.run_id) != key:
            close()
            if len(found) >= BATCH:
                yield found
                found = []
            key, numbers = (row.machine_id, row.run_id), ranges.read(row.received_chunks)
        if numbers and numbers[-1][1] + 1 == row.chunk_seq:
            numbers[-1] = (numbers[-1][0], row.chunk_seq)
        else:
            numbers.append((row.chunk_seq, row.chunk_seq))
    close()
    if found:
        yield found


_KEEP_NUMBERS = (
    update(runs)
    .where(runs.c.machine_id == bindparam("machine"), runs.c.run_id == bindparam("run"))
    .values(received_chunks=bindparam("numbers"))
)
