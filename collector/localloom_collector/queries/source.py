"""Runs, their machines' profiles and their failures, joined: what reports on runs select from."""

from __future__ import annotations

from sqlalchemy import FromClause, and_

from localloom_collector.storage.schema import failures, hardware_profiles, runs

#: One row a run.
RUNS: FromClause = runs.outerjoin(
    hardware_profiles,
    and_(
        hardware_profiles.c.machine_id == runs.c.machine_id,
        hardware_profiles.c.digest == runs.c.profile_digest,
    ),
).outerjoin(failures, and_(failures.c.machine_id == runs.c.machine_id, failures.c.run_id == runs.c.run_id))
