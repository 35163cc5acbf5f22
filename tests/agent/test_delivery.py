"""From the agent's outbox to the collector's tables, with a real collector on a real port."""

import json
import queue
import signal
import socket
import threading
import time
import uuid
import zlib
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from agent_process import wait_for_child
from collector_process import Collector
from test_outbox import open_run

from localloom.fleet.v1 import collector_pb2, collector_pb2_grpc, event_pb2
from localloom_agent.delivery import Sender
from localloom_agent.outbox import Outbox
from localloom_agent.outbox.chunks import bodies, checksum


def stored(collector, run_id):
    """Chunk numbers of a run in the collector's database, as they are: a duplicate would show."""
    return [
        row[0]
        for row in collector.rows(
            "SELECT chunk_seq FROM event_chunks WHERE run_id=? ORDER BY 1", uuid.UUID(run_id).bytes
        )
    ]


def test_a_run_arrives_whole(agent, collector):
    """What the collector tells of a run is what the agent said of it."""
    done, document = agent.scripted("--collector", collector.address, "--label", "room=lab")
    assert done.returncode == 0, done.stderr
    assert document["delivery"] == {"collector": collector.address, "state": "delivered"}
    shown = collector.ask("show", document["run_id"])
    for key in ("run_id", "parent_run_id", "purpose", "outcome"):
        assert shown[key] == document[key], key
    for key in ("engine", "model"):
        assert document[key].items() <= shown[key].items(), key
    assert [(p["phase"], p["status"]) for p in shown["phases"]] == [
        (p["phase"], p["status"]) for p in document["phases"]
    ]
    assert shown["generation"]["completion_tokens"] == document["generation"]["completion_tokens"]
    assert shown["machine"]["cpu"] == document["machine"]["cpu"]
    waiting = json.loads(agent.run("outbox", "--json").stdout)["outbox"]
    assert (waiting["pending_chunks"], waiting["refused"]) == (0, [])
    seqs = stored(collector, document["run_id"])
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_failure_arrives_with_its_evidence(agent, collector):
    """The collector judges again, from the same evidence."""
    _, document = agent.scripted("--collector", collector.address, fault="fault@weights")
    shown = collector.ask("show", document["run_id"])
    assert shown["outcome"] == "failed"
    assert shown["failure"]["category"] == "artifact.corrupt" == document["failure"]["category"]
    assert shown["failure"]["signature"] == document["failure"]["signature"]
    assert shown["failure"]["evidence"]["facts"]["artifact.file"] == "params_shard_0.bin"


def test_an_unreachable_collector_does_not_change_the_result(agent, tmp_path):
    """The run is kept, the probe's own result stands, and a later flush delivers it."""
    collector = Collector(tmp_path)
    done, document = agent.scripted("--collector", collector.address)
    assert done.returncode == 0
    assert document["delivery"]["state"] == "spooled"
    assert "kept" in done.stderr
    assert agent.run("outbox", "flush", "--collector", collector.address, "--timeout", "1").returncode == 1
    collector.start()
    try:
        flushed = agent.run("outbox", "flush", "--collector", collector.address)
        assert flushed.returncode == 0, flushed.stderr
        assert "0 still waiting" in flushed.stdout
        assert collector.ask("show", document["run_id"])["outcome"] == "passed"
    finally:
        collector.stop()


def test_a_later_run_delivers_what_an_earlier_one_could_not(agent, tmp_path):
    """Nobody has to remember to flush."""
    collector = Collector(tmp_path)
    _, first = agent.scripted("--collector", collector.address)
    collector.start()
    try:
        _, second = agent.scripted("--collector", collector.address)
        assert second["delivery"]["state"] == "delivered"
        agent.run("outbox", "flush", "--collector", collector.address)
        assert {r["run_id"] for r in collector.ask("runs")["runs"]} == {first["run_id"], second["run_id"]}
    finally:
        collector.stop()


