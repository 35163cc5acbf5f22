"""How the phases fare: how often each passes, and how long it takes when it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, func, select

from localloom_collector.storage.schema import phases, runs
from localloom_diagnosis import Phase, PhaseStatus, Purpose

from .attributes import Attribute, Condition
from .drawn import draw_machines
from .source import RUNS

#: Machines that percentiles are taken from: a 99th percentile of so many is one of hundreds of runs.
ENOUGH = 20_000

#: What a generation is measured by, and which percentiles tell: of a rate the low ones are the bad ones.
METRICS = {"ttft_s": (50, 90, 99), "tokens_per_s": (50, 10, 1)}

_ORDER = {phase.value: phase.order for phase in Phase}


@dataclass(frozen=True, slots=True)
class PhasesQuery:
    """Which primary runs to look at, and how to group them."""

    by: Sequence[Attribute] = ()
    since: datetime | None = None
    until: datetime | None = None
    where: Sequence[Condition] = ()
    enough: int = ENOUGH
    """Machines that are drawn, where the fleet has more."""


def duration() -> ColumnElement[Any]:
    """Seconds that a phase took: the agent's word, or else what its spans say so far.

    Spans of one phase may run side by side, so their sum is too much; other phases may lie between them, so their
    extent is too much. The smaller is nearer.
    """
    spans = phases.c.spans_nano / 1e9
    extent = phases.c.last_end_s - phases.c.first_start_s
    return func.coalesce(phases.c.duration_s, case((spans < extent, spans), else_=extent))


def list_phases(connection: Connection, query: PhasesQuery) -> dict[str, Any]:
    """`{"phases": [...], "generation": [...], "drawn": share}`: a row for each phase and group, in the phases' order.

    Percentiles are exact, by nearest rank, over the runs in which the phase passed: a failed one was cut short. In a
    fleet of more than `enough` machines they are those of machines drawn by lot; `drawn` is their share.
    """
    draw = draw_machines(connection, query.enough)
    clauses = [runs.c.purpose == Purpose.PRIMARY.value, draw.clause(runs.c.machine_id)]
    clauses += [condition.clause for condition in query.where]
    if query.since is not None:
        clauses.append(runs.c.started_at >= query.since)
    if query.until is not None:
        clauses.append(runs.c.started_at < query.until)
    names = [f"by_{i}" for i in range(len(query.by))]
    by = [a.column.label(name) for a, name in zip(query.by, names, strict=True)]
    joined = RUNS.join(
        phases, and_(phases.c.machine_id == runs.c.machine_id, phases.c.run_id == runs.c.run_id)
    )
    seconds = case((phases.c.status == PhaseStatus.PASSED.value, duration()))
    facts = (
        select(phases.c.phase, phases.c.status, seconds.label("value"), *by)
        .select_from(joined)
        .where(*clauses)
    )
    found = []
    for row in _percentiles(connection, facts.subquery(), ("phase", *names), (50, 90, 99), "status"):
        numbers = {k: row[k] for k in ("runs", "passed", "failed", "skipped")}
        times = {f"{k}_s": row[k] for k in ("p50", "p90", "p99", "max")}
        found.append({"phase": row["phase"], **_named(query.by, names, row), **numbers, **times})
    found.sort(key=lambda row: _ORDER.get(row["phase"], len(_ORDER)))
    generation = []
    for metric, percents in METRICS.items():
        value = runs.c[metric]
        facts = select(value.label("value"), *by).select_from(RUNS).where(value.is_not(None), *clauses)
        for row in _percentiles(connection, facts.subquery(), tuple(names), percents):
            figures = {f"p{percent}": row[f"p{percent}"] for percent in percents}
            generation.append(
                {"metric": metric, **_named(query.by, names, row), "runs": row["runs"], **figures}
            )
    return {"phases": found, "generation": generation, "drawn": draw.share}


def _named(by: Sequence[Attribute], names: Sequence[str], row: Any) -> dict[str, Any]:
    return {a.name: row[name] for a, name in zip(by, names, strict=True)}


def _percentiles(
    connection: Connection, facts: Subquery, group: Sequence[str], percents: Sequence[int], status: str = ""
) -> Sequence[Any]:
    """A row a group: its runs, percentiles and the greatest of `value`, and the counts of `status` where that is a column."""
    timed = facts.c.value.is_not(None)
    # Nulls are ranked too; splitting them off keeps the ranks of the others whole.
    window: dict[str, Any] = {"partition_by": [*(facts.c[name] for name in group), timed]}
    ranked = select(
        *facts.c,
        func.row_number().over(**window, order_by=facts.c.value).label("rank"),
        func.count().over(**window).label("of"),
    ).subquery()
    columns = [ranked.c[name] for name in group]
    counted = [
        func.sum(case((ranked.c[status] == s.value, 1), else_=0)).label(s.value)
        for s in PhaseStatus
        if status
    ]
    reached = {percent: ranked.c.rank * 100 >= ranked.c.of * percent for percent in percents}
    values = [
        func.min(case((there, ranked.c.value))).label(f"p{percent}") for percent, there in reached.items()
    ]
    rows = connection.execute(
        select(*columns, func.count().label("runs"), *counted, *values, func.max(ranked.c.value).label("max"))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [row._mapping for row in rows if row.runs]  # noqa: SLF001  # SQLAlchemy's public name
