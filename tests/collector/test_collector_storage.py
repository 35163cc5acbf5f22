"""The schema, its migrations, and what is asked of both dialects."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from collectors import BOTH, Database
from sqlalchemy import inspect, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from localloom_collector.queries.period import parse_moment
from localloom_collector.storage import migrate, revisions
from localloom_collector.storage.schema import metadata
from localloom_collector.storage.statements import statements

NOW = datetime(2026, 5, 10, 12, tzinfo=timezone.utc)


def test_the_known_revisions_are_the_migrations():
    """What says where a schema stands without Alembic says what Alembic would: the same revisions in the same order."""
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert [script.revision for script in scripts.walk_revisions()] == list(reversed(revisions.REVISIONS))
    assert scripts.get_current_head() == revisions.HEAD


@BOTH
def test_migrations_make_the_schema(database):
    """The migrations, run from nothing, make exactly the tables of the schema."""
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_database_of_the_first_version_is_brought_up(tmp_path):
    """A SQLite file with the first tables and rows in them keeps the rows when it gets the later columns, and they are counted."""
    database = Database(tmp_path / "old.db")
    engine = database.engine(writing=True)
    with engine.begin() as connection:
        command.upgrade(migrate._config(connection), "0001")
        machine = {"m": uuid.uuid4().bytes, "at": "2026-05-01 00:00:00.000000"}
        connection.execute(
            text("INSERT INTO machines (machine_id, first_seen, last_seen) VALUES (:m, :at, :at)"), machine
        )
        connection.execute(
            text("INSERT INTO runs (machine_id, run_id, started_at, start_day, last_received_at, purpose, outcome) VALUES (:m, :m, :at, '2026-05-01', :at, 'primary', 'passed')"),
            machine,
        )  # fmt: skip
    assert "from 0001 to " in database.cli("db", "upgrade").stderr
    assert [row["start_clamped"] for row in database.rows("runs")] == [False]
    assert [row["refused_chunks"] for row in database.rows("machines")] == [0]
    assert [row["runs"] for row in database.rows("run_counts")] == [1, 1, 1]
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_facts_carry_their_machine():
    """Every table of facts has machine_id first in its key, so that it can be distributed by machine."""
    kinds = {"hardware_kinds", "setups", "verdicts", "label_sets", "run_counts"}
    beside = {"retention", "pruned_runs", "tokens", *kinds}
    for table in metadata.sorted_tables:
        assert table.name in beside or next(iter(table.primary_key)).name == "machine_id", table.name


def test_acks_promise_durability(database):
    """The writer's connections sync every commit, write ahead, wait for locks, and keep foreign keys."""
    with database.engine(writing=True).connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5_000}


def test_statements_compile_for_postgresql():
    """The writer's statements can be said in PostgreSQL's dialect too."""
    dialect = postgresql.dialect()
    for name in statements("postgresql").__slots__:
        sql = str(getattr(statements("postgresql"), name).compile(dialect=dialect))
        assert "ON CONFLICT" in sql


def test_tables_compile_for_postgresql():
    """The tables can be made on PostgreSQL, with native ids, times with zones, and binary JSON."""
    said = "".join(
        str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in metadata.sorted_tables
    )
    for name in ("UUID", "TIMESTAMP WITH TIME ZONE", "JSONB", "BYTEA", "BIGINT"):
        assert name in said


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("7d", timedelta(days=7, hours=12)), ("12h", timedelta(hours=12)), ("30m", timedelta(minutes=30)),
        ("2w", timedelta(weeks=2, hours=12)), ("90s", timedelta(seconds=90)), ("2026-05-09", timedelta(days=1, hours=12)),
        ("2026-05-10T11:00Z", timedelta(hours=1)), ("2026-05-10T12:00+02:00", timedelta(hours=2)),
    ],
)  # fmt: skip
def test_moments(text, ago):
    """Times are read as durations before now and as ISO dates, in UTC; days and weeks begin at midnight."""
    assert parse_moment(text, NOW) == NOW - ago


@pytest.mark.parametrize("text", ["", "soon", "7", "d", "-1d", "2026-13-01", "999999999999d"])
def test_what_is_no_moment(text):
    """Anything else is a ValueError with a sentence."""
    with pytest.raises(ValueError, match="is no time"):
        parse_moment(text, NOW)


@BOTH
def test_ids_and_times_come_back_as_they_went(database):
    """Ids are UUIDs and times are in UTC with their zone, whatever the database has for them."""
    machine = uuid.uuid4()
    zone = timezone(timedelta(hours=5))
    table = metadata.tables["machines"]
    engine = database.engine(writing=True)
    with engine.begin() as connection:
        connection.execute(
            table.insert().values(machine_id=machine, first_seen=NOW.astimezone(zone), last_seen=NOW)
        )
    with engine.connect() as connection:
        row = connection.execute(select(table)).one()
    assert (row.machine_id, row.first_seen) == (machine, NOW)
    assert row.first_seen.tzinfo is timezone.utc
