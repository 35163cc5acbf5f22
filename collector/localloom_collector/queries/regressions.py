"""What got worse, and what got better: the same machines before and after, in equal numbers of runs.

Before and after are two windows, or two values of one attribute on a machine where everything else stayed the same.
A fleet's mix of machines changes, so only a machine's own runs are set against each other; a machine that runs more
often fails more often, so as many runs are taken of the one side as of the other. See docs/adr/0033.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from localloom_collector.storage.schema import counted_runs, hardware_kinds, setups, verdicts
from localloom_diagnosis.correlations import ALPHA, MIN_MACHINES, Change, compare_pairs, more_than

from .attributes import Attribute, Condition
from .drawn import draw_machines
from .runs import iso
from .source import COUNTED

#: Machines that are looked at, where the fleet has more: twice as many as for one look, since two must agree.
ENOUGH = 50_000

#: The bits of a UUIDv7 behind its time and its version: as good as drawn by lot.
_RANDOM = 2**64 - 1


class NothingToCompare(Exception):
    """There are no two versions; the text says what there is."""


@dataclass(frozen=True, slots=True)
class RegressionsQuery:
    """What to set against what."""

    since: datetime
    until: datetime
    before: datetime
    """Where the earlier window begins; it ends where the later begins."""
    where: Sequence[Condition] = ()
    of: Attribute | None = None
    old: str | None = None
    new: str | None = None
    enough: int = ENOUGH


# Tuples, and machines by number: there are a hundred thousand of each, and a UUID is slow to hash.


class _Row(NamedTuple):
    machine: int
    started_at: datetime
    hardware: int
    setup: int
    label_set: int | None
    category: str | None
    signature: str | None
    version: Any


class _Run(NamedTuple):
    machine: int
    after: bool
    alike: Hashable
    """Only runs that agree in it are set against each other."""
    category: str | None
    signature: str | None


#: A machine, and of what is alike on it as many runs before as after.
_Pair = tuple[int, list[_Run], list[_Run]]


def list_regressions(connection: Connection, query: RegressionsQuery) -> dict[str, Any]:
    """`{"regressions": [...], "recovered": [...], "new_signatures": [...], "compared": {…}}`; surest first.

    Raises:
        NothingToCompare: no two versions were seen.
    """
    rows = _rows(connection, query)
    if query.of is None:
        compared: dict[str, Any] = {
            "before": [iso(query.before), iso(query.since)],
            "after": [iso(query.since), iso(query.until)],
        }
        pairs = _pairs(_run(row, row.started_at >= query.since, None) for row in rows)
        changes, stayers, stayed_machines = _changes(pairs), None, 0
        moved_too: Counter[str] = Counter()
    else:
        old, new = _versions(rows, query)
        compared = {"of": query.of.name, "old": old, "new": new}
        pairs, moved_too = _by_version(connection, rows, query.of, old, new)
        changes = _changes(pairs)
        stayed = _pairs(_stayed(rows, new))
        stayers, stayed_machines = _changes(stayed), _both(stayed)
    document: dict[str, Any] = {"regressions": [], "recovered": []}
    told: set[str] = set()
    for what in ("category", "signature"):
        for change in changes[what].values():
            # A signature that moves with its category says nothing more.
            if not change.significant or (what == "signature" and _category(rows, change.name) in told):
                continue
            told.add(change.name)
            # A failure that is none of theirs has no change of its own.
            none = Change(change.name, stayed_machines, 0, 0, 0, 1.0, ALPHA)
            verdict = {} if stayers is None else _against(change, stayers[what].get(change.name, none))
            row = {"what": what, **_numbers(change), **verdict}
            document["regressions" if change.worse else "recovered"].append(row)
    document["new_signatures"] = _new_signatures(connection, query) if query.of is None else []
    document["compared"] = {
        **compared,
        "machines": _both(pairs),
        "changed_too": dict(moved_too.most_common(3)),
        "alpha": ALPHA,
    }
    return document


def _rows(connection: Connection, query: RegressionsQuery) -> list[_Row]:
    """The finished primary runs of both windows, of drawn machines, in the order of their ids' random ends."""
    run = counted_runs.c
    version: ColumnElement[Any] = run.setup if query.of is None else query.of.kept
    rows = connection.execute(
        select(
            run.machine_id, run.run_id, run.started_at, run.hardware, run.setup, run.label_set,
            verdicts.c.category, verdicts.c.signature, version.label("version"),
        )
        .select_from(COUNTED)
        .where(
            run.started_at >= query.before, run.started_at < query.until,
            draw_machines(connection, query.enough).clause(run.machine_id),
            *(condition.kept for condition in query.where),
        )
    ).all()  # fmt: skip
    rows = sorted(rows, key=lambda row: row[1].int & _RANDOM)
    return [_Row(row[0].int, *row[2:]) for row in rows]


