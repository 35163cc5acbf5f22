"""Keeps the counts: in the transaction that changes a run, what it counts as is worked out anew, and the counts follow.

Nothing is counted from what a chunk says, but from the rows as they stand when the group's rows are in; a run's row in
`counted_runs` says what it was counted as before. So a replay changes nothing, whatever the order of arrival, and a
late event or another verdict moves a run from one count to another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, and_, delete, func, select, tuple_, update

from . import binding, kinds, schema, staging
from .among import among
from .counted import Counted, Numbers, counts_as, facts_and_known, known
from .rows import Row
from .schema import SPANS, counted_runs, hardware_profiles, machines, run_counts, runs
from .statements import kinds_insert, statements

#: The kind of a machine's latest profile, in a query on `machines`; where two are equally new, of one of them.
LATEST = (
    select(hardware_profiles.c.hardware)
    .where(hardware_profiles.c.machine_id == machines.c.machine_id)
    .order_by(hardware_profiles.c.last_seen.desc(), hardware_profiles.c.digest)
    .limit(1)
    .correlate(machines)
    .scalar_subquery()
)

RunKey = tuple[UUID, UUID]

#: Span, its first day, hardware, setup.
Cell = tuple[int, int, int, int]

_DIALECTS = ("sqlite", "postgresql")

_OF_RUNS = {
    dialect: facts_and_known().where(among(dialect, runs.c.run_id, "run_ids")) for dialect in _DIALECTS
}

#: Only where it differs: most machines say the same every time.
_MADE_OF = {
    dialect: update(machines)
    .where(
        among(dialect, machines.c.machine_id, "machines"),
        machines.c.hardware.is_distinct_from(LATEST),
    )
    .values(hardware=LATEST)
    for dialect in _DIALECTS
}

_PROFILES = {
    dialect: select(hardware_profiles.c.machine_id, hardware_profiles.c.digest, hardware_profiles.c.hardware)
    .where(among(dialect, hardware_profiles.c.machine_id, "machines"))
    .order_by(hardware_profiles.c.machine_id, hardware_profiles.c.digest)
    for dialect in _DIALECTS
}

#: Keys that one statement names: SQLite takes 32766 parameters, two a key.
_KEYS = 10_000


class Counting:
    """Works on connections of one kind of database; remembers which combinations have a row."""

    def __init__(self, dialect: str) -> None:
        """Take the dialect's name: "sqlite" or "postgresql"."""
        self._staged = dialect == "postgresql"
        self._statements = statements(dialect)
        self._kinds = {
            table.name: kinds_insert(dialect, table)
            for table in (schema.hardware_kinds, schema.setups, schema.verdicts, schema.label_sets)
        }
        self._there: set[tuple[str, int]] = set()

    def forget(self) -> None:
        """A transaction was rolled back, and with it perhaps rows that are remembered."""
        self._there.clear()

    def moved(self, connection: Connection, profiles: Sequence[Row]) -> set[RunKey]:
        """Make the kinds of hardware of profiles that are about to be written, and find runs that may change theirs.

        The same profile is another kind when a later collector reads it otherwise: then all runs that had it move.
        """
        there = self._there
        unknown = [row for row in profiles if ("hardware_kinds", row["hardware"]) not in there]
        self.put_kinds(connection, schema.hardware_kinds, map(kinds.hardware, unknown))
        new = {(row["machine_id"], row["digest"]): row["hardware"] for row in profiles}
        machines_of = sorted({machine for machine, _ in new})
        found = (
            connection.execute(_PROFILES[connection.dialect.name], {"machines": machines_of}) if new else ()
        )
        changed = [
            (row.machine_id, row.digest)
            for row in found
            if new.get((row.machine_id, row.digest), row.hardware) != row.hardware
        ]
        return runs_with(connection, changed)

    @staticmethod
    def profiled(connection: Connection, profiles: Sequence[Row]) -> None:
        """Say of the machines of these profiles, which are written already, what they are made of now."""
        machines_of = sorted({row["machine_id"] for row in profiles})
        if machines_of:
            connection.execute(_MADE_OF[connection.dialect.name], {"machines": machines_of})

    def count(self, connection: Connection, keys: Collection[RunKey]) -> None:
        """Work out anew what these runs count as; their rows, and those of what they refer to, are written already."""
        if not keys:
            return
        ordered = sorted(keys)
        for at in range(0, len(ordered), _KEYS):
            self._count(connection, ordered[at : at + _KEYS])

    def _count(self, connection: Connection, keys: Sequence[RunKey]) -> None:
        rows = connection.execute(_OF_RUNS[connection.dialect.name], {"run_ids": [run for _, run in keys]})
        asked, changed = set(keys), []
        cells: Counter[Cell] = Counter()
        gone: list[RunKey] = []
        for row in rows:
            if (row.machine_id, row.run_id) not in asked:
                continue  # another machine's run of the same id
            before, now = known(row), counts_as(row)
            if before == now.numbers:
                continue
            for numbers, one in ((before, -1), (now.numbers, 1)):
                add(cells, now.day, numbers, one)
            if now.numbers is None:
                gone.append((now.machine_id, now.run_id))
            else:
                changed.append(now)
        self.write(connection, changed)
        if gone:
            connection.execute(
                delete(counted_runs).where(tuple_(counted_runs.c.machine_id, counted_runs.c.run_id).in_(gone))
            )
        self.add(connection, cells)

    def write(self, connection: Connection, counted: Collection[Counted]) -> None:
        """Rows of `counted_runs`, and of what they refer to."""
        if not counted:
            return
        self.put_kinds(connection, schema.hardware_kinds, [kinds.NO_HARDWARE])
        for table, name in (
            (schema.setups, "setup"),
            (schema.verdicts, "verdict"),
            (schema.label_sets, "label_set"),
        ):
            self.put_kinds(connection, table, filter(None, (getattr(run, name) for run in counted)))
        self._put(connection, counted_runs, self._statements.counted_runs, [run.row() for run in counted])

    def add(self, connection: Connection, cells: Counter[Cell]) -> None:
        """Change counts by so much; those that come to nothing go."""
        rows = [
            {"span": span, "day": day, "hardware": hardware, "setup": setup, "runs": change}
            for (span, day, hardware, setup), change in sorted(cells.items())
            if change
        ]
        if not rows:
            return
        self._put(connection, run_counts, self._statements.run_counts, rows)
        table = run_counts.c
        less = [(row["span"], row["day"]) for row in rows if row["runs"] < 0]
        if less:
            connection.execute(
                delete(run_counts).where(
                    tuple_(table.span, table.day).in_(sorted(set(less))), table.runs == 0
                )
            )

    def put_kinds(self, connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        """Make rows of combinations that are not there yet, in the order of their numbers."""
        key = table.primary_key.columns[0].name
        new = {row[key]: row for row in rows if (table.name, row[key]) not in self._there}
        if new:
            connection.execute(self._kinds[table.name], [new[number] for number in sorted(new)])
            self._there.update((table.name, number) for number in new)

    def _put(self, connection: Connection, table: Table, statement: Any, rows: Sequence[Row]) -> None:
        if self._staged:
            staging.copy_in(connection, table, rows)
            connection.execute(statement)
            staging.clear(connection, table)
        else:
            binding.insert(connection, statement, rows)


def add(cells: Counter[Cell], day: int, numbers: Numbers | None, change: int) -> None:
    """Count a run of that day in every span that holds it."""
    if numbers is not None:
        for span in SPANS:
            cells[span, day // span * span, numbers[0], numbers[1]] += change


def runs_with(connection: Connection, profiles: Sequence[tuple[UUID, str]]) -> set[RunKey]:
    """The runs that point at these profiles: machines and digests."""
    if not profiles:
        return set()
    found = connection.execute(
        select(runs.c.machine_id, runs.c.run_id).where(
            tuple_(runs.c.machine_id, runs.c.profile_digest).in_(profiles)
        )
    )
    return {(row.machine_id, row.run_id) for row in found}


def lock(connection: Connection, keys: Collection[RunKey]) -> None:
    """Hold the rows of these runs until the transaction ends, in the order in which the writer takes them."""
    connection.execute(
        select(runs.c.run_id)
        .where(tuple_(runs.c.machine_id, runs.c.run_id).in_(sorted(keys)))
        .order_by(runs.c.machine_id, runs.c.run_id)
        .with_for_update()
    )


def forget_day(connection: Connection, day: date) -> None:
    """Take the runs of a day that is pruned out of the counts."""
    begin = datetime.combine(day, time(), timezone.utc)
    table = counted_runs.c
    on_day = and_(table.started_at >= begin, table.started_at < begin + timedelta(days=1))
    counted = connection.execute(
        select(table.hardware, table.setup, func.count().label("runs"))
        .where(on_day)
        .group_by(table.hardware, table.setup)
    )
    cells: Counter[Cell] = Counter()
    for row in counted:
        add(cells, kinds.day_number(day), (row.hardware, row.setup, None, None), -row.runs)
    Counting(connection.dialect.name).add(connection, cells)
    connection.execute(delete(counted_runs).where(on_day))
