"""What a run counts as: the one rule from rows of runs, profiles and failures to a row of `counted_runs`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Row, Select, and_, func, select

from localloom_diagnosis import Outcome, Purpose

from . import kinds
from .schema import counted_runs, failures, hardware_profiles, runs

#: The outcomes that count as failures in reports.
FAILED = (Outcome.FAILED.value, Outcome.CRASHED.value, Outcome.HUNG.value)

#: The outcomes that say whether the model runs: all but those that nobody saw the end of.
FINISHED = (Outcome.PASSED.value, *FAILED)

#: Hardware, setup, verdict, set of labels.
Numbers = tuple[int, int, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """A run, and what it counts as."""

    machine_id: UUID
    run_id: UUID
    started_at: datetime
    day: int
    numbers: Numbers | None
    """None: it does not count."""
    setup: dict[str, Any] | None = None
    verdict: dict[str, Any] | None = None
    label_set: dict[str, Any] | None = None

    def row(self) -> dict[str, Any]:
        """Its row in `counted_runs`."""
        assert self.numbers is not None
        return {
            "machine_id": self.machine_id,
            "run_id": self.run_id,
            "started_at": self.started_at,
            "day": self.day,
            **dict(zip(NUMBERS, self.numbers, strict=True)),
        }


#: The columns of `counted_runs` that `Numbers` stands for.
NUMBERS = ("hardware", "setup", "verdict", "label_set")

_FACTS = (
    runs.c.machine_id,
    runs.c.run_id,
    runs.c.started_at,
    runs.c.start_day,
    runs.c.purpose,
    runs.c.outcome,
    func.coalesce(runs.c.engine_name, runs.c.engine_requested).label("engine"),
    runs.c.engine_version,
    func.coalesce(runs.c.model_id, runs.c.model_requested).label("model"),
    runs.c.agent_version,
    runs.c.labels,
    hardware_profiles.c.hardware,
    failures.c.phase,
    failures.c.category,
    failures.c.signature,
)

_SOURCE: FromClause = runs.outerjoin(
    hardware_profiles,
    and_(
        hardware_profiles.c.machine_id == runs.c.machine_id,
        hardware_profiles.c.digest == runs.c.profile_digest,
    ),
).outerjoin(failures, and_(failures.c.machine_id == runs.c.machine_id, failures.c.run_id == runs.c.run_id))

_KNOWN = tuple(
    counted_runs.c[name].label(f"known_{name}") for name in ("run_id", "started_at", "day", *NUMBERS)
)


def facts() -> Select[Any]:
    """What `counts_as` reads, a row a run that has ended."""
    return select(*_FACTS).select_from(_SOURCE).where(runs.c.outcome.is_not(None))


def facts_and_known() -> Select[Any]:
    """The same, and beside it the run's row in `counted_runs`, for `known`."""
    same = and_(counted_runs.c.machine_id == runs.c.machine_id, counted_runs.c.run_id == runs.c.run_id)
    joined = _SOURCE.outerjoin(counted_runs, same)
    return select(*_FACTS, *_KNOWN).select_from(joined).where(runs.c.outcome.is_not(None))


def known(row: Row[Any]) -> Numbers | None:
    """What the run has been counted as."""
    if row.known_run_id is None:
        return None
    return (row.known_hardware, row.known_setup, row.known_verdict, row.known_label_set)


def counts_as(row: Row[Any]) -> Counted:
    """What the run counts as, by its rows as they are now.

    A primary run counts once it has ended by itself: passed, or failed, crashed, hung.
    """
    day = kinds.day_number(row.start_day)
    if row.purpose != Purpose.PRIMARY.value or row.outcome not in FINISHED:
        return Counted(row.machine_id, row.run_id, row.started_at, day, None)
    setup = kinds.setup(row.engine, row.engine_version, row.model, row.agent_version)
    verdict = kinds.verdict(row.phase, row.category, row.signature) if row.outcome in FAILED else None
    label_set = kinds.label_set(row.labels)
    hardware = kinds.NO_HARDWARE["hardware"] if row.hardware is None else row.hardware
    numbers = (
        hardware,
        setup["setup"],
        verdict["verdict"] if verdict else None,
        label_set["label_set"] if label_set else None,
    )
    return Counted(row.machine_id, row.run_id, row.started_at, day, numbers, setup, verdict, label_set)
