"""The contract of a stream, over a real channel."""

from __future__ import annotations

import functools
import random
import time
import uuid
import zlib

import grpc
import pytest
from chunks import Run, failed_run, passed_run, seal
from collectors import BOTH
from grpc_health.v1 import health_pb2, health_pb2_grpc
from stream_client import STORED, Agent

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_collector.faults import StorageUnavailable
from localloom_collector.storage.rows import Asides
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Phase

MALFORMED = collector_pb2.NACK_CODE_MALFORMED
TOO_LARGE = collector_pb2.NACK_CODE_TOO_LARGE
NOTHING = Asides()
TABLES = ("runs", "phases", "failures", "http_exchanges", "event_chunks", "hardware_profiles")


def log_event(seq: int, text: str = "x") -> event_pb2.Event:
    return event_pb2.Event(seq=seq, log_line=event_pb2.LogLine(text=text))


def test_hello_says_what_the_server_grants(collector):
    """The server answers a hello with the lower revision, its version, its limits and its clock."""
    with Agent(collector.address, revision=9) as agent:
        assert agent.hello.revision == 1
        assert agent.hello.collector_version == "0.0-test"
        assert agent.hello.max_message_bytes == 4 * 2**20
        assert agent.hello.max_chunk_bytes == 2**18
        assert agent.hello.window_bytes == 2**20
        assert abs(agent.hello.time_unix_nano - time.time_ns()) < 5e9


