"""A bulk load leaves what ingest would have left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from postgresql_server import PostgresServer
from simulator.agents import Delivered
from simulator.bulk import write
from simulator.load import Loaded, Order, load
from simulator.plan import Fleet
from simulator.stream import deliver_runs
from simulator.truth import PLANTED
from sqlalchemy import inspect, select, text

from localloom_collector.limits import Limits
from localloom_collector.server.lifecycle import Collector, Listen
from localloom_collector.storage import migrate
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.prune import prune_timeline
from localloom_collector.storage.schema import metadata
from localloom_collector.storage.writer import SqlWriter

UNTIL = 1_790_000_000.0
RUNS, MACHINES, DAYS, DETAIL = 700, 120, 5.0, 2

#: What depends on when chunks came, and when the machine said hello.
BY_ARRIVAL = {
    "machines": {"first_seen", "last_seen", "clock_skew_s", "hello_at"},
    "runs": {"last_received_at"},
    "event_chunks": {"received_at"},
}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    started = PostgresServer()
    yield started
    started.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request, tmp_path):
    """Makes URLs of databases that are not there yet, or empty."""
    if request.param == "postgresql":
        return request.getfixturevalue("server").database
    numbers = iter(range(100))
    return lambda: f"sqlite:///{tmp_path}/fleet{next(numbers)}.db"


def fleet() -> Fleet:
    """The fleet of these tests: each history is its own, from the same seed."""
    return Fleet(5, MACHINES, DAYS, UNTIL, PLANTED)


def rows(url: str, without: dict[str, set[str]]) -> dict[str, dict[tuple, dict]]:
    """All that is in the tables, by table and key."""
    engine, found = open_engine(parse_url(url)), {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            kept = [c for c in table.c if c.name not in without.get(table.name, set())]
            keys = list(table.primary_key)
            found[table.name] = {
                tuple(getattr(row, key.name) for key in keys): row._asdict()
                for row in connection.execute(select(*kept))
            }
    engine.dispose()
    return found


def same(one: str, other: str, without: dict[str, set[str]]) -> dict[str, int]:
    """Compare two databases, row by row; how many rows each table has."""
    left, right = rows(one, without), rows(other, without)
    for table, there in left.items():
        assert there.keys() == right[table].keys(), table
        for key, row in there.items():
            assert row == right[table][key], (table, key)
    return {table: len(there) for table, there in left.items()}


def loaded(url: str, processes: int = 1, timeline_days: int | None = None) -> Loaded:
    """Load the history."""
    history = fleet()
    kept = None if timeline_days is None else history.last_day - timedelta(days=timeline_days - 1)
    return load(history, Order(url, RUNS, DETAIL, kept), processes)


def migrated(url: str):
    """An engine for writing."""
    engine = open_engine(parse_url(url), writing=True)
    migrate.upgrade(engine)
    return engine


def test_a_bulk_load_leaves_the_writers_rows(new_url):
    """A history loaded in bulk, by two processes on PostgreSQL, is the one that the writer makes of its chunks."""
    fast, slow = new_url(), new_url()
    done = loaded(fast, 2)
    writer = SqlWriter(migrated(slow))
    write(writer, fleet().runs(RUNS), DETAIL)
    writer.close()
    counted = same(fast, slow, {})
    assert counted["runs"] == done.rows["runs"] == RUNS
    assert counted["event_chunks"] > 3 * RUNS
    assert 50 < counted["failures"] == done.truth.categories.total()


def test_a_bulk_load_without_its_old_timeline_is_a_pruned_one(new_url):
    """Where only the last days keep their chunks, the tables are as the writer and `prune --timeline` leave them."""
    fast, slow = new_url(), new_url()
    loaded(fast, timeline_days=2)
    engine = migrated(slow)
    writer = SqlWriter(engine)
    write(writer, fleet().runs(RUNS), DETAIL)
    prune_timeline(engine, fleet().last_day - timedelta(days=1))
    writer.close()
    assert RUNS // 5 < same(fast, slow, {})["event_chunks"] < 5 * RUNS


def test_a_bulk_load_leaves_what_streams_leave(new_url):
    """The same history through real streams and a real collector gives the same rows, but for when they came."""
    fast, streamed = new_url(), new_url()
    loaded(fast)

    async def through_streams() -> Delivered:
        collector = Collector(SqlWriter(migrated(streamed)), Limits(), "test")
        address = await collector.start(Listen("127.0.0.1", 0))
        done = await deliver_runs(address, list(fleet().runs(RUNS)), DETAIL)
        await collector.stop()
        return done

    done = asyncio.run(through_streams())
    counted = same(fast, streamed, BY_ARRIVAL)
    assert done.acked == counted["event_chunks"]


def test_indexes_and_keys_are_there_again(server):
    """After a load into PostgreSQL every index, key and foreign key is as the migrations made it."""

    def of(url: str) -> list:
        engine = open_engine(parse_url(url))
        found = inspect(engine)
        listed = [
            (table, found.get_pk_constraint(table), found.get_foreign_keys(table), sorted(map(str, found.get_indexes(table))))
            for table in metadata.tables
        ]  # fmt: skip
        with engine.connect() as connection:
            valid = connection.scalar(text("SELECT bool_and(convalidated) FROM pg_constraint"))
        engine.dispose()
        return [*listed, valid]

    plain, after = server.database(), server.database()
    migrated(plain).dispose()
    loaded(after, 2, 1)
    assert of(after) == of(plain)


def test_a_bulk_load_wants_an_empty_database(new_url):
    """Into a database that holds something nothing is loaded, and the sentence says what to do."""
    url = new_url()
    loaded(url)
    with pytest.raises(SystemExit, match="not empty"):
        loaded(url)


def test_blocks_do_not_depend_on_each_other():
    """A block of a history made by itself is the one that stands in the whole: processes can share the work."""
    whole = list(fleet().runs(RUNS))
    assert list(fleet().block(500, RUNS)) == whole[500:]