def _run(row: _Row, after: bool, alike: Hashable) -> _Run:  # noqa: FBT001  # a field of the row it makes
    return _Run(row.machine, after, alike, row.category, row.signature)


def _category(rows: Iterable[_Row], signature: str) -> str | None:
    return next((row.category for row in rows if row.signature == signature), None)


def _pairs(runs: Iterable[_Run]) -> list[_Pair]:
    """As many runs before as after, of each machine and within it of what is alike; they come in random order."""
    cells: dict[tuple[int, Hashable], tuple[list[_Run], list[_Run]]] = {}
    for run in runs:
        key = (run.machine, run.alike)
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = ([], [])
        cell[run.after].append(run)
    found = []
    for (machine, _), (before, after) in cells.items():
        count = min(len(before), len(after))
        if count:
            found.append((machine, before[:count], after[:count]))
    return found


def _both(pairs: Iterable[_Pair]) -> int:
    return len({machine for machine, _, _ in pairs})


def _changes(pairs: Iterable[_Pair]) -> dict[str, dict[str, Change]]:
    """By "category" and "signature", each one's change over the machines that ran both before and after."""
    hit: dict[str, tuple[dict[str, set[int]], dict[str, set[int]]]] = {
        what: (defaultdict(set), defaultdict(set)) for what in ("category", "signature")
    }
    machines = set()
    for machine, *sides in pairs:
        machines.add(machine)
        for number, side in enumerate(sides):
            for run in side:
                for what, name in (("category", run.category), ("signature", run.signature)):
                    if name is not None:
                        hit[what][number][name].add(machine)
    found = {}
    for what, (before, after) in hit.items():
        counts = {
            name: (
                len(before[name] - after[name]),
                len(after[name] - before[name]),
                len(before[name] & after[name]),
            )
            for name in {*before, *after}
        }
        # Half of the error for each of the two lists.
        found[what] = {c.name: c for c in compare_pairs(counts, len(machines), ALPHA / 2)}
    return found


def _versions(rows: Sequence[_Row], query: RegressionsQuery) -> tuple[str, str]:
    """The two that were given; else the one that came last, and what most of its machines had beside it."""
    first: dict[str, datetime] = {}
    machines: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.version is not None:
            first[row.version] = min(first.get(row.version, row.started_at), row.started_at)
            machines[row.version].add(row.machine)
    enough = [name for name, those in machines.items() if len(those) >= MIN_MACHINES]
    new = query.new or max((n for n in enough if n != query.old), key=lambda n: (first[n], n), default=None)
    others = [n for n in enough if n != new]
    old = query.old or max(others, key=lambda n: (len(machines[n] & machines[new or ""]), n), default=None)
    assert query.of is not None
    if new is None or old is None:
        names = ", ".join(sorted(machines)) or "none"
        raise NothingToCompare(
            f"there are no two values of {query.of.name} with {MIN_MACHINES} machines each in this window "
            f"(there are: {names}); widen it with --since"
        )
    return old, new


