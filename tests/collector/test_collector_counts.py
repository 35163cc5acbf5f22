"""The counts that are kept: whatever comes in, in whatever order, they are what the rows come to."""

from __future__ import annotations

import random
import time
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from chunks import MACHINE, Run, failed_run, passed_run
from collectors import BOTH
from sqlalchemy import text

from localloom.fleet.v1 import taxonomy_pb2
from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.ingest.verdicts import own_verdict
from localloom_collector.limits import Limits
from localloom_collector.storage import kinds
from localloom_collector.storage.prune import prune_runs
from localloom_collector.storage.reclassify import reclassify
from localloom_collector.storage.recount import recount
from localloom_collector.storage.verify import verify
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Category, Phase

DAY = 86_400.0
NOW = datetime.now(timezone.utc)
CATEGORIES = (Category.GPU_OUT_OF_MEMORY, Category.GPU_DRIVER, Category.NETWORK_TIMEOUT)


def rows_of(*runs: Run) -> list:
    return [chunk_rows(chunk, NOW, Limits()) for run in runs for chunk in run.chunks]


def wrong(database) -> dict[str, list[str]]:
    """What `verify` finds, by the check's name."""
    engine = database.engine()
    with engine.connect() as connection:
        found = {check.name: check.examples for check in verify(connection) if check.wrong}
    engine.dispose()
    return found


def kept(database) -> dict[str, list[dict]]:
    return {name: database.rows(name) for name in ("counted_runs", "run_counts")}


def random_run(rng: random.Random, machines: list[uuid.UUID]) -> Run:
    """A run that passed, failed, was cancelled, is unfinished, or is none that counts; of any of the last 70 days."""
    machine = rng.choice(machines)
    attributes = {
        **MACHINE,
        "hw.gpu.model": rng.choice(["A", "B", "C"]),
        "hw.gpu.driver_version": rng.choice(["1", "2"]),
        "host.memory": rng.choice([8, 16]) * 2**30 - rng.randrange(10**6),
    }
    purpose = rng.choices(
        [taxonomy_pb2.PURPOSE_PRIMARY, taxonomy_pb2.PURPOSE_DIFFERENTIAL], [9, 1]
    )[0]  # fmt: skip
    run = Run(
        machine,
        time.time() - rng.random() * 70 * DAY,
        purpose=purpose,
        labels=rng.choice([{}, {"site": "x"}, {"room": "1"}]),
    )
    if rng.random() < 0.9:
        run.start(attributes)
        run.seal()
    if rng.random() < 0.8:
        run.identify(rng.choice(["tvm", "webllm"]))
        run.seal()
    run.span(Phase.PREFLIGHT)
    run.seal()
    how = rng.random()
    if how < 0.4:
        run.fail(rng.choice(list(Phase)), rng.choice(CATEGORIES))
        if rng.random() < 0.5:
            run.seal()
    if how < 0.9:
        outcome = rng.choice(
            [taxonomy_pb2.OUTCOME_FAILED, taxonomy_pb2.OUTCOME_CRASHED]
            if how < 0.45
            else [taxonomy_pb2.OUTCOME_PASSED, taxonomy_pb2.OUTCOME_PASSED, taxonomy_pb2.OUTCOME_CANCELLED]
        )
        run.end(outcome)
    if run.events:
        run.seal()
    return run


@BOTH
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_are_those_of_the_rows(database, seed):
    """Shuffled chunks, replays, machines whose profile changes, prunes and new verdicts: the counts always agree."""
    rng = random.Random(seed)
    machines = [uuid.UUID(int=rng.getrandbits(128)) for _ in range(12)]
    chunks = rows_of(*(random_run(rng, machines) for _ in range(150)))
    chunks += rng.sample(chunks, 60)
    rng.shuffle(chunks)
    engine = database.engine(writing=True)
    writer = SqlWriter(engine)
    half = len(chunks) // 2
    for at in range(0, half, 40):
        writer.write(chunks[at : min(at + 40, half)])
    assert wrong(database) == {}
    prune_runs(engine, NOW.date() - timedelta(days=50))
    assert wrong(database) == {}
    with engine.begin() as connection:
        connection.execute(text("UPDATE failures SET category = 'unknown' WHERE category = 'gpu.driver'"))
        recount(connection)
    reclassify(engine, own_verdict, None, dry_run=False)
    assert wrong(database) == {}
    for at in range(half, len(chunks), 70):
        writer.write(chunks[at : at + 70])
    assert wrong(database) == {}
    before = kept(database)
    assert len(before["counted_runs"]) > 40
    with engine.begin() as connection:
        assert recount(connection) == len(before["counted_runs"])
    assert kept(database) == before
    writer.close()


