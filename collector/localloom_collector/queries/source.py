"""Runs, their machines' profiles and their failures, joined: what reports on runs select from."""

from __future__ import annotations

from sqlalchemy import FromClause, and_

from localloom_collector.storage.schema import (
    counted_runs,
    failures,
    hardware_kinds,
    hardware_profiles,
    label_sets,
    runs,
    setups,
    verdicts,
)

#: One row a run.
RUNS: FromClause = runs.outerjoin(
    hardware_profiles,
    and_(
        hardware_profiles.c.machine_id == runs.c.machine_id,
        hardware_profiles.c.digest == runs.c.profile_digest,
    ),
).outerjoin(failures, and_(failures.c.machine_id == runs.c.machine_id, failures.c.run_id == runs.c.run_id))

#: One row a primary run that has ended by itself, from the narrow table: what statistics over runs select from.
COUNTED: FromClause = (
    counted_runs.join(hardware_kinds, hardware_kinds.c.hardware == counted_runs.c.hardware)
    .join(setups, setups.c.setup == counted_runs.c.setup)
    .outerjoin(verdicts, verdicts.c.verdict == counted_runs.c.verdict)
    .outerjoin(label_sets, label_sets.c.label_set == counted_runs.c.label_set)
)
