"""How the phases fare: how often each passes, and how long it takes when it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from localloom_collector.storage.schema import phases, runs
from localloom_diagnosis import Phase, PhaseStatus, Purpose

from .attributes import Attribute, Condition
from .source import RUNS

_ORDER = {phase.value: phase.order for phase in Phase}


@dataclass(frozen=True, slots=True)
class PhasesQuery:
    """Which primary runs to look at, and how to group them."""

    by: Sequence[Attribute] = ()
    since: datetime | None = None
    until: datetime | None = None
    where: Sequence[Condition] = ()


def duration() -> ColumnElement[Any]:
    """Seconds that a phase took: the agent's word, or else what its spans say so far.

    Spans of one phase may run side by side, so their sum is too much; other phases may lie between them, so their
    extent is too much. The smaller is nearer.
    """
    spans = phases.c.spans_nano / 1e9
    extent = phases.c.last_end_s - phases.c.first_start_s
    return func.coalesce(phases.c.duration_s, case((spans < extent, spans), else_=extent))


def list_phases(connection: Connection, query: PhasesQuery) -> dict[str, Any]:
    """`{"phases": [...]}`: a row for each phase and group, in the phases' order.

    Percentiles are by nearest rank, over the runs in which the phase passed: a failed one was cut short.
    """
    clauses = [condition.clause for condition in query.where]
    if query.since is not None:
        clauses.append(runs.c.started_at >= query.since)
    if query.until is not None:
        clauses.append(runs.c.started_at < query.until)
    names = [f"by_{i}" for i in range(len(query.by))]
    seconds = case((phases.c.status == PhaseStatus.PASSED.value, duration()))
    facts = (
        select(
            phases.c.phase,
            phases.c.status,
            seconds.label("seconds"),
            *(a.column.label(name) for a, name in zip(query.by, names, strict=True)),
        )
        .select_from(
            RUNS.join(
                phases, and_(phases.c.machine_id == runs.c.machine_id, phases.c.run_id == runs.c.run_id)
            )
        )
        .where(runs.c.purpose == Purpose.PRIMARY.value, *clauses)
        .subquery()
    )
    group = [facts.c.phase, *(facts.c[name] for name in names)]
    timed = facts.c.seconds.is_not(None)
    # Nulls are ranked too; splitting them off keeps the ranks of the others whole.
    window: dict[str, Any] = {"partition_by": [*group, timed]}
    ranked = select(
        *facts.c,
        func.row_number().over(**window, order_by=facts.c.seconds).label("rank"),
        func.count().over(**window).label("of"),
    ).subquery()
    group = [ranked.c.phase, *(ranked.c[name] for name in names)]

    def counted(status: PhaseStatus) -> ColumnElement[Any]:
        return func.sum(case((ranked.c.status == status.value, 1), else_=0)).label(status.value)

    def percentile(percent: int) -> ColumnElement[Any]:
        reached = ranked.c.rank * 100 >= ranked.c.of * percent
        return func.min(case((reached, ranked.c.seconds))).label(f"p{percent}_s")

    rows = connection.execute(
        select(
            *group,
            func.count().label("runs"),
            *(counted(status) for status in PhaseStatus),
            percentile(50),
            percentile(90),
            func.max(ranked.c.seconds).label("max_s"),
        )
        .group_by(*group)
        .order_by(*group)
    )
    found = [
        {
            "phase": row["phase"],
            **{a.name: row[name] for a, name in zip(query.by, names, strict=True)},
            **{k: row[k] for k in ("runs", "passed", "failed", "skipped", "p50_s", "p90_s", "max_s")},
        }
        for row in (r._mapping for r in rows)  # noqa: SLF001  # SQLAlchemy's public name
    ]
    found.sort(key=lambda row: _ORDER.get(row["phase"], len(_ORDER)))
    return {"phases": found}