def _by_version(
    connection: Connection, rows: Sequence[_Row], of: Attribute, old: str, new: str
) -> tuple[list[_Pair], Counter[str]]:
    """Runs on the two versions, alike where all else is; and what else changed on machines where something did."""
    table, key = (hardware_kinds, "hardware") if of.of_machine else (setups, "setup")
    column = of.kept.key
    kinds: dict[int, dict[str, Any]] = {
        getattr(row, key): {n: v for n, v in row._mapping.items() if n not in (key, column)}  # noqa: SLF001  # SQLAlchemy's public name
        for row in connection.execute(select(table))
    }
    rest = {number: tuple(kind.values()) for number, kind in kinds.items()}
    runs = []
    # Of each machine and side, what it was in the first run that comes: its kind, and the other number.
    environments: dict[int, list[tuple[dict[str, Any], int] | None]] = {}
    for row in rows:
        if row.version not in (old, new):
            continue
        number, other = (row.hardware, row.setup) if of.of_machine else (row.setup, row.hardware)
        after = row.version == new
        runs.append(_run(row, after, (rest.get(number, ()), other, row.label_set)))
        sides = environments.setdefault(row.machine, [None, None])
        if sides[after] is None:
            sides[after] = (kinds.get(number, {}), other)
    pairs = _pairs(runs)
    compared = {machine for machine, _, _ in pairs}
    moved: Counter[str] = Counter()
    for machine, (was, became) in environments.items():
        if was is not None and became is not None and machine not in compared:
            moved.update(name for name in was[0] if was[0][name] != became[0].get(name))
            moved.update(
                ["something of the run" if of.of_machine else "the hardware"] * (was[1] != became[1])
            )
    return pairs, moved


def _stayed(rows: Sequence[_Row], new: str) -> list[_Run]:
    """Runs of machines that never had the new version, before and after the time when most others first had it."""
    firsts: dict[int, datetime] = {}
    for row in rows:
        if row.version == new:
            firsts[row.machine] = min(firsts.get(row.machine, row.started_at), row.started_at)
    moments = sorted(firsts.values())
    if not moments:
        return []
    switch = moments[len(moments) // 2]
    return [
        _run(row, row.started_at >= switch, (row.hardware, row.setup, row.label_set))
        for row in rows
        if row.machine not in firsts
    ]


def _against(change: Change, stayers: Change) -> dict[str, Any]:
    """Whether those who stayed with the old version fared the same: then it is the time, and not the version."""
    if stayers.machines < MIN_MACHINES:
        return {"stayed": None, "p_stayed": None, "alone": None}
    p = more_than(change, stayers) if change.worse else 0.0
    counts = {
        "machines": stayers.machines,
        "only_before": stayers.only_before,
        "only_after": stayers.only_after,
    }
    return {"stayed": counts, "p_stayed": p, "alone": p <= ALPHA}


def _numbers(change: Change) -> Mapping[str, Any]:
    return {
        "name": change.name, "machines": change.machines, "before": change.before, "after": change.after,
        "only_before": change.only_before, "only_after": change.only_after, "p": change.p, "alpha": change.alpha,
    }  # fmt: skip


def _new_signatures(connection: Connection, query: RegressionsQuery) -> list[dict[str, Any]]:
    """Signatures that no run had before the window, on enough machines; none where the history begins with the window."""
    run = counted_runs.c
    if connection.scalar(select(run.run_id).where(run.started_at < query.since).limit(1)) is None:
        return []
    first = func.min(run.started_at)
    machines = func.count(run.machine_id.distinct())
    rows = connection.execute(
        select(
            verdicts.c.signature,
            verdicts.c.category,
            first.label("first"),
            machines.label("machines"),
            func.count().label("runs"),
        )
        .select_from(COUNTED)
        .where(
            verdicts.c.signature.is_not(None), run.started_at < query.until, *(c.kept for c in query.where)
        )
        .group_by(verdicts.c.signature, verdicts.c.category)
        .having(first >= query.since, machines >= MIN_MACHINES)
        .order_by(machines.desc(), verdicts.c.signature)
    )
    return [
        {
            "signature": row.signature, "category": row.category, "first_seen": iso(row.first),
            "machines": row.machines, "runs": row.runs,
        }
        for row in rows
    ]  # fmt: skip
