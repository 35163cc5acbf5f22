"""How a run's phases stand against those of runs like it: the same model on the same engine and GPU, or as like as there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select

from localloom_collector.storage.schema import counted_runs, hardware_kinds, phases, setups
from localloom_diagnosis import PhaseStatus

from .phases import duration

#: Peers that are enough, the latest before the run: a share among so many is known to three points.
ENOUGH = 1000
#: Fewer say nothing about the slowest twentieth.
LEAST = 20

#: What peers have in common with the run, the likest first.
_LIKENESS = (
    ("model", "engine", "hw.gpu.model"),
    ("model", "engine", "hw.gpu.vendor"),
    ("model", "engine"),
    ("engine",),
)
_COLUMNS = {
    "model": setups.c.model,
    "engine": setups.c.engine,
    "hw.gpu.model": hardware_kinds.c.hw_gpu_model,
    "hw.gpu.vendor": hardware_kinds.c.hw_gpu_vendor,
}


def standing(
    connection: Connection,
    run_id: UUID,
    started_at: datetime,
    known: dict[str, Any],
    own: Sequence[dict[str, Any]],
) -> dict[str, Any] | None:
    """`{"like": {…}, "runs": n, "phases": [{"phase", "duration_s", "p50_s", "p90_s", "slower_than"}]}`; None without peers.

    Args:
        connection: on a current schema.
        run_id: of the run, which is none of its own peers.
        started_at: its start; peers started before it.
        known: the run's values of `_COLUMNS`.
        own: its phases; those that passed are compared, with the peers' that passed.
    """
    mine = {
        p["phase"]: p["duration_s"]
        for p in own
        if p["status"] == PhaseStatus.PASSED.value and p["duration_s"]
    }
    for names in _LIKENESS if mine else ():
        if all(known.get(name) is not None for name in names):
            like = and_(*(_COLUMNS[name] == known[name] for name in names))
            runs, times = _peers(connection, run_id, started_at, like)
            if runs >= LEAST:
                return {
                    "like": {name: known[name] for name in names},
                    "runs": runs,
                    "phases": _compare(times, mine),
                }
    return None


def _peers(
    connection: Connection, run_id: UUID, started_at: datetime, like: ColumnElement[bool]
) -> tuple[int, dict[str, list[float]]]:
    """How many runs there are to compare with, and what each phase took in those where it passed."""
    joined = counted_runs.join(setups, setups.c.setup == counted_runs.c.setup).join(
        hardware_kinds, hardware_kinds.c.hardware == counted_runs.c.hardware
    )
    latest = (
        select(counted_runs.c.machine_id, counted_runs.c.run_id)
        .select_from(joined)
        .where(counted_runs.c.started_at < started_at, counted_runs.c.run_id != run_id, like)
        .order_by(counted_runs.c.started_at.desc())
        .limit(ENOUGH)
        .subquery("latest")
    )
    passed = and_(
        phases.c.machine_id == latest.c.machine_id,
        phases.c.run_id == latest.c.run_id,
        phases.c.status == PhaseStatus.PASSED.value,
    )
    # Joined, a look-up a run: for two lists of ids, PostgreSQL looks up each machine with each run.
    found = connection.execute(
        select(latest.c.run_id, phases.c.phase, duration().label("took")).select_from(
            latest.outerjoin(phases, passed)
        )
    )
    peers: set[UUID] = set()
    times: dict[str, list[float]] = {}
    for row in found:
        peers.add(row.run_id)
        if row.took is not None:
            times.setdefault(row.phase, []).append(row.took)
    return len(peers), times


def _compare(times: dict[str, list[float]], mine: dict[str, float]) -> list[dict[str, Any]]:
    compared = []
    for phase, took in mine.items():
        theirs = sorted(times.get(phase, ()))
        if len(theirs) < LEAST:
            continue
        compared.append(
            {
                "phase": phase,
                "duration_s": took,
                "runs": len(theirs),
                "p50_s": theirs[(len(theirs) - 1) // 2],
                "p90_s": theirs[-(-len(theirs) * 9 // 10) - 1],
                "slower_than": sum(other < took for other in theirs) / len(theirs),
            }
        )
    return compared
