"""How the phases fare: how often each passes, and how long it takes when it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select

from localloom_collector.storage.schema import phases, runs
from localloom_diagnosis import Phase, PhaseStatus, Purpose

from .attributes import Attribute, Condition
from .drawn import draw
from .ended import ended_runs
from .failed import Filter, failed_runs
from .source import RUNS
from .window import Window

#: Runs that percentiles are taken from: a 99th percentile of so many is one of hundreds.
ENOUGH = 20_000

#: What a generation is measured by, and which percentiles tell: of a rate the low ones are the bad ones.
METRICS = {"ttft_s": (50, 90, 99), "tokens_per_s": (50, 10, 1)}

_ORDER = {phase.value: phase.order for phase in Phase}


@dataclass(frozen=True, slots=True)
class PhasesQuery:
    """Which primary runs to look at, and how to group them."""

    by: Sequence[Attribute] = ()
    since: datetime | None = None
    until: datetime | None = None
    where: Sequence[Condition] = ()
    enough: int = ENOUGH
    """Runs that are looked at, about, where there are more: those of machines drawn by lot."""


def duration() -> ColumnElement[Any]:
    """Seconds that a phase took: the agent's word, or else what its spans say so far.

    Spans of one phase may run side by side, so their sum is too much; other phases may lie between them, so their
    extent is too much. The smaller is nearer.
    """
    spans = phases.c.spans_nano / 1e9
    extent = phases.c.last_end_s - phases.c.first_start_s
    return func.coalesce(phases.c.duration_s, case((spans < extent, spans), else_=extent))


def list_phases(connection: Connection, query: PhasesQuery) -> dict[str, Any]:
    """`{"phases": [...], "generation": [...], "drawn": share}`: a row for each phase and group, in the phases' order.

    Percentiles are exact, by nearest rank, over the runs in which the phase passed: a failed one was cut short. Where
    more than `enough` runs ended they are those of machines drawn by lot; `drawn` is their share.
    """
    chosen = Filter(Window(query.since, query.until), query.where)
    drawn = draw(query.enough, _ended(connection, chosen))
    clauses = [
        runs.c.purpose == Purpose.PRIMARY.value,
        chosen.window.holds(runs.c.started_at),
        drawn.clause(runs.c.machine_id),
        *(condition.clause for condition in query.where),
    ]
    names = [f"by_{i}" for i in range(len(query.by))]
    by = [a.column.label(name) for a, name in zip(query.by, names, strict=True)]
    joined = RUNS.join(
        phases, and_(phases.c.machine_id == runs.c.machine_id, phases.c.run_id == runs.c.run_id)
    )
    seconds = case((phases.c.status == PhaseStatus.PASSED.value, duration()))
    facts = (
        select(phases.c.phase, phases.c.status, *by, seconds.label("value"))
        .select_from(joined)
        # Said of both tables: of one alone the other would be read to its end.
        .where(*clauses, drawn.clause(phases.c.machine_id))
    )
    named = tuple(a.name for a in query.by)
    ended: dict[tuple[Any, ...], dict[str, list[float | None]]] = {}
    for (phase, status, *group), values in _gathered(connection, facts):
        ended.setdefault((phase, *group), {})[status] = values
    found = []
    for key in sorted(ended, key=lambda key: (_ORDER.get(key[0], len(_ORDER)), _sorting(key[1:]))):
        counts = {s.value: len(ended[key].get(s.value, ())) for s in PhaseStatus}
        times = _percentiles(ended[key].get(PhaseStatus.PASSED.value, ()), (50, 90, 99), "p{}_s", "max_s")
        total = sum(map(len, ended[key].values()))
        found.append({**dict(zip(("phase", *named), key, strict=True)), "runs": total, **counts, **times})
    generation = []
    for metric, percents in METRICS.items():
        value = runs.c[metric]
        facts = select(*by, value.label("value")).select_from(RUNS).where(value.is_not(None), *clauses)
        groups = dict(_gathered(connection, facts))
        for key in sorted(groups, key=_sorting):
            figures = _percentiles(groups[key], percents, "p{}")
            of = dict(zip(named, key, strict=True))
            generation.append({"metric": metric, **of, "runs": len(groups[key]), **figures})
    return {"phases": found, "generation": generation, "drawn": drawn.share}


def _ended(connection: Connection, chosen: Filter) -> int:
    """How many runs there are to look at, about."""
    if len(chosen.of_run) < len(chosen.where):
        return connection.scalar(failed_runs(chosen, (), func.count())) or 0
    return sum(ended_runs(connection, chosen, ()).values())


def _gathered(connection: Connection, facts: Select[Any]) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Groups, and of each the values of its rows: `facts` gives the group's columns, and a value last."""
    if connection.dialect.name == "postgresql":
        rows = facts.subquery()
        *group, value = rows.c
        # One list a group is a tenth of the work of a row each.
        for row in connection.execute(select(*group, func.array_agg(value)).group_by(*group)):
            if row[-1] is not None:  # of no rows at all, in no groups, it is a null
                yield tuple(row)[:-1], row[-1]
        return
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in connection.execute(facts):
        found.setdefault(row[:-1], []).append(row[-1])
    yield from found.items()


def _percentiles(
    values: Iterable[float | None], percents: Sequence[int], name: str, greatest: str = ""
) -> dict[str, float | None]:
    """Each percentile by nearest rank, under `name`, and the greatest under its name; none of no values."""
    timed = sorted(value for value in values if value is not None)
    found = {
        name.format(percent): timed[-(-len(timed) * percent // 100) - 1] if timed else None
        for percent in percents
    }
    return {**found, greatest: timed[-1] if timed else None} if greatest else found


def _sorting(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values as they sort; what is not known comes last."""
    return tuple((value is None, "" if value is None else value) for value in key)