def test_a_collector_killed_in_the_middle_of_a_run_loses_and_doubles_nothing(agent, collector):
    """Kill -9 and a restart while the run streams: in the end every chunk is stored exactly once."""
    running = agent.start(
        "probe",
        "--engine",
        "scripted",
        "--json",
        "-q",
        "--collector",
        collector.address,
        plugin=True,
        LOCALLOOM_TEST_STEPS="40",
        LOCALLOOM_TEST_PAUSE="0.05",
    )
    deadline = time.monotonic() + 60
    while not collector.rows("SELECT 1 FROM event_chunks WHERE chunk_seq > 3"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    collector.kill()
    time.sleep(1.5)
    collector.start()
    out, err = running.communicate(timeout=90)
    assert running.returncode == 0, err
    document = json.loads(out)
    agent.run("outbox", "flush", "--collector", collector.address)
    seqs = stored(collector, document["run_id"])
    assert seqs == list(range(1, len(seqs) + 1))
    shown = collector.ask("show", document["run_id"])
    assert shown["outcome"] == "passed"
    assert [p["status"] for p in shown["phases"]] == [p["status"] for p in document["phases"]]
    (received,) = collector.rows("SELECT sum(event_count) FROM event_chunks")
    (expected,) = collector.rows("SELECT events_expected FROM runs")
    assert received == expected


def test_a_killed_agents_run_is_closed_as_crashed_by_the_next_start(agent, collector):
    """Kill -9 of the agent in the middle; what it had said is delivered, and how it ended."""
    running = agent.start(
        "probe", "--engine", "scripted", "-q", "--collector", collector.address, fault="hang@load"
    )
    deadline = time.monotonic() + 60
    while not collector.rows("SELECT 1 FROM phases WHERE phase='compile' AND status='passed'"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    running.kill()
    running.communicate()
    done, _ = agent.scripted("--collector", collector.address)
    assert "closed as crashed" in done.stderr
    agent.run("outbox", "flush", "--collector", collector.address)
    outcomes = {r["run_id"]: r["outcome"] for r in collector.ask("runs")["runs"]}
    assert sorted(outcomes.values()) == ["crashed", "passed"]
    (crashed,) = (r for r, o in outcomes.items() if o == "crashed")
    shown = collector.ask("show", crashed)
    assert shown["failure"]["phase"] == "load"
    assert shown["failure"]["evidence"]["errors"][0]["type"] == "SupervisorDied"


def test_a_cancelled_run_is_delivered_as_cancelled(agent, collector):
    """Ctrl-C delivers what there is."""
    running = agent.start(
        "probe", "--engine", "scripted", "-q", "--collector", collector.address, fault="hang@load"
    )
    wait_for_child(running.pid)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert running.returncode == 130
    assert [r["outcome"] for r in collector.ask("runs")["runs"]] == ["cancelled"]


@pytest.fixture
def outbox(tmp_path):
    store = Outbox(tmp_path / "outbox.sqlite")
    yield store
    store.close()


def ship(outbox, collector, seconds=10.0):
    sender = Sender(outbox, collector.address, uuid.UUID(int=1))
    sender.start()
    done = sender.deliver(seconds)
    sender.stop()
    return done


def test_a_refused_chunk_is_set_aside_and_its_neighbours_arrive(outbox, collector):
    """A malformed chunk gets its nack; the stream goes on, and the chunk is not sent again."""
    run = open_run(outbox, time.time_ns())
    for n in (1, 2, 3):
        outbox.append(
            run, bodies([event_pb2.Event(seq=n, progress=event_pb2.Progress(phase=1))], detail=True)
        )
    with outbox._transaction() as db:
        chunk = collector_pb2.Chunk.FromString(outbox.pending(0, 10**6)[1].chunk)
        chunk.body = b"\xff\xff\xff"
        chunk.body_crc32, chunk.raw_bytes = zlib.crc32(chunk.body), 3
        raw = chunk.SerializeToString()
        crc = checksum(run, 2, detail=True, chunk=raw)
        db.execute("UPDATE chunks SET chunk=?, crc32=? WHERE chunk_seq=2", (raw, crc))
    assert ship(outbox, collector)
    assert stored(collector, str(uuid.UUID(bytes=run))) == [1, 3]
    (refusal,) = outbox.refusals()
    assert (refusal.chunk_seq, refusal.code) == (2, "malformed")
    assert refusal.reason


def test_many_chunks_go_in_few_messages_within_the_window(outbox, collector):
    """Five hundred chunks of a long absence arrive in seconds, each once."""
    run = open_run(outbox, time.time_ns())
    for n in range(1, 501):
        event = event_pb2.Event(seq=n, log_line=event_pb2.LogLine(text="y" * 3000))
        outbox.append(run, bodies([event], detail=True))
    assert ship(outbox, collector, 30)
    assert stored(collector, str(uuid.UUID(bytes=run))) == list(range(1, 501))


class DrainingCollector(collector_pb2_grpc.CollectorServiceServicer):
    """Says hello, that it is going down, and when to come back; remembers when it was called."""

    def __init__(self, reconnect_delay_ms):
        self.reconnect_delay_ms = reconnect_delay_ms
        self.calls = queue.SimpleQueue()

    def StreamChunks(self, request_iterator, context):  # noqa: ARG002, N802  # gRPC asks for it
        self.calls.put(time.monotonic())
        next(request_iterator)
        hello = collector_pb2.ServerHello(revision=1, max_message_bytes=2**20, window_bytes=2**20)
        yield collector_pb2.StreamChunksResponse(hello=hello)
        drain = collector_pb2.Drain(reconnect_delay_ms=self.reconnect_delay_ms, reason="an upgrade")
        yield collector_pb2.StreamChunksResponse(drain=drain)


def test_an_agent_stays_away_as_long_as_a_draining_collector_asks(outbox):
    """Two seconds are asked for; a stream that was merely lost would be made anew within half of one."""
    run = open_run(outbox, time.time_ns())
    outbox.append(run, bodies([event_pb2.Event(seq=1)], detail=True))
    draining = DrainingCollector(2000)
    server = grpc.server(ThreadPoolExecutor(4))
    collector_pb2_grpc.add_CollectorServiceServicer_to_server(draining, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sender = Sender(outbox, f"127.0.0.1:{port}", uuid.UUID(int=1))
    sender.start()
    try:
        first, second = draining.calls.get(timeout=30), draining.calls.get(timeout=30)
    finally:
        sender.stop()
        server.stop(0)
    assert second - first >= 2.0
    assert outbox.waiting() == 1


def test_what_is_no_collector_is_said_and_nothing_is_lost(outbox):
    """A port where something else answers: one sentence in last_error, the chunks stay."""
    run = open_run(outbox, time.time_ns())
    outbox.append(run, bodies([event_pb2.Event(seq=1)], detail=False))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        sender = Sender(outbox, f"127.0.0.1:{server.getsockname()[1]}", uuid.UUID(int=1))
        sender.start()
        assert not sender.deliver(3)
        sender.stop()
    assert sender.last_error
    assert outbox.waiting() == 1
