"""Tells a group's chunks apart before they are inserted: those to keep, those too late for it, those too old.

Ordinarily a chunk's day follows from its run_id and nothing has to be asked. Two things change that: a run whose start
was clamped (its row says to which day), and days that have been pruned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, tuple_, update

from . import ranges
from .among import among
from .fold import empty_run
from .retained import Horizon
from .rows import ChunkKey, ChunkRows, Row
from .schema import event_chunks, machines, runs

RunKey = tuple[UUID, UUID]


@dataclass(slots=True)
class Triage:
    """A group, told apart."""

    kept: list[ChunkRows] = field(default_factory=list)
    """To be inserted; those that were stored before are among them."""
    late: list[ChunkRows] = field(default_factory=list)
    """New, but their day's chunks are pruned: their rows count, they themselves are not kept."""
    expired: set[ChunkKey] = field(default_factory=set)
    """Too old, or stored and pruned since."""


def triage(
    connection: Connection,
    chunks: Sequence[ChunkRows],
    horizon: Horizon,
    first_runs: Callable[[Connection, Sequence[Row]], None],
) -> Triage:
    """Tell chunks apart, each key once; their machines are in the tables already.

    Args:
        connection: in the group's transaction.
        chunks: the group.
        horizon: read in this transaction.
        first_runs: inserts rows of `runs` that are not there yet.
    """
    days = _days(connection, {chunk.key.run for chunk in chunks})
    found = Triage()
    delicate: list[ChunkRows] = []
    for chunk in chunks:
        day = days.get(chunk.key.run)
        if day is not None:
            chunk = chunk.on(day)  # noqa: PLW2901  # from here on it is this one
        if horizon.runs_gone(chunk.chunk["start_day"]):
            found.expired.add(chunk.key)
        elif (chunk.start_unsure and day is None) or horizon.chunks_gone(chunk.chunk["start_day"]):
            delicate.append(chunk)
        else:
            found.kept.append(chunk)
    if delicate:
        _settle(connection, delicate, horizon, first_runs, found)
    if found.expired:
        _count(connection, found.expired)
    return found


def _days(connection: Connection, keys: set[RunKey]) -> dict[RunKey, date]:
    """The start days of the runs that are there."""
    if not keys:
        return {}
    rows = connection.execute(_DAYS[connection.dialect.name], {"run_ids": [run_id for _, run_id in keys]})
    return {(machine_id, run_id): start_day for machine_id, run_id, start_day in rows}


def _settle(
    connection: Connection,
    chunks: Sequence[ChunkRows],
    horizon: Horizon,
    first_runs: Callable[[Connection, Sequence[Row]], None],
    found: Triage,
) -> None:
    """Fix these chunks' runs in the table first: who comes second, on whatever day, takes what is there."""
    firsts = {chunk.key.run: empty_run(chunk) for chunk in reversed(chunks)}
    first_runs(connection, [firsts[key] for key in sorted(firsts)])
    table = runs.c
    rows = connection.execute(
        select(table.machine_id, table.run_id, table.start_day, table.received_chunks)
        .where(tuple_(table.machine_id, table.run_id).in_(list(firsts)))
        .order_by(table.machine_id, table.run_id)
        .with_for_update()
    )
    fixed = {(row.machine_id, row.run_id): row for row in rows}
    # A day that is being pruned may still have its chunks, and their numbers not yet in the runs.
    there = event_chunks.c
    found_keys = connection.execute(
        select(there.machine_id, there.run_id, there.chunk_seq).where(
            tuple_(there.machine_id, there.run_id).in_(list(firsts))
        )
    )
    stored = {ChunkKey(*row) for row in found_keys}
    received: dict[RunKey, list[int]] = {}
    for chunk in chunks:
        row = fixed[chunk.key.run]
        if not horizon.chunks_gone(row.start_day):
            found.kept.append(chunk.on(row.start_day))
        elif chunk.key in stored or ranges.holds(ranges.read(row.received_chunks), chunk.key.chunk_seq):
            found.expired.add(chunk.key)
        else:
            found.late.append(chunk.on(row.start_day))
            received.setdefault(chunk.key.run, []).append(chunk.key.chunk_seq)
    if received:
        connection.execute(
            _RECEIVED,
            [
                {
                    "machine": key[0],
                    "run": key[1],
                    "now": ranges.add(fixed[key].received_chunks, received[key]),
                }
                for key in sorted(received)
            ],
        )


def _count(connection: Connection, expired: set[ChunkKey]) -> None:
    counts: dict[UUID, int] = {}
    for key in expired:
        counts[key.machine_id] = counts.get(key.machine_id, 0) + 1
    connection.execute(_EXPIRED, [{"machine": m, "more": counts[m]} for m in sorted(counts)])


_DAYS: Mapping[str, Any] = {
    dialect: select(runs.c.machine_id, runs.c.run_id, runs.c.start_day).where(
        among(dialect, runs.c.run_id, "run_ids")
    )
    for dialect in ("sqlite", "postgresql")
}
_RECEIVED = (
    update(runs)
    .where(runs.c.machine_id == bindparam("machine"), runs.c.run_id == bindparam("run"))
    .values(received_chunks=bindparam("now"))
)
_EXPIRED = (
    update(machines)
    .where(machines.c.machine_id == bindparam("machine"))
    .values(expired_chunks=machines.c.expired_chunks + bindparam("more"))
)
