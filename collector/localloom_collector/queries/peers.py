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
            peers = _peers(connection, run_id, started_at, like)
            if len(peers) >= LEAST:
                return {
                    "like": {name: known[name] for name in names},
                    "runs": len(peers),
                    "phases": _compare(_times(connection, peers), mine),
                }
    return None


def _peers(
    connection: Connection, run_id: UUID, started_at: datetime, like: ColumnElement[bool]
) -> list[tuple[UUID, UUID]]:
    joined = counted_runs.join(setups, setups.c.setup == counted_runs.c.setup).join(
        hardware_kinds, hardware_kinds.c.hardware == counted_runs.c.hardware
    )
    latest = (
        select(counted_runs.c.machine_id, counted_runs.c.run_id)
        .select_from(joined)
        .where(counted_runs.c.started_at < started_at, counted_runs.c.run_id != run_id, like)
        .order_by(counted_runs.c.started_at.desc())
        .limit(ENOUGH)
    )
    return [(row.machine_id, row.run_id) for row in connection.execute(latest)]


def _times(connection: Connection, peers: Sequence[tuple[UUID, UUID]]) -> dict[str, list[float]]:
    asked = set(peers)
    times: dict[str, list[float]] = {}
    machines = {machine for machine, _ in peers}
    query = select(phases.c.machine_id, phases.c.run_id, phases.c.phase, duration().label("took")).where(
        phases.c.machine_id.in_(machines),
        phases.c.run_id.in_([run for _, run in peers]),
        phases.c.status == PhaseStatus.PASSED.value,
    )
    for row in connection.execute(query):
        if (row.machine_id, row.run_id) in asked and row.took is not None:
            times.setdefault(row.phase, []).append(row.took)
    return times


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
