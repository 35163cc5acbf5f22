"""What only PostgreSQL does: restarts and crashes beside the collector, several writers, partitions."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from chunks import failed_run, passed_run
from collectors import Database
from postgresql_server import PostgresServer
from sqlalchemy import text
from stream_client import STORED, Agent

from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage import migrate
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.rows import Asides, Fate, Sighting
from localloom_collector.storage.writer import SqlWriter

NOW = datetime.now(timezone.utc)


@pytest.fixture
def backend() -> str:
    """PostgreSQL, for every test here."""
    return "postgresql"


@pytest.fixture
def own_server():
    """A server that this test may stop and kill."""
    server = PostgresServer(fsync="on")
    yield server
    server.remove()


@pytest.fixture
def own_database(own_server) -> Database:
    """A migrated database on it."""
    database = Database(url=own_server.database())
    engine = open_engine(parse_url(database.url), writing=True)
    migrate.upgrade(engine)
    engine.dispose()
    return database


@pytest.mark.parametrize("how", ["restart", "crash"])
def test_a_database_that_goes_and_comes_is_ridden_out(collectors, own_server, own_database, how):
    """While PostgreSQL is away nothing is acked; when it is back, what was sent is stored, once, on the same stream."""
    collector = collectors(SqlWriter(own_database.engine(writing=True)))
    runs = [passed_run() if i % 2 else failed_run() for i in range(8)]
    with Agent(collector.address) as agent:
        assert agent.deliver(*runs[0].chunks) == [STORED] * len(runs[0].chunks)
        own_server.stop("fast") if how == "restart" else own_server.kill()
        threading.Timer(1.5, own_server.start).start()
        before = time.monotonic()
        for run in runs[1:]:
            answers = agent.deliver(*run.chunks)
            assert answers == [STORED] * len(run.chunks)
        assert time.monotonic() - before > 1.0
    assert len(own_database.rows("event_chunks")) == sum(len(run.chunks) for run in runs)
    received = {row["run_id"]: row["events_received"] for row in own_database.rows("runs")}
    assert received == {run.run_id: run.seq for run in runs}


def test_several_writers_at_once_store_each_chunk_once(database):
    """Writers that are given the same chunks in different orders neither block each other for good nor count twice."""
    runs = [passed_run() if i % 2 else failed_run() for i in range(60)]
    # Unsure starts are fixed in the runs' rows first: that path has to keep the order too.
    runs += [failed_run(started=1.0) for _ in range(10)]
    rows = [chunk_rows(chunk, NOW, Limits()) for run in runs for chunk in run.chunks]
    writers = [SqlWriter(database.engine(writing=True)) for _ in range(3)]

    def work(number: int) -> int:
        mine = list(rows)
        random.Random(number).shuffle(mine)
        stored = 0
        for at in range(0, len(mine), 40):
            sighted = Asides(
                sightings=[Sighting(r.key.machine_id, NOW, "1", 0.0) for r in mine[at : at + 40]]
            )
            stored += writers[number].write(mine[at : at + 40], sighted).count(Fate.STORED)
        return stored

    with ThreadPoolExecutor(len(writers)) as pool:
        assert sum(pool.map(work, range(len(writers)))) == len(rows)
    received = {row["run_id"]: row["events_received"] for row in database.rows("runs")}
    assert received == {run.run_id: run.seq for run in runs}
    for writer in writers:
        writer.close()


def test_days_have_partitions(database):
    """Each start day has a partition of its own; pruning drops it, so that its cost does not follow its rows."""
    writer = SqlWriter(database.engine(writing=True))
    starts = [time.time() - days * 86_400 for days in (0, 1, 400)]
    for started in starts:
        writer.write([chunk_rows(c, NOW, Limits()) for c in passed_run(started=started).chunks])
    day = (NOW - timedelta(days=400)).strftime("%Y%m%d")
    find = "SELECT count(*) FROM pg_class WHERE relname LIKE '%' || :day"
    with database.engine().connect() as connection:
        assert connection.scalar(text(find), {"day": f"_{day}"}) == 2
    assert database.cli("prune", "--older-than", "365d").exit_code == 0
    with database.engine().connect() as connection:
        assert connection.scalar(text(find), {"day": f"_{day}"}) == 0
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 2
    writer.close()


def test_acks_promise_durability(database):
    """The writer's connections wait for the disk at a commit, whatever the database's own setting, and for locks so long."""
    with database.engine(writing=True).begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
    with database.engine(writing=True).connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"


def test_a_chunk_with_a_value_that_does_not_fit_is_the_only_one_refused(collectors, database, monkeypatch):
    """What COPY refuses is found in its group, nacked and kept as a dead letter; its neighbours are stored."""
    from localloom_collector.ingest import extract

    real = extract.clean.moment

    def broken(nanoseconds: int):
        found = real(nanoseconds)
        return "no time at all" if nanoseconds == 666 else found

    monkeypatch.setattr(extract.clean, "moment", broken)
    collector = collectors()
    run = passed_run()
    bad = passed_run()
    bad.start()
    bad.events[-1].time_unix_nano = 666
    poisoned = bad.seal()
    with Agent(collector.address) as agent:
        first, refused, *rest = agent.deliver(run.chunks[0], poisoned, *run.chunks[1:])
        assert [first, *rest] == [STORED] * 4
        assert refused.reason
    assert {row["run_id"] for row in database.rows("event_chunks")} == {run.run_id}


def test_passwords_in_postgresql_urls_are_not_repeated(postgresql, database):
    """A server that does not answer, or not to us, is said in a sentence without the password, with exit code 3."""
    for url in (
        "postgresql://me:hunter2@127.0.0.1:1/x",
        f"postgresql://me:hunter2@127.0.0.1:{postgresql.port}/nothing",
    ):
        for command in ("runs", "reclassify", "db upgrade", "serve --port 0"):
            result = database.cli(*command.split(), "--database-url", url)
            assert result.exit_code == 3, result.output
            assert "hunter2" not in result.output
            assert len(result.stderr.splitlines()) == 1
