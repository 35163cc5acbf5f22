"""Days that go: what stays of them, what is said to those who come late, and runs with no day of their own."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from chunks import MACHINE, Run, failed_run, passed_run
from collectors import BOTH
from stream_client import DUPLICATE, EXPIRED, STORED, Agent

from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage import ranges
from localloom_collector.storage.rows import Fate
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import RULES_VERSION, Category

DAY = 86_400.0
NOW = datetime.now(timezone.utc)


def ago(days: float) -> float:
    return time.time() - days * DAY


def days_of(database) -> set:
    return {row["start_day"] for row in database.rows("event_chunks")}


@pytest.fixture
def history(collector):
    """Runs of today, of 40 days and of 400 days ago, delivered."""
    runs = {
        "old": [failed_run(started=ago(400)), failed_run(started=ago(400)), passed_run(started=ago(400))],
        "late": [passed_run(started=ago(40)), failed_run(started=ago(40))],
        "new": [passed_run()],
    }
    with Agent(collector.address) as agent:
        for run in [run for old in runs.values() for run in old]:
            agent.deliver(*run.chunks)
    return runs


@BOTH
def test_pruned_runs_are_gone_but_counted(database, history):
    """`prune --older-than` takes whole runs; a summary of each day stays, with the version of the rules."""
    document = database.json("prune", "--older-than", "365d")
    assert document["prune"]["runs"] == {"days": 1, "runs": 3, "chunks": 10}
    left = {row["run_id"] for row in database.rows("runs")}
    assert left == {run.run_id for run in history["late"] + history["new"]}
    for table in ("phases", "failures", "http_exchanges", "event_chunks"):
        assert {row["run_id"] for row in database.rows(table)} <= left, table
    summary = {(row["outcome"], row["category"]): row for row in database.rows("pruned_runs")}
    failed = summary["failed", "gpu.out_of_memory"]
    assert (failed["runs"], failed["machines"], failed["rules_version"]) == (2, 2, RULES_VERSION)
    assert (failed["engine"], failed["hw_gpu_model"]) == ("tvm", MACHINE["hw.gpu.model"])
    assert summary["passed", None]["runs"] == 1
    before = database.rows("pruned_runs")
    assert database.json("prune", "--older-than", "365d")["prune"]["runs"]["days"] == 0
    assert database.rows("pruned_runs") == before


@BOTH
def test_what_comes_late_for_pruned_runs_is_expired(collector, database, history):
    """Replays and new chunks of pruned days are acked as expired, change nothing, and are counted."""
    database.json("prune", "--older-than", "365d")
    again, new = history["old"][0], passed_run(started=ago(390))
    with Agent(collector.address) as agent:
        assert agent.deliver(*again.chunks, *new.chunks) == [EXPIRED] * 7
        assert agent.deliver(*history["new"][0].chunks) == [DUPLICATE] * 4
    assert len(database.rows("runs")) == 3
    counts = {row["machine_id"]: row["expired_chunks"] for row in database.rows("machines")}
    assert (counts[again.machine_id], counts[new.machine_id]) == (3, 4)


@BOTH
def test_a_pruned_timeline_leaves_the_rows(collector, database, history):
    """`prune --timeline-older-than` takes the chunks alone; what a run received is still known, and told apart."""
    rows = {table: database.rows(table) for table in ("phases", "failures", "http_exchanges")}
    document = database.json("prune", "--timeline-older-than", "30d")
    assert document["prune"]["timeline"] == {"days": 2, "chunks": 17}
    assert days_of(database) == {NOW.date()}
    assert {table: database.rows(table) for table in rows} == rows
    run = history["late"][0]
    with Agent(collector.address) as agent:
        assert agent.deliver(*run.chunks) == [EXPIRED] * 4
        extra = run.fetch(url="https://example.org/late").seal()
        assert agent.deliver(extra) == [STORED]
        assert agent.deliver(extra) == [EXPIRED]
        fresh = passed_run(started=ago(35))
        assert agent.deliver(*fresh.chunks) == [STORED] * 4
        assert agent.deliver(*fresh.chunks) == [EXPIRED] * 4
    assert days_of(database) == {NOW.date()}
    kept = {row["run_id"]: row for row in database.rows("runs")}
    assert kept[run.run_id]["received_chunks"] == "1-5"
    assert kept[run.run_id]["chunks_received"] == 5
    assert kept[run.run_id]["events_received"] == run.seq
    assert kept[fresh.run_id]["events_received"] == fresh.seq
    assert database.json("show", str(run.run_id))["delivery"]["chunk_bytes"] == 0


@BOTH
def test_days_are_pruned_while_chunks_come_in(database):
    """A chunk of a day that is being pruned is either counted before or expired: sums stay those of the rows."""
    from localloom_collector.storage.prune import prune_timeline

    writer = SqlWriter(database.engine(writing=True))
    run = passed_run(started=ago(40))
    rows = [chunk_rows(chunk, NOW, Limits()) for chunk in run.chunks]
    assert writer.write(rows[:2]) == [Fate.STORED] * 2
    engine = database.engine(writing=True)
    from localloom_collector.storage.prune import _move_horizon

    _move_horizon(engine, "timeline_before", NOW.date() - timedelta(days=30))
    assert writer.write(rows[1:3]) == [Fate.EXPIRED, Fate.STORED]
    prune_timeline(engine, NOW.date() - timedelta(days=30))
    assert writer.write(rows) == [Fate.EXPIRED] * 3 + [Fate.STORED]
    assert database.row("runs")["events_received"] == run.seq
    assert database.row("runs")["received_chunks"] == "1-4"
    engine.dispose()
    writer.close()


@BOTH
def test_a_horizon_never_goes_back(collector, database, history):
    """A later prune with an earlier day changes nothing: what was expired stays expired."""
    database.json("prune", "--older-than", "365d")
    database.json("prune", "--older-than", "700d")
    with Agent(collector.address) as agent:
        assert agent.deliver(history["old"][0].chunks[0]) == [EXPIRED]


@BOTH
@pytest.mark.parametrize("started", [1.0, 946_684_800.0, 5e9, time.time() + 7 * DAY])
def test_a_dead_clock_loses_nothing(database, started):
    """A run from a machine with a wrong clock starts when its first chunk came, also for chunks of later days."""
    writer = SqlWriter(database.engine(writing=True))
    run = failed_run(started=started)
    first, *rest = run.chunks
    assert writer.write([chunk_rows(first, NOW, Limits())]) == [Fate.STORED]
    # By then a clock that is a week ahead is none that can be told from a right one.
    for days in (1, 6, 30):
        later = NOW + timedelta(days=days)
        fates = writer.write([chunk_rows(chunk, later, Limits()) for chunk in [first, *rest]])
        assert fates[0] == Fate.DUPLICATE
    row = database.row("runs")
    assert (row["start_clamped"], row["start_day"], row["started_at"]) == (True, NOW.date(), NOW)
    assert row["events_received"] == row["events_expected"] == run.seq
    assert days_of(database) == {NOW.date()}
    writer.close()


@BOTH
def test_a_dead_clock_is_said(collector, database):
    """`show` says that the start is the collector's, not the machine's."""
    run = failed_run(started=1.0)
    with Agent(collector.address) as agent:
        assert agent.deliver(*run.chunks) == [STORED] * 3
    assert database.json("show", str(run.run_id))["start_clamped"] is True
    assert "clock" in database.cli("show", str(run.run_id)).stdout


@BOTH
def test_reclassify_moves_what_the_rules_judge_otherwise(collector, database):
    """A doctored verdict goes back to what the evidence says; the agent's stays; a second run moves nothing."""
    from sqlalchemy import text

    runs = [failed_run(), failed_run(), failed_run(category=Category.GPU_DRIVER)]
    with Agent(collector.address) as agent:
        for run in runs:
            agent.deliver(*run.chunks)
    before = database.rows("failures")
    doctored = "UPDATE failures SET category = 'unknown', signature = 'x', rules_version = 'old' WHERE category = 'gpu.out_of_memory'"
    with database.engine(writing=True).begin() as connection:
        connection.execute(text(doctored))
    dry = database.json("reclassify", "--dry-run")
    (move,) = dry["reclassify"]
    assert (move["from"], move["to"], move["runs"]) == ("unknown", "gpu.out_of_memory", 2)
    assert set(move["examples"]) == {str(run.run_id) for run in runs[:2]}
    assert (dry["judged"], dry["changed"], dry["signatures_moved"]) == (3, 2, 2)
    assert database.rows("failures") != before
    assert database.json("reclassify")["reclassify"] == dry["reclassify"]
    assert database.rows("failures") == before
    again = database.json("reclassify", "--since", "1d")
    assert (again["reclassify"], again["judged"], again["changed"]) == ([], 3, 0)


