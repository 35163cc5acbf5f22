"""How many runs ended: what failures are out of, and how many there are to draw from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, func, select

from localloom_collector.storage.schema import counted_runs

from .attributes import Attribute
from .failed import Filter, joined


def labelled(attributes: Sequence[Attribute]) -> list[Label[Any]]:
    """Their columns in the tables that runs are counted by, as `by_0`, `by_1`, …."""
    # Grouped by name in the queries around: PostgreSQL takes two expressions with parameters in them for two.
    return [a.kept.label(f"by_{i}") for i, a in enumerate(attributes)]


def ended_runs(connection: Connection, chosen: Filter, by: Sequence[Attribute]) -> dict[tuple[Any, ...], int]:
    """How many runs ended, by the groups that passed runs have too: from the sums, or for labels from the rows."""
    conditions = chosen.of_run
    used = [*by, *(condition.attribute for condition in conditions)]
    columns = labelled(by)
    count: ColumnElement[int]
    if any(attribute.of_label for attribute in used):
        source, count = joined(counted_runs, used), func.count()
        clauses = [chosen.window.holds(counted_runs.c.started_at)]
    else:
        counted = chosen.window.counts(connection).subquery("counts")
        source, count, clauses = joined(counted, used), func.sum(counted.c.runs), []
    grouped = (
        select(*columns, count.label("runs"))
        .select_from(source)
        .where(*clauses, *(condition.kept for condition in conditions))
        .group_by(*columns)
    )
    return {tuple(row)[:-1]: int(row.runs) for row in connection.execute(grouped) if row.runs}
