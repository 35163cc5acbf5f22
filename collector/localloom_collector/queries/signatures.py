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
from .failed import Filter, failed_machines, failed_runs, least
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
    counted = connection.execute(failed_machines(connection, query.chosen, (_SIGNATURE,))).all()
    seen = _seen(connection, query.chosen)
    spread = _spread(connection, query.chosen)
    rows = sorted(counted, key=lambda row: (-row.machines, -row.failed, row.by_0 is None, row.by_0))
    rows = rows[: query.limit]
    examples = _examples(connection, query.chosen, [seen[row.by_0][1] for row in rows])
    listed = []
    for row in rows:
        first, last, said = seen[row.by_0]
        listed.append(
            {
                "signature": row.by_0,
                **said,
                "runs": int(row.failed),
                "machines": row.machines,
                "first_seen": iso(first),
                "last_seen": iso(last),
                "spread": spread[row.by_0],
                **examples.get((row.by_0, last), {"example": None, "summary": None}),
            }
        )
    return {"signatures": listed, "total": len(counted)}


def _seen(
    connection: Connection, chosen: Filter
) -> dict[str | None, tuple[datetime, datetime, dict[str, Any]]]:
    """By signature when its first and its last run started, and its category, the phases it fails in and its versions."""
    pairs, started = (counted_runs.c.verdict, counted_runs.c.setup), counted_runs.c.started_at
    times = (func.min(started).label("first"), func.max(started).label("last"))
    once = failed_runs(chosen, (), *pairs, *times).group_by(*pairs).subquery()
    rows = connection.execute(
        select(
            verdicts.c.signature,
            verdicts.c.category,
            verdicts.c.phase,
            setups.c.engine,
            setups.c.engine_version,
            setups.c.agent_version,
            once.c.first,
            once.c.last,
        ).select_from(
            once.join(verdicts, once.c.verdict == verdicts.c.verdict).join(
                setups, once.c.setup == setups.c.setup
            )
        )
    ).all()
    found: dict[str | None, dict[str, set[str]]] = {}
    times_of: dict[str | None, list[datetime]] = {}
    for row in rows:
        times_of.setdefault(row.signature, []).extend((row.first, row.last))
        of = found.setdefault(
            row.signature, {"category": set(), "phases": set(), "engines": set(), "agents": set()}
        )
        engine = " ".join(filter(None, (row.engine, row.engine_version)))
        for name, value in (
            ("category", row.category), ("phases", row.phase), ("engines", engine), ("agents", row.agent_version),
        ):  # fmt: skip
            if value:
                of[name].add(value)
    return {
        signature: (
            min(times_of[signature]),
            max(times_of[signature]),
            {
                # A signature begins with its category; should rules have changed meanwhile, the list says so.
                "category": ", ".join(sorted(of["category"])) or None,
                "phases": sorted(of["phases"], key=lambda name: (_ORDER.get(name, len(_ORDER)), name)),
                "engines": sorted(of["engines"]),
                "agents": sorted(of["agents"]),
            },
        )
        for signature, of in found.items()
    }


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
