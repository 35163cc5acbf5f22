"""Failures by signature: how many runs and machines, since when, in which versions, on how many kinds of machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, tuple_

from localloom_collector.storage.schema import counted_runs, failures, hardware_kinds, setups, verdicts
from localloom_diagnosis import Phase

from .attributes import KNOWN
from .failed import Filter, failed_machines, failed_runs, handed_over, least, told_apart
from .runs import iso
from .window import Window

#: What a signature's spread is told by: over how many different ones of these it occurs.
SPREAD = ("hw.gpu.vendor", "hw.gpu.model", "hw.gpu.driver_version", "os.type", "os.version")


@dataclass(frozen=True, slots=True)
class SignaturesQuery:
    """Which runs, and how many signatures."""

    chosen: Filter = field(default_factory=Filter)
    limit: int = 50


def list_signatures(connection: Connection, query: SignaturesQuery) -> dict[str, Any]:
    """`{"signatures": [...], "total": n}`: those that affect most machines first; n of them in all.

    Each has its category and phases, counts of runs and machines, when it was first and last seen, the versions of
    engine and agent it was seen in, over how many kinds of hardware and system it spreads, and its latest run.
    """
    seen = _seen(connection, query.chosen)
    spread = _spread(connection, query.chosen)
    order = sorted(seen, key=lambda name: (-seen[name].machines, -seen[name].failed, name is None, name))
    listed = order[: query.limit]
    examples = _examples(connection, query.chosen, [seen[name].last for name in listed])
    rows = [
        {
            "signature": name,
            **seen[name].said(),
            "spread": spread[name],
            **examples.get((name, seen[name].last), {"example": None, "summary": None}),
        }
        for name in listed
    ]
    return {"signatures": rows, "total": len(seen)}


@dataclass(slots=True)
class _Seen:
    """One signature, as far as it has been read."""

    first: datetime
    last: datetime
    failed: int = 0
    machines: int = 0
    ids: set[bytes] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    phases: set[str] = field(default_factory=set)
    engines: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)

    def said(self) -> dict[str, Any]:
        """As it is listed."""
        return {
            # A signature begins with its category; should rules have changed meanwhile, the list says so.
            "category": ", ".join(sorted(self.categories)) or None,
            "phases": sorted(self.phases, key=lambda name: (_ORDER.get(name, len(_ORDER)), name)),
            "engines": sorted(self.engines),
            "agents": sorted(self.agents),
            "runs": self.failed,
            "machines": self.machines,
            "first_seen": iso(self.first),
            "last_seen": iso(self.last),
        }


def _seen(connection: Connection, chosen: Filter) -> dict[str | None, _Seen]:
    """By signature: how often, on how many machines, from when to when, and its category, phases and versions."""
    pairs, started = (counted_runs.c.verdict, counted_runs.c.setup), counted_runs.c.started_at
    ids = handed_over(connection)
    totals = [
        func.min(started).label("first"),
        func.max(started).label("last"),
        func.count().label("failed"),
        *([] if ids is None else [ids.label("ids")]),
    ]
    once = failed_runs(chosen, (), *pairs, *totals).group_by(*pairs).subquery()
    rows = connection.execute(
        select(
            verdicts.c.signature,
            verdicts.c.category,
            verdicts.c.phase,
            setups.c.engine,
            setups.c.engine_version,
            setups.c.agent_version,
            *(once.c[total.name] for total in totals),
        ).select_from(
            once.join(verdicts, once.c.verdict == verdicts.c.verdict).join(
                setups, once.c.setup == setups.c.setup
            )
        )
    )
    found: dict[str | None, _Seen] = {}
    for row in rows:
        seen = found.setdefault(row.signature, _Seen(row.first, row.last))
        seen.first, seen.last = min(seen.first, row.first), max(seen.last, row.last)
        seen.failed += row.failed
        if ids is not None:
            seen.ids |= told_apart(row.ids)
        engine = " ".join(filter(None, (row.engine, row.engine_version)))
        for values, value in (
            (seen.categories, row.category), (seen.phases, row.phase), (seen.engines, engine), (seen.agents, row.agent_version),
        ):  # fmt: skip
            if value:
                values.add(value)
    if ids is None:
        for group in failed_machines(connection, chosen, (_SIGNATURE,)):
            found[group.values[0]].machines = group.machines
    else:
        for seen in found.values():
            seen.machines = len(seen.ids)
    return found


def _spread(connection: Connection, chosen: Filter) -> dict[str | None, dict[str, int]]:
    """By signature, how many different ones of each attribute have it."""
    pairs = (counted_runs.c.verdict, counted_runs.c.hardware)
    once = failed_runs(chosen, (), *pairs).group_by(*pairs).subquery()
    # Numbers in place of texts, which are slow to tell apart; a value that is not there is none.
    columns = {name: KNOWN[name].kept for name in SPREAD}
    numbers = select(
        hardware_kinds.c.hardware,
        *(
            case((column.is_not(None), least(hardware_kinds, [column]))).label(f"of_{i}")
            for i, column in enumerate(columns.values())
        ),
    ).subquery()
    rows = connection.execute(
        select(
            verdicts.c.signature,
            *(func.count(numbers.c[f"of_{i}"].distinct()) for i in range(len(SPREAD))),
        )
        .select_from(
            once.join(verdicts, once.c.verdict == verdicts.c.verdict).join(
                numbers, once.c.hardware == numbers.c.hardware
            )
        )
        .group_by(verdicts.c.signature)
    )
    return {row[0]: dict(zip(SPREAD, row[1:], strict=True)) for row in rows}


def _examples(
    connection: Connection, chosen: Filter, moments: Sequence[datetime]
) -> dict[tuple[str | None, datetime], dict[str, Any]]:
    """By signature and the time of its latest run, that run and what was said of it."""
    latest = replace(chosen, window=Window())
    rows = connection.execute(
        failed_runs(
            latest, (_SIGNATURE,), verdicts.c.signature, counted_runs.c.started_at, counted_runs.c.run_id, counted_runs.c.machine_id,
        ).where(counted_runs.c.started_at.in_(moments))
    ).all()  # fmt: skip
    said = connection.execute(
        select(failures.c.run_id, failures.c.summary).where(
            tuple_(failures.c.machine_id, failures.c.run_id).in_(
                [(row.machine_id, row.run_id) for row in rows]
            )
        )
    )
    summaries = {row.run_id: row.summary for row in said}
    return {
        (row.signature, row.started_at): {"example": str(row.run_id), "summary": summaries.get(row.run_id)}
        for row in sorted(rows, key=lambda row: row.run_id)
    }


_SIGNATURE = KNOWN["signature"]
_ORDER = {phase.value: phase.order for phase in Phase}