@BOTH
def test_reclassify_goes_through_history_in_batches(collector, database, monkeypatch):
    """More failures than fit into a batch are all judged, and evidence that breaks the rules stays as it is."""
    monkeypatch.setattr("localloom_collector.storage.reclassify.BATCH", 2)
    runs = [failed_run() for _ in range(5)]
    with Agent(collector.address) as agent:
        for run in runs:
            agent.deliver(*run.chunks)
    before = database.rows("failures")
    monkeypatch.setattr("localloom_collector.ingest.verdicts.diagnose", lambda _: 1 / 0)
    document = database.json("reclassify")
    assert (document["judged"], document["changed"], document["unjudged"]) == (5, 0, 5)
    assert database.rows("failures") == before
    assert database.json("reclassify", "--since", "2020-01-01")["judged"] == 5
    assert database.json("reclassify", "--since", "2999-01-01")["judged"] == 0


@BOTH
def test_dead_letters_are_capped_and_counted(collectors, database):
    """Of many refused chunks some are kept, and all are counted with their machine."""
    limits = Limits(dead_letters=5, machine_dead_letters=3)
    collector = collectors(SqlWriter(database.engine(writing=True), limits))
    run = Run().start()
    bad = [run.seal(body_crc32=1) for _ in range(8)]
    for _ in range(2):
        with Agent(collector.address, run.machine_id) as agent:
            agent.deliver(*bad)
    collector.stop()
    assert len(database.rows("dead_letters")) == 3
    assert database.row("machines")["refused_chunks"] == 16
    listed = database.json("db", "dead-letters")
    assert (listed["total"], listed["refused"]) == (3, 16)
    assert listed["dead_letters"][0]["code"] == "malformed"
    assert "CRC" in database.cli("db", "dead-letters").stdout
    assert database.cli("db", "dead-letters", "--clear").exit_code == 0
    assert database.json("db", "dead-letters")["dead_letters"] == []


def test_ranges_are_sets_of_numbers():
    """Ranges merge where they touch, whatever order they come in."""
    assert ranges.write([(7, 7), (1, 3), (4, 5)]) == "1-5 7"
    assert ranges.add("1-5 7", [6, 9, 2]) == "1-7 9"
    assert ranges.holds(ranges.read("1-5 7"), 7)
    assert not ranges.holds(ranges.read("1-5 7"), 6)
    assert ranges.read(None) == []
