"""The failed runs of a window, from the rows that are kept to be counted: what reports on failures select from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from struct import Struct
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Label,
    LargeBinary,
    Select,
    Table,
    case,
    func,
    literal,
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


class Group(NamedTuple):
    """Failed runs that agree in the attributes asked for."""

    values: tuple[Any, ...]
    """Of the attributes, in their order."""
    failed: int
    """Runs."""
    machines: int
    """Different ones."""
    ids: frozenset[bytes] | None = None
    """Which ones, where the database handed them over."""


def failed_machines(connection: Connection, chosen: Filter, by: Sequence[Attribute]) -> list[Group]:
    """The failed runs by these attributes, in no order.

    PostgreSQL has to sort to count different ones: it hands the ids over, 16 bytes for each failed run, and they are told
    apart here for a third of what that costs there. SQLite counts them as they come.

    Args:
        connection: to be asked.
        chosen: which runs.
        by: at least one.
    """
    values, ids = len(by), handed_over(connection)
    if ids is None:
        different = func.count(counted_runs.c.machine_id.distinct())
        rows = connection.execute(_grouped(chosen, by, func.count(), different))
        return [Group(tuple(row[:values]), row[values], row[values + 1]) for row in rows]
    found = []
    for row in connection.execute(_grouped(chosen, by, func.count(), ids)):
        machines = told_apart(row[values + 1])
        found.append(Group(tuple(row[:values]), row[values], len(machines), machines))
    return found


def handed_over(connection: Connection) -> ColumnElement[bytes] | None:
    """The machines of a group of `counted_runs`, as an aggregate for `told_apart`; None where the database counts as fast."""
    if connection.dialect.name != "postgresql":
        return None
    return func.string_agg(func.uuid_send(counted_runs.c.machine_id), literal(b""), type_=LargeBinary)


def machines_of(connection: Connection, chosen: Filter, groups: Sequence[Group]) -> int:
    """How many different machines are in these groups together, which are all that `failed_machines` found."""
    sets = [group.ids for group in groups if group.ids is not None]
    if len(sets) == len(groups):
        return len(frozenset().union(*sets))
    return connection.scalar(failed_runs(chosen, (), func.count(counted_runs.c.machine_id.distinct()))) or 0


#: So many ids are taken out of a list at a time.
_MANY = Struct("16s" * 1000)


def told_apart(ids: bytes) -> frozenset[bytes]:
    """The different ones in a list of ids of 16 bytes each."""
    whole = len(ids) - len(ids) % _MANY.size
    found = set(chain.from_iterable(_MANY.iter_unpack(memoryview(ids)[:whole])))
    found.update(ids[at : at + 16] for at in range(whole, len(ids), 16))
    return frozenset(found)


def _grouped(chosen: Filter, by: Sequence[Attribute], *counts: ColumnElement[Any]) -> Select[Any]:
    """A row a group of failed runs: its values, then `counts`, which are aggregates."""
    source, clauses, groups = _numbered(by, chosen.where)
    clauses += [counted_runs.c.verdict.is_not(None), chosen.window.holds(counted_runs.c.started_at)]
    totals = [count.label(f"count_{i}") for i, count in enumerate(counts)]
    columns: list[Any] = [*groups, *totals]
    rows = select(*columns).select_from(source).where(*clauses).group_by(*groups)
    return _in_words(rows, by, groups, totals)


def machines_by(
    connection: Connection, chosen: Filter, by: Sequence[Attribute]
) -> dict[tuple[Any, ...], int]:
    """How many different machines had a run that ended, by these attributes: from the rows, since sets do not add up."""
    source, clauses, groups = _numbered(by, chosen.of_run)
    clauses.append(chosen.window.holds(counted_runs.c.started_at))
    machine = counted_runs.c.machine_id
    # Each machine once a group; `least` may say the same of several kinds that a machine has been.
    once = (
        select(*groups, machine)
        .select_from(source)
        .where(*clauses)
        .group_by(*groups, machine)
        .subquery("once")
    )
    numbers = [once.c[group.name].label(group.name) for group in groups]
    total = func.count().label("machines")
    rows: Select[Any] = select(*numbers, total).select_from(once).group_by(*numbers)
    return {tuple(row)[:-1]: row[-1] for row in connection.execute(_in_words(rows, by, groups, [total]))}


def _numbered(
    by: Sequence[Attribute], where: Sequence[Condition]
) -> tuple[FromClause, list[ColumnElement[bool]], list[Label[int]]]:
    """`counted_runs` with what the attributes and conditions need, the conditions, and the numbers that groups are told by.

    A hundred thousand rows are grouped, so a group is a number meanwhile: of all the kinds that agree in the attributes,
    the least one's. `_in_words` looks up what it stands for in the end.
    """
    source: FromClause = counted_runs
    clauses: list[ColumnElement[bool]] = []
    groups: list[Label[int]] = []
    for key, table in _KINDS.items():
        alike = [a.kept for a in by if a.kind == key]
        meant = [condition.kept for condition in where if condition.attribute.kind == key]
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
            groups.append(kinds.c.least.label(key))
        elif meant:
            kinds = select(table.c[key]).where(*meant).subquery(f"{key}_meant")
            source = source.join(kinds, counted_runs.c[key] == kinds.c[key])
    return source, clauses, groups


def _in_words(
    rows: Select[Any], by: Sequence[Attribute], groups: Sequence[Label[int]], totals: Sequence[Label[Any]]
) -> Select[Any]:
    """The attributes' values in place of the groups' numbers, then the totals."""
    counted = rows.subquery("counted")
    named: FromClause = counted
    for group in groups:
        table = _KINDS[group.name]
        named = named.join(
            table, counted.c[group.name] == table.c[group.name], isouter=group.name == "label_set"
        )
    values = [a.kept.label(f"by_{i}") for i, a in enumerate(by)]
    return select(*values, *(counted.c[total.name] for total in totals)).select_from(named)


def least(table: Table, alike: Sequence[ColumnElement[Any]]) -> ColumnElement[int]:
    """The least number of the kinds that agree in these columns; null for those that have none of them.

    Null, because a run without labels has no number for them, and belongs with those whose labels are others.
    """
    number = func.min(table.primary_key.columns[0]).over(partition_by=alike)
    return case((or_(*(column.is_not(None) for column in alike)), number)) if table is label_sets else number
