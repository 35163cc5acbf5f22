"""Fixtures: a database, and collectors on it that end with the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from collectors import Database, InProcess, Subprocess
from postgresql_server import PostgresServer

from localloom_collector.limits import Limits
from localloom_collector.storage import migrate
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.writer import SqlWriter


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory) -> Path:
    """A migrated SQLite file without a row, made once."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    engine = open_engine(parse_url(f"sqlite:///{path}"), writing=True)
    migrate.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server, started when the first test asks for it."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def empty_template(postgresql) -> str:
    """The name of a migrated PostgreSQL database without a row, made once."""
    url = postgresql.database()
    engine = open_engine(parse_url(url), writing=True)
    migrate.upgrade(engine)
    engine.dispose()
    return url.rpartition("/")[2]


@pytest.fixture
def backend(request) -> str:
    """Which kind of database a test is about; SQLite, unless the test is marked to run on both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def new_database(request, backend, tmp_path, empty_file) -> Callable[[], Database]:
    """Makes migrated, empty databases."""

    def make() -> Database:
        if backend == "postgresql":
            server = request.getfixturevalue("postgresql")
            return Database(url=server.database(request.getfixturevalue("empty_template")))
        path = tmp_path / f"collector-{time.monotonic_ns()}.db"
        path.write_bytes(empty_file.read_bytes())
        return Database(path)

    return make


@pytest.fixture
def database(new_database) -> Database:
    """A migrated, empty database."""
    return new_database()


@pytest.fixture
def collectors(database):
    """Starts collectors in this process and stops them at the end."""
    started: list[InProcess] = []

    def start(writer=None, **limits) -> InProcess:
        chosen = writer or SqlWriter(database.engine(writing=True))
        started.append(InProcess(chosen, Limits(**limits)))
        return started[-1]

    yield start
    for collector in started:
        collector.stop()


@pytest.fixture
def collector(collectors) -> InProcess:
    """A collector in this process."""
    return collectors()


@pytest.fixture
def served(database, tmp_path):
    """Starts `serve` as a process of its own."""
    started: list[Subprocess] = []

    def start(*options: str) -> Subprocess:
        started.append(Subprocess(database, tmp_path, *options))
        return started[-1]

    yield start
    for process in started:
        if process.process.poll() is None:
            process.kill()
