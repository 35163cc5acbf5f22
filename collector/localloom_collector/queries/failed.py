"""The failed runs of a window, from the rows that are kept to be counted: what reports on failures select from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Label,
    Select,
    Subquery,
    Table,
    case,
    func,
    or_,
    select,
)

from localloom_collector.storage.schema import counted_runs, hardware_kinds, label_sets, setups, verdicts

from .attributes import Attribute, Condition
from .window import Window

_KINDS = {"hardware": hardware_kinds, "setup": setups, "verdict": verdicts, "label_set": label_sets}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which runs."""

    window: Window = field(default_factory=Window)
    where: Sequence[Condition] = ()

    @property
    def of_run(self) -> list[Condition]:
        """The conditions that passed runs can meet too."""
        return [condition for condition in self.where if not condition.attribute.of_failure]


def joined(source: FromClause, attributes: Iterable[Attribute]) -> FromClause:
    """`source` and the tables of kinds that these attributes stand in; its columns are called as `counted_runs`' are."""
    needed, found = {attribute.kind for attribute in attributes}, source
    for key, table in _KINDS.items():
        if key in needed:
            # Without labels there is no set of them.
            found = found.join(table, source.c[key] == table.c[key], isouter=key == "label_set")
    return found


def failed_runs(chosen: Filter, attributes: Iterable[Attribute], *columns: Any) -> Select[Any]:
    """Of `counted_runs` and the kinds of these attributes: the failed runs that meet every condition.

    All of it comes from one index of the failed rows, in the order of time.
    """
    used = [*attributes, *(condition.attribute for condition in chosen.where)]
    listed: Select[Any] = select(*columns)
    return listed.select_from(joined(counted_runs, used)).where(
        counted_runs.c.verdict.is_not(None),
        chosen.window.holds(counted_runs.c.started_at),
        *(condition.kept for condition in chosen.where),
    )


def failed_machines(connection: Connection, chosen: Filter, by: Sequence[Attribute]) -> Select[Any]:
    """A row a group of failed runs: its values as `by_0`, `by_1`, …, then `failed`, its runs, and `machines`, different ones.

    A hundred thousand rows are grouped, so a group is a number meanwhile: of all the kinds that agree in the attributes,
    the least one's. What it stands for is looked up in the end.

    Args:
        connection: to be asked; databases count different ones fast in different ways.
        chosen: which runs.
        by: at least one.
    """
    source: FromClause = counted_runs
    clauses = [counted_runs.c.verdict.is_not(None), chosen.window.holds(counted_runs.c.started_at)]
    groups: dict[str, ColumnElement[int]] = {}
    for key, table in _KINDS.items():
        alike = [a.kept for a in by if a.kind == key]
        meant = [condition.kept for condition in chosen.where if condition.attribute.kind == key]
        if meant and key == "label_set":
            # Without labels there is no set of them, which may be what is asked for.
            source = source.join(table, counted_runs.c[key] == table.c[key], isouter=True)
            clauses += meant
            meant = []
        if alike:
            kinds = (
                select(table.c[key], least(table, alike).label("least"))
                .where(*meant)
                .subquery(f"{key}_alike")
            )
            source = source.join(kinds, counted_runs.c[key] == kinds.c[key], isouter=key == "label_set")
            groups[key] = kinds.c.least
        elif meant:
            kinds = select(table.c[key]).where(*meant).subquery(f"{key}_meant")
            source = source.join(kinds, counted_runs.c[key] == kinds.c[key])
    rows = select().select_from(source).where(*clauses).group_by(*groups.values())
    counted = _counted(connection, rows, [number.label(key) for key, number in groups.items()])
    named: FromClause = counted
    for key, table in _KINDS.items():
        if key in groups:
            named = named.join(table, counted.c[key] == table.c[key], isouter=key == "label_set")
    values = [a.kept.label(f"by_{i}") for i, a in enumerate(by)]
    return select(*values, counted.c.failed, counted.c.machines).select_from(named)


def least(table: Table, alike: Sequence[ColumnElement[Any]]) -> ColumnElement[int]:
    """The least number of the kinds that agree in these columns; null for those that have none of them.

    Null, because a run without labels has no number for them, and belongs with those whose labels are others.
    """
    number = func.min(table.primary_key.columns[0]).over(partition_by=alike)
    return case((or_(*(column.is_not(None) for column in alike)), number)) if table is label_sets else number


def _counted(connection: Connection, rows: Select[Any], groups: Sequence[Label[int]]) -> Subquery:
    """The groups' numbers, and of each its rows as `failed` and their different machines as `machines`.

    PostgreSQL sorts to count different ones, and sorts a list of bare ids several times faster than rows, so each group's
    are gathered first. SQLite counts them as they come.
    """
    machine = counted_runs.c.machine_id
    if connection.dialect.name != "postgresql":
        counts = (func.count().label("failed"), func.count(machine.distinct()).label("machines"))
        return rows.add_columns(*groups, *counts).subquery("counted")
    gathered = rows.add_columns(*groups, func.array_agg(machine).label("each")).subquery("gathered")
    one = func.unnest(gathered.c.each).column_valued("one")
    different = select(func.count(one.distinct())).scalar_subquery()
    return select(
        *(gathered.c[group.name] for group in groups),
        func.cardinality(gathered.c.each).label("failed"),
        different.label("machines"),
    ).subquery("counted")
