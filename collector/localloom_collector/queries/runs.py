"""The runs, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from localloom_collector.storage.schema import failures, runs

from .attributes import KNOWN, Condition
from .outcomes import outcome
from .source import RUNS


@dataclass(frozen=True, slots=True)
class RunsQuery:
    """Which runs to list."""

    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    outcome: str | None = None
    purpose: str | None = None
    where: Sequence[Condition] = ()
    limit: int = 50


def list_runs(connection: Connection, query: RunsQuery) -> dict[str, Any]:
    """`{"runs": [...], "total": n}`: at most `limit` of the `total` runs that match."""
    ended = outcome(query.now)
    clauses: list[ColumnElement[bool]] = [condition.clause for condition in query.where]
    if query.since is not None:
        clauses.append(runs.c.started_at >= query.since)
    if query.until is not None:
        clauses.append(runs.c.started_at < query.until)
    if query.outcome is not None:
        clauses.append(ended == query.outcome)
    if query.purpose is not None:
        clauses.append(runs.c.purpose == query.purpose)
    listed = (
        select(
            runs.c.run_id,
            runs.c.machine_id,
            runs.c.started_at,
            runs.c.purpose,
            ended.label("outcome"),
            KNOWN["engine"].column.label("engine"),
            KNOWN["model"].column.label("model"),
            failures.c.phase,
            failures.c.category,
            failures.c.signature,
            runs.c.duration_s,
            runs.c.tokens_per_s,
            runs.c.labels,
        )
        .select_from(RUNS)
        .where(*clauses)
        .order_by(runs.c.started_at.desc(), runs.c.run_id.desc())
        .limit(query.limit)
    )
    # Of all that a condition may ask for, runs alone hold the rest.
    counted = RUNS if query.where else runs
    total = connection.scalar(select(func.count()).select_from(counted).where(*clauses))
    return {"runs": [document(row._mapping) for row in connection.execute(listed)], "total": total or 0}  # noqa: SLF001  # SQLAlchemy's public name


def document(row: Any) -> dict[str, Any]:
    """A row as JSON: ids and times as text."""
    return {
        **row,
        "run_id": str(row["run_id"]),
        "machine_id": str(row["machine_id"]),
        "started_at": iso(row["started_at"]),
        "labels": row["labels"] or {},
    }


def iso(moment: datetime | None) -> str | None:
    """A time in UTC as ISO 8601, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
