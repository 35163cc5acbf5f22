"""Rows for other tools: runs with their machine's hardware, phases, failures, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, select

from localloom_collector.storage.schema import HARDWARE, failures, hardware_profiles, phases, runs

from .attributes import Condition
from .source import RUNS
from .window import Window

#: Rows held at a time: what bounds the memory.
BATCH = 5_000


class Part(Enum):
    """What can be exported, each a file of its own."""

    RUNS = "runs"
    PHASES = "phases"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Which runs, and with them their phases and failures."""

    window: Window
    where: Sequence[Condition] = ()


#: A run's columns that tell of its delivery, not of it.
_INTERNAL = {
    "started_seq",
    "profile_seq",
    "engine_seq",
    "model_seq",
    "generation_seq",
    "ended_seq",
    "received_chunks",
}


def columns(part: Part) -> list[Column[Any]]:
    """The columns of a part, named as in the tables; `runs` has those of its machine's hardware behind its own."""
    if part is Part.RUNS:
        own = [column for column in runs.c if column.name not in _INTERNAL]
        return [*own, *(hardware_profiles.c[name] for name in HARDWARE)]
    if part is Part.PHASES:
        return [column for column in phases.c if column.name != "precedence"]
    return list(failures.c)


def batches(connection: Connection, part: Part, query: ExportQuery) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows of a part, in the order of its columns, from a cursor that the database holds."""
    clauses: list[ColumnElement[bool]] = [
        query.window.holds(runs.c.started_at), *(condition.clause for condition in query.where)
    ]  # fmt: skip
    chosen: Select[Any] = select(*columns(part))
    source = RUNS
    if part is Part.PHASES:
        same = (phases.c.machine_id == runs.c.machine_id) & (phases.c.run_id == runs.c.run_id)
        source = RUNS.join(phases, same) if query.where else runs.join(phases, same)
    elif part is Part.FAILURES:
        clauses.append(failures.c.run_id.is_not(None))
    statement = chosen.select_from(source).where(*clauses).execution_options(yield_per=BATCH)
    yield from connection.execute(statement).partitions()
