"""Collectors for tests: in this process on a thread with a loop of its own, or as the real command."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from localloom_collector.cli import main
from localloom_collector.limits import Limits
from localloom_collector.server.lifecycle import Collector, Listen
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.schema import metadata

#: Runs a test on SQLite and on PostgreSQL: what one does, the other does.
BOTH = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


class Database:
    """A SQLite file, or whatever else a URL names, and what is in it."""

    def __init__(self, path: Path | None = None, url: str = "") -> None:
        self.path = path
        self.url = url or f"sqlite:///{path}"

    def engine(self, *, writing: bool = False):
        """An engine on it."""
        return open_engine(parse_url(self.url), writing=writing)

    def rows(self, table: str) -> list[dict]:
        """All rows of a table, sorted by its key."""
        engine = self.engine()
        chosen = metadata.tables[table]
        with engine.connect() as connection:
            found = connection.execute(select(chosen).order_by(*chosen.primary_key))
            rows = [dict(row._mapping) for row in found]
        engine.dispose()
        return rows

    def row(self, table: str) -> dict:
        """The only row of a table."""
        (row,) = self.rows(table)
        return row

    def cli(self, *args: str):
        """The command line on this database, in this process."""
        return CliRunner().invoke(main, args, env={"LOCALLOOM_DATABASE_URL": self.url, "COLUMNS": "80"})

    def json(self, *args: str) -> dict:
        """A command's JSON document."""
        result = self.cli(*args, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)


class InProcess:
    """A collector on a thread: a real server on a real port, whose parts a test can reach."""

    def __init__(self, writer, limits: Limits) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.collector = self.do(self._start(writer, limits))
        self.address = self.collector.address

    async def _start(self, writer, limits: Limits) -> Collector:
        collector = Collector(writer, limits, "0.0-test")
        await collector.start(Listen("127.0.0.1", 0))
        return collector

    def do(self, coroutine):
        """Run a coroutine on the collector's loop, and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def stop(self) -> None:
        """Stop it as SIGTERM would; does nothing the second time."""
        if self.thread.is_alive():
            self.do(self.collector.stop())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(10)


class Subprocess:
    """The command `serve`, as an operator starts it."""

    def __init__(self, database: Database, folder: Path, *options: str) -> None:
        ready = folder / f"ready-{time.time_ns()}"
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "localloom_collector", "serve", "--port", "0", "--ready-file", str(ready),
                "--database-url", database.url, *options,
            ],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        deadline = time.monotonic() + 120
        while not ready.exists():
            assert self.process.poll() is None, self.process.stderr.read()
            assert time.monotonic() < deadline, "serve was not ready within two minutes"
            time.sleep(0.02)
        self.address = ready.read_text().strip()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def terminate(self) -> tuple[int, str]:
        """SIGTERM; the exit code and what it said."""
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=90)
        return self.process.returncode, said
