"""The simulator keeps its word: the same by seed, and the tables say what its truth says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from simulator.bulk import write
from simulator.events import chunks
from simulator.plan import Fleet
from simulator.truth import PLANTED

from localloom_collector.queries.attributes import parse_attributes
from localloom_collector.queries.failures import FailuresQuery, list_failures
from localloom_collector.storage import migrate
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.writer import SqlWriter

UNTIL = 1_790_000_000.0
ROOT = Path(__file__).resolve().parents[2]


def test_a_seed_is_a_history():
    """The same seed gives the same chunks, byte for byte; another gives others."""
    one, same, other = (
        [chunk.SerializeToString(deterministic=True) for run in Fleet(seed, 20, 30, UNTIL, PLANTED).runs(30) for chunk in chunks(run, 5)]
        for seed in (7, 7, 8)
    )  # fmt: skip
    assert one == same
    assert one != other


def test_the_tables_say_what_was_planted(tmp_path):
    """A history in the tables has just the failures of the truth, by the collector's own verdict."""
    runs = list(Fleet(3, 150, 30, UNTIL, PLANTED).runs(400))
    engine = open_engine(parse_url(f"sqlite:///{tmp_path}/fleet.db"), writing=True)
    migrate.upgrade(engine)
    writer = SqlWriter(engine)
    assert write(writer, runs, 2) == sum(len(chunks(run, 2)) for run in runs)
    truth = Counter(run.category.value for run in runs if run.category is not None and run.ends)
    with engine.connect() as connection:
        found = list_failures(connection, FailuresQuery(parse_attributes("category"), limit=100))
    counted = {row["category"]: row["failed"] for row in found["failures"]}
    unsure = sum(not run.ends for run in runs)
    assert sum(abs(counted.get(name, 0) - truth[name]) for name in {*counted, *truth}) <= unsure
    assert {run.planted for run in runs} >= {planted.name for planted in PLANTED}
    writer.close()


def test_the_command_prints_its_truth():
    """`python -m tests.simulator truth` prints a document with what is planted."""
    command = [sys.executable, "-m", "tests.simulator", "truth", "--runs", "200", "--machines", "40"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    document = json.loads(told.stdout)
    assert document["runs"] == 200
    assert [p["name"] for p in document["planted"]] == [p.name for p in PLANTED]
