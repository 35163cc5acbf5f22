"""Which failures, on which machines: counts and rates over primary runs, by any attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from localloom_collector.storage.schema import runs
from localloom_diagnosis import Purpose

from .attributes import Attribute
from .ended import ended_runs
from .failed import Filter, Group, failed_machines, machines_by, machines_of
from .interval import wilson
from .source import RUNS


@dataclass(frozen=True, slots=True)
class FailuresQuery:
    """Which runs to count, and how to group them."""

    by: Sequence[Attribute]
    chosen: Filter = field(default_factory=Filter)
    limit: int = 50
    of_machines: bool = False
    """Rates are out of machines, not of runs."""


def list_failures(connection: Connection, query: FailuresQuery) -> dict[str, Any]:
    """`{"failures": [...], "by": [...], "rate": "runs", "totals": {...}}`: the groups that have failures.

    Those that affect most machines come first. A run counts once it has ended by itself: passed, or failed, crashed,
    hung. `runs` is what a group's failures are out of: a category is no attribute of a run that passed, so it divides
    the failed runs only, and its rate is out of all the runs that share the group's other attributes.
    """
    of_run = [a for a in query.by if not a.of_failure]
    every = ended_runs(connection, query.chosen, of_run)
    machines = machines_by(connection, query.chosen, of_run) if query.of_machines else None
    groups = sorted(failed_machines(connection, query.chosen, query.by), key=_most_affected_first)
    found = []
    for group in groups[: query.limit]:
        values = dict(zip((a.name for a in query.by), group.values, strict=True))
        key = tuple(values[a.name] for a in of_run)
        counts: dict[str, int] = {
            "runs": every.get(key, 0),
            "failed": group.failed,
            "machines": group.machines,
        }
        part, whole = counts["failed"], counts["runs"]
        if machines is not None:
            counts["of_machines"] = machines.get(key, 0)
            part, whole = group.machines, counts["of_machines"]
        low, high = wilson(part, whole)
        found.append({**values, **counts, "rate": part / whole, "rate_low": low, "rate_high": high})
    return {
        "failures": found,
        "by": [a.name for a in query.by],
        "rate": "machines" if query.of_machines else "runs",
        "totals": _totals(connection, query, every, groups),
    }


def _most_affected_first(group: Group) -> tuple[Any, ...]:
    """Sorts groups; those with a value before those without."""
    return (-group.machines, -group.failed, *((value is None, value) for value in group.values))


def _totals(
    connection: Connection,
    query: FailuresQuery,
    every: dict[tuple[Any, ...], int],
    groups: Sequence[Group],
) -> dict[str, int]:
    chosen = query.chosen
    unfinished = connection.scalar(
        select(func.count())
        # Of base rows, most conditions need the machine's profile.
        .select_from(RUNS if chosen.of_run else runs)
        .where(
            runs.c.outcome.is_(None),
            runs.c.purpose == Purpose.PRIMARY.value,
            chosen.window.holds(runs.c.started_at),
            *(condition.clause for condition in chosen.of_run),
        )
    )
    return {
        "runs": sum(every.values()),
        "failed": sum(group.failed for group in groups),
        "machines": machines_of(connection, chosen, groups),
        "unfinished": unfinished or 0,
    }