@BOTH
def test_a_run_counts_once_it_has_ended(database):
    """A run that is running does not count; its end, a failure and an engine that come late move it where it belongs."""
    writer = SqlWriter(database.engine(writing=True))
    run = Run().start()
    run.seal()
    run.span(Phase.LOAD).end(taxonomy_pb2.OUTCOME_FAILED).seal()
    run.fail().seal()
    run.identify("webllm").seal()
    first, end, failure, engine = rows_of(run)
    writer.write([first])
    assert kept(database) == {"counted_runs": [], "run_counts": []}
    writer.write([end])
    assert database.row("counted_runs")["verdict"] == kinds.verdict(None, None, None)["verdict"]
    writer.write([failure])
    verdict = next(
        v for v in database.rows("verdicts") if v["verdict"] == database.row("counted_runs")["verdict"]
    )
    assert (verdict["phase"], verdict["category"]) == ("load", "gpu.out_of_memory")
    writer.write([engine])
    setups = {row["setup"]: row["engine"] for row in database.rows("setups")}
    assert {(row["span"], setups[row["setup"]], row["runs"]) for row in database.rows("run_counts")} == {
        (span, "webllm", 1) for span in (1, 4, 16)
    }
    assert wrong(database) == {}
    writer.close()


@BOTH
def test_a_profile_that_is_read_otherwise_moves_its_runs(database):
    """When a later collector reads the same profile as other hardware, the runs that had it move there."""
    writer = SqlWriter(database.engine(writing=True))
    old, new = passed_run(), None
    writer.write(rows_of(old))
    new = Run(old.machine_id).start()
    new.seal()
    (chunk,) = rows_of(new)
    profile = {**chunk.profile, "hw_gpu_model": "GeForce RTX 3060"}
    profile["hardware"] = kinds.hardware(profile)["hardware"]
    writer.write([chunk._replace(profile=profile)])
    assert database.row("hardware_profiles")["hw_gpu_model"] == "GeForce RTX 3060"
    assert database.row("counted_runs")["hardware"] == profile["hardware"]
    assert wrong(database) == {}
    writer.close()


@BOTH
def test_verify_finds_what_is_wrong_and_repairs_it(database):
    """`db verify` exits 1 and names what differs; with `--repair` it makes the counts anew and exits 0."""
    writer = SqlWriter(database.engine(writing=True))
    writer.write(rows_of(passed_run(), failed_run(), failed_run(category=Category.GPU_DRIVER)))
    assert "agrees with the rows" in database.cli("db", "verify").stderr
    before = kept(database)
    damage = {
        "run_counts": "UPDATE run_counts SET runs = runs + 1 WHERE span = 4",
        "counted_runs": "UPDATE counted_runs SET verdict = NULL",
        "counted_runs without runs": "DELETE FROM runs WHERE outcome = 'passed'",
        "hardware_profiles": "UPDATE hardware_profiles SET hw_gpu_model = 'else'",
    }
    for name, statement in damage.items():
        with database.engine(writing=True).begin() as connection:
            connection.execute(text(statement))
        assert name in wrong(database), statement
        result = database.cli("db", "verify")
        assert (result.exit_code, result.stdout) == (1, "")
        assert name in result.stderr
        assert "--repair" in result.stderr
        mended = database.cli("db", "verify", "--repair", "--json")
        assert mended.exit_code == 0, mended.output
        assert wrong(database) == {}
    assert kept(database) != before
    writer.close()


def test_numbers_depend_on_what_they_stand_for_alone():
    """A combination has one number, whatever process works it out; any other value gives another."""
    assert (
        kinds.setup("tvm", "0.27.0", "canary", None)["setup"]
        == kinds.setup("tvm", "0.27.0", "canary", None)["setup"]
    )
    assert kinds.setup("tvm", None, None, None)["setup"] != kinds.setup(None, "tvm", None, None)["setup"]
    assert kinds.number({"b": 1, "a": 2}) == kinds.number({"a": 2, "b": 1})
    assert kinds.label_set({}) is None
