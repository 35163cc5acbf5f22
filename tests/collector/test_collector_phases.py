"""`phases`: the counts and percentiles of plain counting over the base rows, of all machines or of those drawn."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict

import pytest
from collectors import BOTH
from sqlalchemy import and_, select, update
from test_collector_counts import random_run, rows_of

from localloom_collector.queries.attributes import KNOWN, Condition
from localloom_collector.queries.phases import PhasesQuery, duration, list_phases
from localloom_collector.queries.source import RUNS
from localloom_collector.storage.schema import phases, runs
from localloom_collector.storage.writer import SqlWriter

MODEL = KNOWN["hw.gpu.model"]


@pytest.fixture
def fleet(database):
    """Runs of sixty machines, each phase with a duration of its own."""
    rng = random.Random(4)
    machines = [uuid.UUID(int=rng.getrandbits(128)) for _ in range(60)]
    writer = SqlWriter(database.engine(writing=True))
    writer.write(rows_of(*(random_run(rng, machines) for _ in range(300))))
    writer.close()
    with database.engine(writing=True).begin() as connection:
        for key in connection.execute(select(phases.c.run_id, phases.c.phase)).all():
            this = and_(phases.c.run_id == key.run_id, phases.c.phase == key.phase)
            connection.execute(update(phases).where(this).values(duration_s=rng.uniform(0.1, 9)))
    return database


def plain(connection, *clauses) -> dict[tuple, dict]:
    """The groups by phase and GPU, counted one row after the other."""
    joined = RUNS.join(
        phases, and_(phases.c.machine_id == runs.c.machine_id, phases.c.run_id == runs.c.run_id)
    )
    rows = connection.execute(
        select(phases.c.phase, MODEL.column, phases.c.status, duration())
        .select_from(joined)
        .where(runs.c.purpose == "primary", *clauses)
    )
    found = defaultdict(lambda: {"runs": 0, "passed": 0, "times": []})
    for phase, model, status, took in rows:
        group = found[phase, model]
        group["runs"] += 1
        if status == "passed":
            group["passed"] += 1
            group["times"].append(took)
    return found


@BOTH
@pytest.mark.parametrize("where", [(), (Condition(KNOWN["category"], "gpu.driver"),)], ids=["all", "failed"])
def test_percentiles_are_those_of_the_base_rows(fleet, where):
    """By any attribute each phase has the counts of the rows, and percentiles that so many of its times do not exceed."""
    with fleet.engine().connect() as connection:
        listed = list_phases(connection, PhasesQuery((MODEL,), where=where))
        expected = plain(connection, *(condition.clause for condition in where))
    assert listed["drawn"] == 1
    assert {(row["phase"], row["hw.gpu.model"]) for row in listed["phases"]} == set(expected)
    timed = 0
    for row in listed["phases"]:
        due = expected[row["phase"], row["hw.gpu.model"]]
        times = sorted(due["times"])
        assert (row["runs"], row["passed"]) == (due["runs"], due["passed"])
        assert row["max_s"] == (times[-1] if times else None)
        for percent in (50, 90, 99):
            value = row[f"p{percent}_s"]
            if times:
                assert sum(t <= value for t in times) * 100 >= percent * len(times)
                assert sum(t < value for t in times) * 100 < percent * len(times)
                timed += 1
            else:
                assert value is None
    assert timed > 3


@BOTH
def test_of_many_runs_those_of_some_machines_are_drawn(fleet):
    """Where more runs ended than are enough, the answer is that of all the runs of some machines, and says of which share."""
    with fleet.engine().connect() as connection:
        listed = list_phases(connection, PhasesQuery((MODEL,), enough=60))
        assert 0.1 < listed["drawn"] < 0.6
        lowest = uuid.UUID(int=int(listed["drawn"] * 2**128))
        expected = plain(connection, runs.c.machine_id < lowest)
    found = {(row["phase"], row["hw.gpu.model"]): (row["runs"], row["max_s"]) for row in listed["phases"]}
    assert found == {
        key: (group["runs"], max(group["times"], default=None)) for key, group in expected.items()
    }