@pytest.mark.parametrize(
    ("hello", "code"),
    [
        ({"revision": 0}, grpc.StatusCode.FAILED_PRECONDITION),
        ({"machine_id": bytes(16)}, grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
def test_hello_that_cannot_be_answered_ends_the_stream(collector, hello, code):
    """A hello without a revision or a machine ends the stream with a sentence."""
    with pytest.raises(grpc.RpcError) as caught:
        Agent(collector.address, **hello)
    assert caught.value.code() is code
    assert len(caught.value.details()) > 20


def test_stream_begins_with_hello(collector):
    """A stream that begins with chunks is ended with FAILED_PRECONDITION."""
    from localloom.fleet.v1 import collector_pb2_grpc

    with grpc.insecure_channel(collector.address) as channel:
        call = collector_pb2_grpc.CollectorServiceStub(channel).StreamChunks(
            iter(
                [
                    collector_pb2.StreamChunksRequest(
                        batch=collector_pb2.ChunkBatch(chunks=passed_run().chunks)
                    )
                ]
            )
        )
        with pytest.raises(grpc.RpcError) as caught:
            next(call)
    assert caught.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "ClientHello" in caught.value.details()


def test_silent_stream_is_ended(collectors):
    """A client that opens a stream and says nothing is not waited for."""
    from localloom.fleet.v1 import collector_pb2_grpc

    collector = collectors(hello_timeout_s=0.2)
    with grpc.insecure_channel(collector.address) as channel:

        def nothing():
            time.sleep(3)
            yield from ()

        call = collector_pb2_grpc.CollectorServiceStub(channel).StreamChunks(nothing())
        with pytest.raises(grpc.RpcError) as caught:
            next(call)
    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


@BOTH
def test_replays_and_shuffles_change_nothing(collector, database):
    """Chunks sent several times in any order, over several streams, end up in the tables exactly once."""
    runs = [passed_run(), failed_run(), passed_run()]
    chunks = [chunk for run in runs for chunk in run.chunks]
    stored = 0
    for seed in range(4):
        shuffled = chunks * 2
        random.Random(seed).shuffle(shuffled)
        with Agent(collector.address) as agent:
            for at in range(0, len(shuffled), 7):
                agent.deliver(*shuffled[at : at + 7])
            assert not agent.nacks
            stored += sum(d.count(STORED) for d in agent.acks.values())
    assert stored == len(chunks)
    assert len(database.rows("event_chunks")) == len(chunks)
    for run, row in zip(sorted(runs, key=lambda r: r.machine_id), database.rows("runs"), strict=True):
        assert row["run_id"] == run.run_id
        assert row["events_received"] == row["events_expected"] == run.seq
        assert row["chunks_received"] == len(run.chunks)


@BOTH
@pytest.mark.parametrize("ended", [True, False])
def test_order_of_arrival_does_not_matter(collectors, new_database, ended):
    """Whatever order a run's chunks come in, and however they are grouped, the tables end up the same."""
    run = Run()
    run.start().span(Phase.PREFLIGHT).seal()
    run.identify("auto").span(Phase.WEIGHTS, 0.1).span(Phase.COMPILE, 0.2).seal()
    run.identify("tvm").span(Phase.WEIGHTS, 0.3).fetch().seal()
    run.detail()
    run.fail(message="first word").seal()
    run.fail(message="last word").add(detail_shed=event_pb2.DetailShed(chunks=1, events=5, bytes=100))
    run.seal()
    if ended:
        run.end().seal()
    seen = []
    for seed in range(4):
        other = new_database()
        chunks = list(run.chunks)
        random.Random(seed).shuffle(chunks)
        collector = collectors(SqlWriter(other.engine(writing=True)))
        with Agent(collector.address) as agent:
            if seed % 2:
                agent.deliver(*chunks)
            else:
                for chunk in chunks:
                    agent.deliver(chunk)
        seen.append({table: [without_clock(row) for row in other.rows(table)] for table in TABLES})
    assert all(tables == seen[0] for tables in seen)
    assert seen[0]["failures"][0]["evidence"]["errors"][0]["message"] == "last word"
    assert seen[0]["runs"][0]["engine_name"] == "tvm"


def without_clock(row: dict) -> dict:
    """A row without the collector's own times."""
    return {k: v for k, v in row.items() if k not in ("received_at", "last_received_at")}


@functools.cache
def bad_chunks() -> dict[str, tuple[collector_pb2.Chunk, int, str]]:
    """A chunk with one thing wrong, the code it should be refused with, and a word of the reason."""
    good = Run()
    good.start()
    events = good.events

    def chunk(events=events, **claims):
        return seal(
            events,
            **{"run_id": good.run_id.bytes, "machine_id": good.machine_id.bytes, "chunk_seq": 7, **claims},
        )

    detail = {"kind": collector_pb2.CHUNK_KIND_DETAIL}
    bomb = zlib.compress(b"\0" * 10_000_000)
    large = random.Random(0).randbytes(2**18 + 1)
    repeated = [log_event(2), log_event(2)]
    # Three events of which the second says its number twice and the third has none: 1, 2, 3 to who only collects numbers.
    twice = [log_event(1), log_event(2), log_event(0)]
    parts = [b"", event_pb2.Event(seq=3).SerializeToString(), b""]
    said = [event.SerializeToString() + more for event, more in zip(twice, parts, strict=True)]
    hidden = b"".join(b"\x0a" + bytes([len(event)]) + event for event in said)
    return {
        "crc": (chunk(body_crc32=1), MALFORMED, "CRC"),
        "not zlib": (chunk(body=b"rubbish"), MALFORMED, "zlib"),
        "zlib cut short": (chunk(body=zlib.compress(b"x" * 100)[:-3], raw_bytes=100), MALFORMED, "short"),
        "zlib with a tail": (chunk(body=zlib.compress(b"")+b"tail", raw_bytes=0), MALFORMED, "behind"),
        "not protobuf": (
            chunk(body=b"\xff\xff\xff", raw_bytes=3, compression=collector_pb2.COMPRESSION_NONE), MALFORMED, "EventBatch",
        ),
        "empty": (chunk(events=[]), MALFORMED, "events"),
        "event_count": (chunk(event_count=99), MALFORMED, "99"),
        "raw_bytes": (chunk(raw_bytes=3), MALFORMED, "3"),
        "bomb": (chunk(body=bomb, raw_bytes=1000), TOO_LARGE, "unpacked"),
        "honest bomb": (chunk(body=bomb, raw_bytes=10_000_000), TOO_LARGE, "10000000"),
        "large body": (chunk(body=large, raw_bytes=10), TOO_LARGE, "at most"),
        "run_id": (chunk(run_id=b"short"), MALFORMED, "run_id"),
        "run_id of another version": (chunk(run_id=uuid.uuid4().bytes), MALFORMED, "UUIDv7"),
        "machine_id": (chunk(machine_id=bytes(16)), MALFORMED, "machine_id"),
        "chunk_seq 0": (chunk(chunk_seq=0), MALFORMED, "chunk_seq"),
        "chunk_seq beyond": (chunk(chunk_seq=2**63), MALFORMED, "chunk_seq"),
        "kind": (chunk(kind=7), MALFORMED, "kind"),
        "compression": (chunk(compression=7), MALFORMED, "compression"),
        "event 0": (chunk(events=[log_event(0)], **detail), MALFORMED, "follow"),
        "event twice": (chunk(events=repeated, **detail), MALFORMED, "follow"),
        "events in disorder": (chunk(events=[log_event(2), log_event(1)], **detail), MALFORMED, "follow"),
        "event without a number, hidden": (
            chunk(events=twice, body=zlib.compress(hidden), raw_bytes=len(hidden), **detail), MALFORMED, "follow",
        ),
        "outcome in detail": (chunk(**detail), MALFORMED, "run_started"),
        "detail in outcome": (chunk(events=[log_event(1)]), MALFORMED, "log_line"),
        "parent_run_id": (
            chunk(events=[event_pb2.Event(seq=1, run_started=event_pb2.RunStarted(parent_run_id=b"x"))]),
            MALFORMED, "parent",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("name", bad_chunks())
def test_bad_chunk_is_refused_alone(collector, database, name):
    """A bad chunk is nacked with its code and a sentence; its neighbours are stored and the stream goes on."""
    bad, code, word = bad_chunks()[name]
    run = passed_run()
    with Agent(collector.address) as agent:
        first, refused, second = agent.deliver(run.chunks[0], bad, run.chunks[1])
        assert (first, second) == (STORED, STORED)
        assert refused.code == code
        assert word in refused.reason
        assert agent.deliver(*run.chunks[2:]) == [STORED, STORED]
    assert {row["run_id"] for row in database.rows("event_chunks")} == {run.run_id}
    assert len(database.rows("runs")) == 1
    (letter,) = database.rows("dead_letters")
    assert (letter["chunk_seq"], letter["reason"]) == (str(bad.chunk_seq), refused.reason)
    assert bad.SerializeToString().startswith(letter["chunk"])


def test_window_is_kept(collectors):
    """Chunks sent beyond the window are nacked for later; sent again after receipts, they are stored."""
    collector = collectors(window_bytes=2000, max_chunk_bytes=1000)
    run = Run().start()
    run.seal(compress=False)
    for _ in range(12):
        run.fetch(url="https://example.org/" + "x" * 500).seal(compress=False)
    with Agent(collector.address) as agent:
        agent.deliver(*run.chunks)
        late = {key for key, nacks in agent.nacks.items()}
        assert {n.code for nacks in agent.nacks.values() for n in nacks} == {
            collector_pb2.NACK_CODE_WINDOW_EXCEEDED
        }
        assert len(agent.acks) >= 3
        again = [chunk for chunk in run.chunks if (chunk.run_id, chunk.chunk_seq) in late]
        assert again
        agent.nacks.clear()
        for chunk in again:
            assert agent.deliver(chunk) == [STORED]


class FailingWriter:
    """Storage that fails as told: `unavailable` times, and for ever on a chunk number in `poison`."""

    def __init__(self, writer: SqlWriter, unavailable: int = 0, poison: frozenset[int] = frozenset()) -> None:
        self.writer, self.unavailable, self.poison = writer, unavailable, poison

    def write(self, chunks, asides=NOTHING):
        """Fail as told, or write."""
        if chunks and self.unavailable > 0:
            self.unavailable -= 1
            raise StorageUnavailable("database is locked")
        if any(chunk.key.chunk_seq in self.poison for chunk in chunks):
            raise RuntimeError("value out of range")
        return self.writer.write(chunks, asides)

    def close(self) -> None:
        """Close the real writer."""
        self.writer.close()


def test_unavailable_database_is_tried_again(collectors, database):
    """A database that is locked for a moment costs time, not chunks."""
    collector = collectors(FailingWriter(SqlWriter(database.engine(writing=True)), unavailable=2))
    with Agent(collector.address) as agent:
        assert agent.deliver(*passed_run().chunks) == [STORED] * 4


@BOTH
def test_unavailable_database_puts_chunks_off(collectors, database):
    """When the database stays unavailable the chunks are nacked for later, and are stored when it is back."""
    writer = FailingWriter(SqlWriter(database.engine(writing=True)), unavailable=1000)
    collector = collectors(writer, retry_s=0.2)
    run = passed_run()
    with Agent(collector.address) as agent:
        assert {n.code for n in agent.deliver(*run.chunks)} == {collector_pb2.NACK_CODE_UNAVAILABLE}
        assert database.rows("event_chunks") == []
        writer.unavailable = 0
        agent.nacks.clear()
        assert agent.deliver(*run.chunks) == [STORED] * 4


@BOTH
def test_chunk_that_the_database_refuses_is_set_aside(collectors, database):
    """One chunk that breaks a transaction does not take its group with it."""
    collector = collectors(FailingWriter(SqlWriter(database.engine(writing=True)), poison=frozenset({2})))
    run = passed_run()
    with Agent(collector.address) as agent:
        first, second, *rest = agent.deliver(*run.chunks)
        assert [first, *rest] == [STORED] * 3
        assert second.code == MALFORMED
    assert [row["chunk_seq"] for row in database.rows("event_chunks")] == [1, 3, 4]


def test_chunks_that_come_one_by_one_are_written_together(collectors, database):
    """Groups begin no closer together than the limits say: what comes meanwhile shares a transaction."""
    groups = []

    class CountedWriter(SqlWriter):
        def write(self, chunks, asides=NOTHING):
            groups.append(len(chunks))
            return super().write(chunks, asides)

    collector = collectors(CountedWriter(database.engine(writing=True)), group_s=3.0)
    run = Run().start()
    run.seal()
    for _ in range(15):
        run.add(log_line=event_pb2.LogLine(text="x"))
        run.seal(kind=collector_pb2.CHUNK_KIND_DETAIL)
    with Agent(collector.address) as agent:
        for chunk in run.chunks:
            agent.send(chunk)
            time.sleep(0.05)  # a group of one takes less
        while agent.answers < len(run.chunks):
            assert agent.read()
    assert sum(groups) == len(run.chunks)
    assert len(groups) <= 4


def test_full_queue_holds_streams_back(collectors):
    """A queue with room for one chunk still passes every chunk of several streams on."""
    collector = collectors(queue_bytes=1, group_chunks=1)
    runs = [passed_run() for _ in range(5)]
    agents = [Agent(collector.address) for _ in runs]
    for agent, run in zip(agents, runs, strict=True):
        agent.send(*run.chunks)
    for agent, run in zip(agents, runs, strict=True):
        while agent.answers < len(run.chunks):
            assert agent.read()
        assert [disposition for kept in agent.acks.values() for disposition in kept] == [STORED] * 4
        agent.__exit__()


def test_half_closed_stream_gets_its_receipts(collector):
    """A client that closes its side after its chunks still gets every answer, and then the stream's end."""
    run = passed_run()
    with Agent(collector.address) as agent:
        agent.send(*run.chunks)
        agent.outgoing.put(None)
        while agent.read():
            pass
        assert len(agent.acks) == len(run.chunks)
        assert agent.call.code() is grpc.StatusCode.OK


@BOTH
def test_drain_answers_what_was_read(collectors, database):
    """A draining collector says so, answers what it has read, ends the stream with OK, and takes no new one."""
    collector = collectors()
    run = passed_run()
    with Agent(collector.address) as agent:
        agent.deliver(*run.chunks[:2])
        agent.send(*run.chunks[2:])
        collector.stop()
        while agent.read():
            pass
        assert agent.drain.reconnect_delay_ms >= 1000
        assert agent.call.code() is grpc.StatusCode.OK
        acked = {seq for _, seq in agent.acks}
    assert {1, 2} <= acked == {row["chunk_seq"] for row in database.rows("event_chunks")}
    with pytest.raises(grpc.RpcError):
        Agent(collector.address)


def test_health(collector):
    """The gRPC health service says SERVING, for the server and for the collector's service."""
    with grpc.insecure_channel(collector.address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for name in ("", "localloom.fleet.v1.CollectorService"):
            answer = stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=5)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


@BOTH
def test_clock_skew_is_kept(collector, database):
    """A machine's clock is compared with the collector's at its hello; positive means it is behind."""
    machine = uuid.uuid4()
    with Agent(collector.address, machine, time_unix_nano=time.time_ns() - 3600 * 10**9) as agent:
        agent.deliver(*passed_run(machine_id=machine).chunks)
    row = database.row("machines")
    assert row["machine_id"] == machine
    assert row["clock_skew_s"] == pytest.approx(3600, abs=5)
    assert row["agent_version"] == "0.1.0"


@BOTH
def test_later_agents_are_understood_in_part(collector, database):
    """Enum numbers and payloads of a later agent are kept as unknown; the rest of the chunk counts."""
    run = Run(purpose=99).start()
    run.add()
    run.add(span_ended=event_pb2.SpanEnded(span_id=1, phase=99, status=99, duration_nano=5))
    run.add(run_ended=event_pb2.RunEnded(outcome=99, events=5))
    with Agent(collector.address) as agent:
        assert agent.deliver(run.seal()) == [STORED]
    row = database.row("runs")
    assert (row["purpose"], row["outcome"], row["events_received"]) == ("unknown", "unknown", 5)
    assert database.row("phases")["phase"] == "unknown"


@BOTH
def test_hostile_values_are_stored_harmlessly(collector, database):
    """NUL, NaN, infinities, lone surrogates, deep JSON and 64-bit extremes neither break ingest nor a report."""
    run = Run(labels={"a\0b": "c\0d"}, temperature=float("nan")).start(
        {"host.memory": 2**63 - 1, "hw.gpu.memory": float("inf"), "x": float("nan")},
        document='{"a": NaN, "b": "\\ud800", "c": 1' + "0" * 400 + ', "d": ' + "[" * 500 + "]" * 500 + "}",
    )
    run.add(model_resolved=event_pb2.ModelResolved(id="m\0", bytes=2**64 - 1))
    run.add(
        generation=event_pb2.Generation(
            tokens_per_s=float("inf"),
            numeric_check=event_pb2.NumericCheck(nonfinite=2**64 - 1, status="odd\x1b[31m"),
        )
    )
    run.add(detail_shed=event_pb2.DetailShed(chunks=2**64 - 1, events=2**64 - 1, bytes=2**64 - 1))
    run.add(failure_diagnosed=event_pb2.FailureDiagnosed(confidence=float("nan"), summary="\x1b[2J\0"))
    run.end()
    run.events[-1].time_unix_nano = -(2**63)
    with Agent(collector.address) as agent:
        assert agent.deliver(run.seal()) == [STORED]
    document = database.json("show", str(run.run_id))
    assert document["model"]["id"] == "m\ufffd"
    assert document["generation"]["tokens_per_s"] is None
    assert "\x1b" not in database.cli("show", str(run.run_id)).stdout
    for command in ("runs", "failures", "hardware", "phases"):
        assert database.cli(command).exit_code == 0
