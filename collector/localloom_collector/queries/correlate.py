"""What the machines that a failure affects have in common: the rows behind `correlate`, and its document.

A machine counts once in the window. One that the failure hit stands there with one of its failing runs, any other with
one of its finished runs, in both cases drawn by lot: to take the latest would set late failures against later runs, and
call every update since then a cause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, case, func, select, union

from localloom_collector.storage import kinds
from localloom_collector.storage.schema import (
    counted_runs,
    hardware_kinds,
    label_sets,
    machines,
    runs,
    setups,
    verdicts,
)
from localloom_diagnosis import Category
from localloom_diagnosis.correlations import (
    ALPHA,
    MIN_MACHINES,
    Explained,
    Finding,
    Item,
    Population,
    Report,
    correlate,
    explained_sentence,
    exposure_class,
    finding_sentence,
    time_classes,
)

from .attributes import GIB, KNOWN, Attribute, Condition
from .drawn import ENOUGH, Draw, draw, draw_machines, lot
from .runs import iso
from .source import COUNTED

#: Bounds of the classes of memory, in GiB: what lies above one and up to the next is one class.
_CLASSES = (1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256)
#: Labels that are looked at: the commonest.
_LABELS = 20
_NONE = "(none)"


class NoSuchFailure(Exception):
    """What was given is no category, and no signature on record; the text says what there is."""


@dataclass(frozen=True, slots=True)
class CorrelateQuery:
    """Which failure, in which runs."""

    target: str
    """A category or a signature."""
    since: datetime | None = None
    until: datetime | None = None
    where: Sequence[Condition] = ()
    enough: int = ENOUGH
    """Machines that are drawn of each group, where there are more."""


def correlate_failures(connection: Connection, query: CorrelateQuery) -> dict[str, Any]:
    """`{"correlate": [...], "explained": [...], "target", "population", "levels", ...}`: the findings, strongest first.

    Raises:
        NoSuchFailure: neither a category nor a signature that any run has failed with.
    """
    target, within = _target(connection, query.target), _within(query)
    # The tables that counted_runs refers to are joined only where something is asked of them.
    source = COUNTED if query.where else counted_runs
    affected = _affected(target, within, source)
    total = connection.scalar(select(func.count()).select_from(affected.subquery())) or 0
    rest, hit = draw_machines(connection, query.enough), draw(query.enough, total)
    drawn = _one_run_each(connection, target, within, source, (rest, hit))
    columns, is_affected, *alike = _columns(connection, drawn)
    population = Population.of(is_affected, columns, *alike, least=MIN_MACHINES)
    report = correlate(population)
    looked_at = population.affected.bit_count()
    others = population.size - looked_at
    # The drawn ones stand for the others: exact where everybody was drawn.
    sizes = {
        "affected": total,
        "rest": round(others / rest.share),
        "affected_looked_at": looked_at,
        "rest_looked_at": others,
    }
    return _document(query, report, sizes)


def _target(connection: Connection, text: str) -> list[int]:
    """The numbers of the verdicts that are meant."""
    if text in {category.value for category in Category}:
        return list(connection.scalars(select(verdicts.c.verdict).where(verdicts.c.category == text)))
    found = list(connection.scalars(select(verdicts.c.verdict).where(verdicts.c.signature == text)))
    if not found:
        names = ", ".join(category.value for category in Category)
        raise NoSuchFailure(
            f"{text!r} is no category, and no run on record failed with such a signature; "
            f"categories are {names}; localloom-collector signatures lists the signatures"
        )
    return found


def _within(query: CorrelateQuery) -> list[ColumnElement[bool]]:
    clauses = [condition.kept for condition in query.where]
    if query.since is not None:
        clauses.append(counted_runs.c.started_at >= query.since)
    if query.until is not None:
        clauses.append(counted_runs.c.started_at < query.until)
    return clauses


def _affected(target: Sequence[int], within: Sequence[ColumnElement[bool]], source: FromClause) -> Any:
    """The machines that the failure hit."""
    hit = counted_runs.c.verdict.in_(target)
    return select(counted_runs.c.machine_id).select_from(source).where(hit, *within).distinct()


def _columns(
    connection: Connection, drawn: Any
) -> tuple[dict[str, list[str | None]], list[bool], list[int], list[int]]:
    """A value a machine for each attribute; whether it is affected; classes of how often it ran, and of when."""
    rows = connection.execute(
        select(
            drawn.c.hit,
            drawn.c.of,
            drawn.c.started_at,
            drawn.c.hardware,
            drawn.c.setup,
            drawn.c.label_set,
            # As the run itself said: what was asked for is another name for the same thing, and only runs that ended
            # before they found it go by it.
            runs.c.engine_name.is_not(None),
            runs.c.model_id.is_not(None),
        ).select_from(
            drawn.join(runs, and_(runs.c.machine_id == drawn.c.machine_id, runs.c.run_id == drawn.c.run_id))
        )
    ).all()
    if not rows:
        return {}, [], [], []
    hits, of, started, hardware, setup, label_set, engine, model = zip(*rows, strict=True)
    said: dict[str, Sequence[bool]] = {"engine": engine, "model": model}
    columns: dict[str, list[str | None]] = {}
    for attribute in (a for a in KNOWN.values() if not a.of_failure):
        table, numbers = (hardware_kinds, hardware) if attribute.of_machine else (setups, setup)
        column = _texts(connection, attribute, table, numbers)
        if attribute.name in said:
            column = [t if known else None for t, known in zip(column, said[attribute.name], strict=True)]
        columns[attribute.name] = column
    return (
        columns | _label_columns(connection, label_set),
        [bool(h) for h in hits],
        [exposure_class(n) for n in of],
        time_classes([moment.timestamp() for moment in started]),
    )


def _one_run_each(
    connection: Connection,
    target: Sequence[int],
    within: Sequence[ColumnElement[bool]],
    source: FromClause,
    draws: tuple[Draw, Draw],
) -> Any:
    """One run of each machine that is drawn, by lot; a failing one of those that the failure hit."""
    machine, (rest, hit) = counted_runs.c.machine_id, draws
    some = select(machines.c.machine_id).where(rest.clause(machines.c.machine_id))
    affected = _affected(target, within, source).where(hit.clause(machine))
    chosen = union(some, affected).subquery("chosen")
    facts = (
        select(
            machine,
            *(counted_runs.c[name] for name in ("run_id", "started_at", "hardware", "setup", "label_set")),
            case((counted_runs.c.verdict.in_(target), 1), else_=0).label("hit"),
        )
        .select_from(source.join(chosen, chosen.c.machine_id == machine))
        .where(*within)
        .subquery("facts")
    )
    rank = func.row_number().over(
        partition_by=facts.c.machine_id, order_by=(facts.c.hit.desc(), lot(connection, facts.c.run_id))
    )
    of = func.count().over(partition_by=facts.c.machine_id)
    ranked = select(facts, rank.label("rank"), of.label("of")).subquery("ranked")
    # A machine that is among the affected but not drawn as such is nobody's.
    one = and_(ranked.c.rank == 1, (ranked.c.hit == 0) | hit.clause(ranked.c.machine_id))
    return select(ranked).where(one).subquery("drawn")


def _texts(
    connection: Connection, attribute: Attribute, table: Table, numbers: Sequence[int]
) -> list[str | None]:
    """Values as people read them, sizes by class; a machine that sent a profile and lacks the thing has none of it."""
    (key,) = table.primary_key
    shown: Callable[[Any], str] = _memory_class if attribute.size else str
    texts: dict[int, str | None] = {
        number: shown(value) if value not in (None, "") else (_NONE if attribute.of_machine else None)
        for number, value in connection.execute(select(key, attribute.kept))
    }
    texts[kinds.NO_HARDWARE["hardware"]] = None
    return [texts.get(number) for number in numbers]


def _memory_class(size: int) -> str:
    low = 0
    for high in _CLASSES:
        if size <= high * GIB:
            return f"{low}–{high} GiB" if low else f"up to {high} GiB"
        low = high
    return f"over {low} GiB"


def _label_columns(connection: Connection, numbers: Sequence[int | None]) -> dict[str, list[str | None]]:
    sets = {row.label_set: row.labels for row in connection.execute(select(label_sets))}
    found = [sets.get(number) or {} if number is not None else {} for number in numbers]
    names = Counter(name for labels in found for name in labels)
    return {
        f"label.{name}": [str(labels.get(name, _NONE)) for labels in found]
        for name, _ in names.most_common(_LABELS)
    }


def _document(query: CorrelateQuery, report: Report, sizes: Mapping[str, int]) -> dict[str, Any]:
    def finding(found: Finding) -> dict[str, Any]:
        table = found.table
        share, rest = table.a / table.affected, table.c / table.rest
        # As a share of all machines, each group by its true weight.
        everywhere = (share * sizes["affected"] + rest * sizes["rest"]) / (sizes["affected"] + sizes["rest"])
        return {
            "attributes": _items(found.items),
            "affected": {"with": table.a, "of": table.affected, "share": share},
            "rest": {"with": table.c, "of": table.rest, "share": rest},
            "difference": table.difference,
            "lift": share / everywhere,
            "odds_ratio": found.odds_ratio,
            "phi": found.phi,
            "p": found.p,
            "alpha": found.alpha,
            "test": found.test,
            "same_machines": [_items(items) for items in found.same],
            "sentence": finding_sentence(found),
        }

    def explained(it: Explained) -> dict[str, Any]:
        return {
            **finding(it.finding),
            "by": [_items(items) for items in it.by],
            "p_given": it.p,
            "sentence": explained_sentence(it),
        }

    return {
        "correlate": [finding(found) for found in report.findings],
        "explained": [explained(it) for it in report.explained],
        "target": query.target,
        "since": iso(query.since),
        "until": iso(query.until),
        "population": dict(sizes),
        "tried": [{"candidates": level.candidates, "alpha": level.alpha} for level in report.levels],
        "alpha": ALPHA,
    }


def _items(items: Sequence[Item]) -> list[dict[str, str]]:
    return [{"name": item.attribute, "value": item.value} for item in items]
