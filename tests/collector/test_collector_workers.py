"""`serve --workers`: several processes on one port, as one collector to those who send and to those who start it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import grpc
import psutil
import pytest
from chunks import passed_run
from collectors import Subprocess
from stream_client import STORED, Agent

from localloom_collector.limits import Limits
from localloom_collector.server.workers import shared

#: Connections among which two workers are hit by all but one in 2^23.
MANY = 24

on_postgresql = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def workers(process: subprocess.Popen) -> dict[int, float]:
    """When the workers of a collector were born, by process id."""
    found = {}
    for child in psutil.Process(process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            if "spawn_main" in " ".join(child.cmdline()):
                found[child.pid] = child.create_time()
    return found


def wait_for(condition, what: str):
    """Until it holds; what it gave."""
    deadline = time.monotonic() + 120
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


def serve(*options: str) -> subprocess.CompletedProcess:
    """The command, to its end."""
    command = [sys.executable, "-m", "localloom_collector", "serve", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)


@on_postgresql
def test_workers_share_the_port(served, database):
    """Streams spread over the workers, what each acks is in the tables, and SIGTERM drains them all: exit code 0."""
    process: Subprocess = served("--workers", "2")
    with ExitStack() as stack:
        agents = [stack.enter_context(Agent(process.address)) for _ in range(MANY)]
        for agent in agents:
            assert agent.deliver(*passed_run().chunks) == [STORED] * 4
        code, said = process.terminate()
        for agent in agents:
            while agent.read():
                pass
            assert agent.drain.reconnect_delay_ms > 0
            assert agent.call.code() is grpc.StatusCode.OK
    assert code == 0
    assert said.startswith(f"listening on {process.address}, 2 workers\n")
    opened = {number: said.count(f"worker={number} stream opened") for number in (1, 2)}
    assert sum(opened.values()) == MANY
    assert min(opened.values()) > 0
    assert "Traceback" not in said
    assert len(database.rows("event_chunks")) == 4 * MANY


@on_postgresql
def test_a_worker_that_died_is_replaced(served, database):
    """Kill -9 of a worker costs its streams and a line in the log; another takes its place, and nothing acked is lost."""
    process: Subprocess = served("--workers", "2")
    before = workers(process.process)
    assert len(before) == 2
    victim = min(before)
    with ExitStack() as stack:
        agents = [stack.enter_context(Agent(process.address)) for _ in range(MANY)]
        for agent in agents:
            agent.deliver(*passed_run().chunks)
        os.kill(victim, signal.SIGKILL)

        def replaced():
            now = workers(process.process)
            return len(now) == 2 and now.items() != before.items() and now

        wait_for(replaced, "no worker took its place")
    for _ in range(MANY):
        with Agent(process.address) as agent:
            assert agent.deliver(*passed_run().chunks) == [STORED] * 4
    code, said = process.terminate()
    assert code == 0, said
    assert re.search(r"ERROR worker \d ended \(killed by SIGKILL\); starting another", said)
    assert len(database.rows("event_chunks")) == 2 * 4 * MANY


@on_postgresql
def test_workers_do_not_outlive_their_parent(served, database):
    """When the parent is killed with -9, its workers drain and end: the port is free, nobody is left behind."""
    process: Subprocess = served("--workers", "2")
    children = [psutil.Process(pid) for pid in workers(process.process)]
    with Agent(process.address) as agent:
        agent.deliver(*passed_run().chunks)
        process.process.kill()
        while agent.read():
            pass
        assert agent.drain is not None
    assert psutil.wait_procs(children, timeout=120)[1] == []
    process.kill()
    assert len(database.rows("event_chunks")) == 4


@on_postgresql
@pytest.mark.parametrize("second", [[], ["--workers", "2"]])
def test_workers_do_not_share_their_port_with_a_stranger(served, database, second):
    """A second collector on the port, with workers or without, is refused in one sentence: exit code 3."""
    process: Subprocess = served("--workers", "2")
    port = process.address.rpartition(":")[2]
    result = serve("--port", port, "--database-url", database.url, *second)
    assert result.returncode == 3, result.stderr
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "Traceback" not in result.stderr


@on_postgresql
def test_a_port_in_use_is_said_with_workers_too(database):
    """A port that something else listens on: one sentence, exit code 3, no worker left."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = serve("--workers", "2", "--port", port, "--database-url", database.url)
    assert result.returncode == 3, result.stderr
    assert "cannot listen" in result.stderr


@on_postgresql
def test_workers_that_cannot_start_end_the_parent(database, tmp_path):
    """What keeps a worker from starting is said as without workers, with exit code 3."""
    for name in ("server.pem", "server.key"):
        (tmp_path / name).write_text("no certificate")
    tls = ["--tls-cert", str(tmp_path / "server.pem"), "--tls-key", str(tmp_path / "server.key")]
    result = serve("--workers", "2", "--port", "0", "--database-url", database.url, *tls)
    assert result.returncode == 3, result.stderr
    assert "check --tls-cert and --tls-key" in result.stderr
    assert "Traceback" not in result.stderr


def test_sqlite_has_no_workers(database):
    """On SQLite more than one worker is wrong usage, with a sentence that says why and what to do."""
    result = serve("--workers", "2", "--port", "0", "--database-url", database.url)
    assert result.returncode == 2
    assert "SQLite has room for one writer: --workers needs PostgreSQL" in " ".join(result.stderr.split())


def test_workers_share_the_memory_that_is_granted():
    """What a collector may hold in memory is divided among its workers."""
    whole, one = Limits(), shared(Limits(), 4)
    assert (one.queue_bytes * 4, one.windows_bytes * 4) == (whole.queue_bytes, whole.windows_bytes)
