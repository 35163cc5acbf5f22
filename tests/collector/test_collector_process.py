"""`serve` as a process: what survives a kill, and how it ends when asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import grpc
import pytest
from chunks import failed_run, passed_run
from collectors import BOTH, Database, Subprocess
from stream_client import DUPLICATE, STORED, Agent

from localloom_collector.faults import ListenFault
from localloom_collector.limits import Limits
from localloom_collector.server.lifecycle import Collector, Listen
from localloom_collector.storage.writer import SqlWriter

COMMAND = [sys.executable, "-m", "localloom_collector"]


@BOTH
def test_what_was_acked_survives_a_kill(served, database):
    """After kill -9 in the middle of a stream every acked chunk is there, and the rest, sent again, is stored once."""
    runs = [passed_run() if i % 2 else failed_run() for i in range(60)]
    chunks = [chunk for run in runs for chunk in run.chunks]
    process = served()
    with Agent(process.address) as agent:
        threading.Timer(0.15, process.process.kill).start()
        with pytest.raises((grpc.RpcError, AssertionError)):
            send_for_ever(agent, chunks)
        acked = set(agent.acks)
    process.kill()
    again = served()
    stored = {(row["run_id"].bytes, row["chunk_seq"]) for row in database.rows("event_chunks")}
    assert acked <= stored
    with Agent(again.address) as agent:
        for at in range(0, len(chunks), 50):
            agent.deliver(*chunks[at : at + 50])
        told = {key: kept[0] for key, kept in agent.acks.items()}
    assert {key for key, disposition in told.items() if disposition == DUPLICATE} == stored
    assert len(database.rows("event_chunks")) == len(chunks)
    received = {row["run_id"]: row["events_received"] for row in database.rows("runs")}
    assert received == {run.run_id: run.seq for run in runs}


def send_for_ever(agent, chunks) -> None:
    """Until the stream breaks."""
    while True:
        for at in range(0, len(chunks), 5):
            agent.deliver(*chunks[at : at + 5])


@BOTH
def test_sigterm_drains(served, database):
    """SIGTERM: streams are told and answered, the process ends with 0, and all that was acked is in the file."""
    process = served()
    run = passed_run()
    with Agent(process.address) as agent:
        assert agent.deliver(*run.chunks) == [STORED] * 4
        code, said = process.terminate()
        while agent.read():
            pass
        assert agent.drain is not None
        assert agent.call.code() is grpc.StatusCode.OK
    assert code == 0
    assert said.startswith(f"listening on {process.address}\n")
    assert "Traceback" not in said
    assert len(database.rows("event_chunks")) == 4


def test_client_that_vanishes_leaves_no_trace(served, database):
    """A client that dies in the middle of a stream costs a line in the log; what it sent is kept."""
    process = served()
    script = (
        "import sys, os; sys.path.insert(0, sys.argv[1])\n"
        "from chunks import passed_run; from stream_client import Agent\n"
        "agent = Agent(sys.argv[2]); agent.deliver(*passed_run().chunks); agent.send(*passed_run().chunks)\n"
        "os._exit(1)\n"
    )
    folder = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", script, folder, process.address], check=False)
    code, said = process.terminate()
    assert (code, "Traceback" in said, "Unexpected" in said) == (0, False, False), said
    assert len(database.rows("event_chunks")) >= 4


def serve(*options: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*COMMAND, "serve", *options], capture_output=True, text=True, timeout=30, check=False
    )


def test_port_in_use_exits_3(database):
    """A port that is taken is said in one sentence, with exit code 3."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = serve("--port", port, "--database-url", database.url)
    assert result.returncode == 3, result.stderr
    assert f"cannot listen on 127.0.0.1:{port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_collectors_do_not_share_a_port(collector, database):
    """A second collector on the port of the first does not start: the kernel would let both have it."""
    port = int(collector.address.split(":")[1])

    async def start_another() -> None:
        other = Collector(SqlWriter(database.engine(writing=True)), Limits(), "0.0-test")
        await other.start(Listen("127.0.0.1", port))

    with pytest.raises(ListenFault, match=f"cannot listen on 127.0.0.1:{port}"):
        asyncio.run(start_another())


def test_serve_makes_the_schema(tmp_path):
    """`serve` on a file that does not exist makes it, with its tables."""
    database = Database(tmp_path / "new.db")
    process = Subprocess(database, tmp_path)
    assert process.terminate()[0] == 0
    assert database.json("runs") == {"runs": [], "total": 0}


def test_ready_file_that_cannot_be_written_exits_3(database, tmp_path):
    """A ready file in a folder that does not exist is said in one sentence, with exit code 3."""
    missing = tmp_path / "no" / "folder" / "ready"
    result = serve("--port", "0", "--database-url", database.url, "--ready-file", str(missing))
    assert result.returncode == 3
    assert f"cannot write {missing}" in result.stderr
    assert "Traceback" not in result.stderr


def test_locked_database_does_not_keep_the_collector_alive(served, database):
    """SIGTERM ends a collector in bounded time while another process holds the database; nothing unstored is acked."""
    process = served()
    holder = sqlite3.connect(database.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with Agent(process.address) as agent:
        agent.send(*passed_run().chunks)
        code, said = process.terminate()
        while agent.read():
            pass
        assert not agent.acks
    holder.close()
    assert code == 0
    assert "Traceback" not in said
    assert database.rows("event_chunks") == []


@pytest.fixture
def imported(tmp_path):
    """All that `serve` imports on its way to the database, by one that gets no further."""
    assert Database(tmp_path / "absent" / "x.db").cli("serve", "--port", "0").exit_code == 3


@pytest.mark.usefixtures("imported")
@pytest.mark.parametrize("exists", [True, False])
def test_read_only_database_exits_3(empty_file, read_only_folder, exists):
    """A database that cannot be written, or made, is said in one sentence, with exit code 3."""
    database = Database(read_only_folder / "collector.db")
    if exists:
        with writable(read_only_folder):
            shutil.copyfile(empty_file, database.path)
            # In a folder that cannot be written WAL has no place for its files.
            with contextlib.closing(sqlite3.connect(database.path)) as db:
                db.execute("PRAGMA journal_mode=DELETE")
            database.path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    # In this process: one of its own could not start as the user that may not write, nor read what is imported late.
    result = database.cli("serve", "--port", "0")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"the database {database.url} cannot be used" in result.stderr


@contextlib.contextmanager
def writable(folder: Path):
    """As whoever owns the folder, for a moment."""
    user = os.geteuid()
    if os.getuid() == 0:
        os.seteuid(0)
    folder.chmod(stat.S_IRWXU)
    yield
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH | stat.S_IRGRP | stat.S_IROTH)
    os.seteuid(user)


def test_other_machines_are_not_served_by_accident(database):
    """Listening beyond this machine is refused as wrong usage, unless it is asked for by name."""
    result = database.cli("serve", "--host", "0.0.0.0", "--port", "0")
    assert result.exit_code == 2
    assert "--insecure" in result.stderr


def test_readers_do_not_wait_for_the_writer(collector, database):
    """Reports are read while the collector runs and another process holds a write transaction."""
    with Agent(collector.address) as agent:
        agent.deliver(*passed_run().chunks)
        holder = sqlite3.connect(database.path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        assert len(database.json("runs")["runs"]) == 1
        holder.execute("ROLLBACK")
        holder.close()
