"""Compares what is kept with what the rows come to: counts, kinds of hardware, and what refers to what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select, text, union_all

from . import kinds, schema
from .counted import counts_as, facts_and_known, known
from .counting import LATEST
from .recount import BATCH, profiles, spans_of_runs
from .schema import (
    HARDWARE,
    SETUP,
    SPANS,
    VERDICT,
    counted_runs,
    hardware_profiles,
    machines,
    run_counts,
    runs,
)

#: Differences of a kind that are named.
EXAMPLES = 3


@dataclass(slots=True)
class Check:
    """One thing that has to hold."""

    name: str
    meaning: str
    checked: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def found(self, example: object) -> None:
        """Something is otherwise."""
        self.wrong += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(str(example))


def verify(connection: Connection) -> list[Check]:
    """Recompute and compare, in constant memory; reads every run once, and changes nothing.

    Args:
        connection: in one transaction, which sees one state from beginning to end.
    """
    return [
        _runs(connection),
        _strays(connection),
        _spans(connection),
        _profiles(connection),
        _machines(connection),
        *_kinds(connection),
        *_references(connection),
    ]


def _runs(connection: Connection) -> Check:
    check = Check("counted_runs", "each run counts as what its rows say")
    for row in connection.execute(facts_and_known().execution_options(yield_per=BATCH)):
        check.checked += 1
        now = counts_as(row)
        same = known(row) == now.numbers
        if same and now.numbers is not None:
            same = (row.known_started_at, row.known_day) == (now.started_at, now.day)
        if not same:
            check.found(f"run {row.run_id}")
    return check


def _strays(connection: Connection) -> Check:
    check = Check("counted_runs without runs", "only runs that are there and have ended count")
    check.checked = connection.scalar(select(func.count()).select_from(counted_runs)) or 0
    table = counted_runs.c
    ended = exists().where(
        runs.c.machine_id == table.machine_id, runs.c.run_id == table.run_id, runs.c.outcome.is_not(None)
    )
    for run_id in connection.scalars(select(table.run_id).where(~ended)):
        check.found(f"run {run_id}")
    return check


def _spans(connection: Connection) -> Check:
    check = Check("run_counts", "counts are the sums of the runs that count")
    check.checked = connection.scalar(select(func.count()).select_from(run_counts)) or 0
    for span in SPANS:
        kept = select(*run_counts.c).where(run_counts.c.span == span)
        due = spans_of_runs(span)
        different = set()
        for one, other in ((kept, due), (due, kept)):
            for row in connection.execute(one.except_(other)):
                different.add(tuple(row)[:4])
        for _, day, hardware, setup in sorted(different):
            check.found(f"{span} days from day {day}, hardware {hardware}, setup {setup}")
    return check


def _profiles(connection: Connection) -> Check:
    check = Check("hardware_profiles", "each profile has the kind of hardware that its columns say")
    for page in profiles(connection):
        check.checked += len(page)
        for row, kind in page:
            if row.hardware != kind["hardware"]:
                check.found(f"machine {row.machine_id}")
    return check


def _machines(connection: Connection) -> Check:
    check = Check("machines", "each machine is made of what its latest profile says")
    check.checked = connection.scalar(select(func.count()).select_from(machines)) or 0
    wrong = select(machines.c.machine_id).where(machines.c.hardware.is_distinct_from(LATEST))
    for machine_id in connection.scalars(wrong):
        check.found(f"machine {machine_id}")
    return check


def _kinds(connection: Connection) -> Iterator[Check]:
    """A combination's number is the hash of it."""
    for table, names in (
        (schema.hardware_kinds, HARDWARE),
        (schema.setups, SETUP),
        (schema.verdicts, VERDICT),
    ):
        yield _numbered(connection, table, lambda row, names=names: {name: row[name] for name in names})
    yield _numbered(connection, schema.label_sets, lambda row: row["labels"])


def _numbered(connection: Connection, table: Any, values: Any) -> Check:
    check = Check(table.name, "each number is that of its combination")
    for row in connection.execute(select(table)).mappings():
        check.checked += 1
        number = row[table.primary_key.columns[0].name]
        if kinds.number(values(row)) != number:
            check.found(number)
    return check


def _references(connection: Connection) -> Iterator[Check]:
    """What no foreign key watches over; and on SQLite, where a program may have switched them off, the keys too."""
    check = Check("profiles of runs", "each run's profile is there")
    check.checked = connection.scalar(select(func.count(runs.c.profile_digest))) or 0
    there = exists().where(
        hardware_profiles.c.machine_id == runs.c.machine_id,
        hardware_profiles.c.digest == runs.c.profile_digest,
    )
    for run_id in connection.scalars(
        select(runs.c.run_id).where(and_(runs.c.profile_digest.is_not(None), ~there))
    ):
        check.found(f"run {run_id}")
    yield check
    check = Check("references of counts", "what counts refer to is there")
    for missing in _missing():
        for name, number in connection.execute(missing):
            check.found(f"{name} {number}")
    yield check
    if connection.dialect.name == "sqlite":
        check = Check("foreign keys", "what rows refer to is there")
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            check.found(f"table {row[0]}, row {row[1]}")
        yield check


def _missing() -> Iterator[Select[Any]]:
    table = counted_runs.c
    for kind in (schema.hardware_kinds, schema.setups, schema.verdicts, schema.label_sets):
        key = kind.primary_key.columns[0]
        used = select(table[key.name].label("number")).where(table[key.name].is_not(None)).distinct()
        if key.name in run_counts.c:
            used = union_all(used, select(run_counts.c[key.name].label("number")).distinct())  # type: ignore[assignment]
        numbers = used.subquery()
        yield (
            select(func.max(text(f"'{key.name}'")), numbers.c.number)
            .where(~exists().where(key == numbers.c.number))
            .group_by(numbers.c.number)
        )
