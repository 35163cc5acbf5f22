"""Which failures, on which machines: counts and rates over primary runs, by any attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, and_, case, func, select, true

from localloom_collector.storage.schema import runs
from localloom_diagnosis import Purpose

from .attributes import Attribute, Condition
from .outcomes import FAILED, FINISHED
from .source import RUNS


@dataclass(frozen=True, slots=True)
class FailuresQuery:
    """Which runs to count, and how to group them."""

    by: Sequence[Attribute]
    since: datetime | None = None
    until: datetime | None = None
    where: Sequence[Condition] = ()
    limit: int = 50


def list_failures(connection: Connection, query: FailuresQuery) -> dict[str, Any]:
    """`{"failures": [...], "by": [...], "totals": {...}}`: the groups that have failures, most machines affected first.

    A run counts once it has ended by itself: passed, or failed, crashed, hung. `runs` is what a group's failures are
    out of: a category is no attribute of a run that passed, so it divides the failed runs only, and its rate is out
    of all the runs that share the group's other attributes.
    """
    facts = _facts(query)
    labels = {a.name: f"by_{i}" for i, a in enumerate(query.by)}
    of_run = [labels[a.name] for a in query.by if not a.of_failure]
    failed = facts.c.failed == 1

    some = (
        select(
            *(facts.c[label] for label in labels.values()),
            func.count().label("failed"),
            func.count(facts.c.machine_id.distinct()).label("machines"),
        )
        .where(failed)
        .group_by(*(facts.c[label] for label in labels.values()))
        .subquery()
    )
    every = (
        select(*(facts.c[label] for label in of_run), func.count().label("runs"))
        .where(facts.c.finished == 1)
        .group_by(*(facts.c[label] for label in of_run))
        .subquery()
    )
    same = and_(true(), *(every.c[label].is_not_distinct_from(some.c[label]) for label in of_run))
    rows = connection.execute(
        select(some, every.c.runs)
        .select_from(some.join(every, same))
        .order_by(some.c.machines.desc(), some.c.failed.desc(), *(some.c[label] for label in labels.values()))
        .limit(query.limit)
    )
    totals = connection.execute(
        select(
            func.coalesce(func.sum(facts.c.finished), 0).label("runs"),
            func.coalesce(func.sum(facts.c.failed), 0).label("failed"),
            func.count(case((failed, facts.c.machine_id)).distinct()).label("machines"),
            func.coalesce(func.sum(facts.c.unfinished), 0).label("unfinished"),
        )
    ).one()
    found = [
        {
            **{a.name: row[labels[a.name]] for a in query.by},
            **{name: row[name] for name in ("runs", "failed", "machines")},
            "rate": row["failed"] / row["runs"],
        }
        for row in (r._mapping for r in rows)  # noqa: SLF001  # SQLAlchemy's public name
    ]
    return {"failures": found, "by": [a.name for a in query.by], "totals": dict(totals._mapping)}  # noqa: SLF001  # SQLAlchemy's public name


def _facts(query: FailuresQuery) -> CTE:
    """One row a run: its attributes as `by_0`, `by_1`, …, and whether it counts as finished, failed, unfinished."""
    clauses: list[ColumnElement[bool]] = [runs.c.purpose == Purpose.PRIMARY.value]
    if query.since is not None:
        clauses.append(runs.c.started_at >= query.since)
    if query.until is not None:
        clauses.append(runs.c.started_at < query.until)
    clauses += [c.clause for c in query.where if not c.attribute.of_failure]
    # A condition on failures leaves out failures, not the runs that they are out of.
    failed = and_(runs.c.outcome.in_(FAILED), *(c.clause for c in query.where if c.attribute.of_failure))
    return (
        select(
            runs.c.machine_id,
            # Grouped by name in the queries around this one: PostgreSQL takes two expressions with parameters in
            # them for two different expressions.
            *(a.column.label(f"by_{i}") for i, a in enumerate(query.by)),
            case((runs.c.outcome.in_(FINISHED), 1), else_=0).label("finished"),
            case((failed, 1), else_=0).label("failed"),
            case((runs.c.outcome.is_(None), 1), else_=0).label("unfinished"),
        )
        .select_from(RUNS)
        .where(*clauses)
        .cte("facts")
    )
