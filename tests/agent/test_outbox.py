"""The outbox: what is kept, what is let go of, what survives."""

import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_agent.outbox import Outbox, OutboxError
from localloom_agent.outbox.chunks import MAX_RAW_BYTES, bodies
from localloom_agent.runid import uuid7
from localloom_agent.supervisor.run import close_dead_runs

MACHINE = uuid.uuid4().bytes


def log_event(seq: int, text: str = "x") -> event_pb2.Event:
    return event_pb2.Event(seq=seq, time_unix_nano=seq, log_line=event_pb2.LogLine(text=text))


def open_run(outbox: Outbox, started: int = 1_700_000_000_000_000_000) -> bytes:
    run_id = uuid7(started).bytes
    outbox.open_run(run_id, MACHINE, started)
    return run_id


def events_of(chunk: bytes) -> list[event_pb2.Event]:
    import zlib

    parsed = collector_pb2.Chunk.FromString(chunk)
    raw = (
        zlib.decompress(parsed.body) if parsed.compression == collector_pb2.COMPRESSION_ZLIB else parsed.body
    )
    assert len(raw) == parsed.raw_bytes
    events = list(collector_pb2.EventBatch.FromString(raw).events)
    assert len(events) == parsed.event_count
    return events


@pytest.fixture
def outbox(tmp_path):
    store = Outbox(tmp_path / "outbox.sqlite")
    yield store
    store.close()


def test_chunks_are_numbered_from_one_and_come_back_in_order(outbox):
    """Outcome and detail share one count; the bytes stored are the bytes to send."""
    run = open_run(outbox)
    outbox.append(run, bodies([log_event(1)], detail=False))
    outbox.append(run, [*bodies([log_event(2)], detail=False), *bodies([log_event(3)], detail=True)])
    pending = outbox.pending(0, 10**6)
    assert [p.chunk_seq for p in pending] == [1, 2, 3]
    assert [collector_pb2.Chunk.FromString(p.chunk).kind for p in pending] == [1, 1, 2]
    assert [events_of(p.chunk)[0].seq for p in pending] == [1, 2, 3]


def test_many_events_are_split_below_the_size_limit():
    """No body exceeds the raw limit by more than one event, and none is lost."""
    made = bodies([log_event(n, "y" * 1000) for n in range(1, 501)], detail=True)
    assert len(made) > 1
    assert all(body.raw_bytes <= MAX_RAW_BYTES + 2000 for body in made)
    assert sum(body.events for body in made) == 500


def test_an_ack_lets_go_and_a_closed_run_is_forgotten_with_its_last_chunk(outbox):
    """Nothing of a delivered run stays behind; an open one stays."""
    done, going = open_run(outbox), open_run(outbox)
    outbox.append(done, bodies([log_event(1)], detail=False), close=True)
    outbox.append(going, bodies([log_event(1)], detail=False))
    outbox.acked([(done, 1), (going, 1)])
    assert outbox.waiting() == 0
    with sqlite3.connect(outbox.path) as db:
        assert [row[0] for row in db.execute("SELECT run_id FROM runs")] == [going]
        assert db.execute("SELECT value FROM counters WHERE name='bytes'").fetchone() == (0,)


def test_a_refused_chunk_is_set_aside_with_its_reason(outbox):
    """It is not sent again, and not thrown away."""
    run = open_run(outbox)
    outbox.append(run, bodies([log_event(1)], detail=False))
    outbox.refused([(run, 1, "too_large", "it has 9 bytes")])
    assert outbox.pending(0, 10**6) == []
    (refusal,) = outbox.refusals()
    assert (refusal.code, refusal.reason) == ("too_large", "it has 9 bytes")


def test_a_full_outbox_sheds_detail_oldest_first_and_never_outcomes(tmp_path):
    """The bound holds as long as there is detail; the gap is told to the run that is open."""
    outbox = Outbox(tmp_path / "outbox.sqlite", max_bytes=20_000)
    run = open_run(outbox)
    for n in range(1, 41):
        noise = os.urandom(700).hex()
        outbox.append(run, bodies([log_event(n, noise)], detail=n % 2 == 0))
    kept = outbox.pending(0, 10**9)
    kinds = [collector_pb2.Chunk.FromString(p.chunk).kind for p in kept]
    assert kinds.count(collector_pb2.CHUNK_KIND_OUTCOME) == 20
    detail = [p.chunk_seq for p in kept if collector_pb2.Chunk.FromString(p.chunk).kind == 2]
    gap = outbox.take_shed(run)
    assert gap.chunks == 20 - len(detail) > 0
    assert (gap.first_chunk_seq, gap.events) == (2, gap.chunks)
    assert not detail or min(detail) > gap.last_chunk_seq
    assert outbox.take_shed(run) is None
    assert outbox.status().shed_chunks == gap.chunks


def test_a_gap_in_a_run_that_has_ended_is_reported_for_it(tmp_path):
    """The outbox appends the event that says so, as one more outcome chunk of that run."""
    outbox = Outbox(tmp_path / "outbox.sqlite", max_bytes=5_000)
    ended = open_run(outbox)
    outbox.append(ended, bodies([log_event(1, os.urandom(3000).hex())], detail=True))
    outbox.append(ended, bodies([log_event(2)], detail=False), close=True)
    other = open_run(outbox)
    outbox.append(other, bodies([log_event(1, os.urandom(3000).hex())], detail=False))
    last = [p for p in outbox.pending(0, 10**9) if p.run_id == ended][-1]
    (event,) = events_of(last.chunk)
    assert (last.chunk_seq, event.seq, event.detail_shed.chunks) == (3, 3, 1)


def test_a_damaged_row_is_counted_and_set_aside_not_sent(outbox):
    """A flipped byte in the file costs one chunk, not the outbox."""
    run = open_run(outbox)
    outbox.append(run, [*bodies([log_event(1)], detail=False), *bodies([log_event(2)], detail=False)])
    with sqlite3.connect(outbox.path) as db:
        db.execute("UPDATE chunks SET chunk = CAST(x'00' || substr(chunk, 2) AS BLOB) WHERE chunk_seq=1")
    assert [p.chunk_seq for p in outbox.pending(0, 10**6)] == [2]
    assert outbox.status().corrupt_chunks == 1
    assert [r.code for r in outbox.refusals()] == ["corrupt"]


WRITER = """
import sys, pathlib
sys.path.insert(0, {here!r})
from test_outbox import *
outbox = Outbox(pathlib.Path({path!r}))
run = open_run(outbox)
n = 0
while True:
    n += 1
    outbox.append(run, bodies([log_event(n)], detail=False), "load")
    print(n, flush=True)
"""


def test_kill_9_loses_nothing_that_was_appended(tmp_path):
    """Every append that returned is there after the writer was killed in the middle of another."""
    path = tmp_path / "outbox.sqlite"
    code = WRITER.format(here=str(Path(__file__).parent), path=str(path))
    writer = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    said = 0
    while said < 200:
        said = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    said = max([said, *map(int, rest)])
    outbox = Outbox(path)
    seqs = [p.chunk_seq for p in outbox.pending(0, 10**9)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) in (said, said + 1)

    assert close_dead_runs(outbox) == 1
    tail = [e for p in outbox.pending(0, 10**9)[len(seqs) :] for e in events_of(p.chunk)]
    assert [e.WhichOneof("payload") for e in tail] == ["failure_diagnosed", "run_ended"]
    assert tail[-1].run_ended.outcome == 3  # crashed
    assert tail[0].failure_diagnosed.phase == 7  # load
    assert [e.seq for e in tail] == [len(seqs) + 1, len(seqs) + 2]
    assert close_dead_runs(outbox) == 0


def test_a_run_of_a_living_process_is_not_closed(outbox):
    """Another agent's start leaves the runs of this one alone."""
    open_run(outbox)
    assert close_dead_runs(outbox) == 0


def test_a_file_that_is_no_outbox_is_moved_aside(tmp_path):
    """Garbage under the outbox's name costs nobody a manual repair; it lies beside, untouched."""
    path = tmp_path / "outbox.sqlite"
    garbage = b"this is not a database, though it is long enough to look at" * 100
    path.write_bytes(garbage)
    outbox = Outbox(path)
    run = open_run(outbox)
    outbox.append(run, bodies([log_event(1)], detail=False))
    assert outbox.status().salvages == 1
    (aside,) = tmp_path.glob("outbox.damaged-*.sqlite")
    assert aside.read_bytes() == garbage


def test_a_path_that_cannot_be_an_outbox_is_named(tmp_path):
    """One sentence: what, which file, what to do."""
    path = tmp_path / "outbox.sqlite"
    path.mkdir()
    with pytest.raises(OutboxError, match=r"cannot open the outbox .*outbox\.sqlite.*--state-dir"):
        Outbox(path)


def test_a_file_that_is_damaged_under_a_running_agent_is_salvaged(outbox):
    """What can be read goes into a fresh file, numbering goes on where it was, and nothing is given out twice."""
    run = open_run(outbox)
    for n in range(1, 201):
        outbox.append(run, bodies([log_event(n, os.urandom(300).hex())], detail=False))
    outbox._database.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = {p.chunk_seq: p.chunk for p in outbox.pending(0, 10**9)}
    outbox._database.db.execute("PRAGMA shrink_memory")  # what SQLite holds in memory would hide the damage
    with outbox.path.open("r+b") as file:  # torn: the rest of the file is noise
        file.seek(outbox.path.stat().st_size // 2)
        file.write(os.urandom(outbox.path.stat().st_size // 4))
    outbox.append(run, bodies([log_event(201)], detail=False))
    after = {p.chunk_seq: p.chunk for p in outbox.pending(0, 10**9)}
    assert after.pop(201)
    assert after.items() <= before.items()
    assert 0 < len(after) < 200
    assert outbox.status().salvages == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(1, 60),
    st.one_of(
        st.tuples(st.just("cut"), st.floats(0, 1), st.just(0)),
        st.tuples(st.just("flip"), st.floats(0, 1), st.integers(1, 2000)),
    ),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_whatever_happens_to_the_file_the_outbox_opens_and_invents_nothing(
    tmp_path_factory, count, damage, acks, noise
):
    """Against a list as oracle: what is left is what was appended, byte for byte, and the outbox goes on."""
    path = tmp_path_factory.mktemp("outbox") / "outbox.sqlite"
    outbox = Outbox(path)
    run = open_run(outbox)
    for n in range(1, count + 1):
        outbox.append(run, bodies([log_event(n, noise.randbytes(200).hex())], detail=bool(n % 3)))
    if acks:
        outbox.acked([(run, n) for n in range(1, count // 2)])
    oracle = {(p.run_id, p.chunk_seq): p.chunk for p in outbox.pending(0, 10**9)}
    outbox.close()
    kind, where, length = damage
    data = bytearray(path.read_bytes())
    place = int(where * (len(data) - 1))
    if kind == "cut":
        del data[place:]
    else:
        data[place : place + length] = noise.randbytes(len(data[place : place + length]))
    path.write_bytes(data)

    again = Outbox(path)
    left = {(p.run_id, p.chunk_seq): p.chunk for p in again.pending(0, 10**9)}
    assert left.items() <= oracle.items()
    other = open_run(again)
    again.append(other, bodies([log_event(1)], detail=False))
    assert (other, 1) in {(p.run_id, p.chunk_seq) for p in again.pending(0, 10**9)}
    again.status()
    again.refusals()
    again.close()


def test_an_outbox_of_a_newer_agent_is_left_alone(tmp_path):
    """It says to upgrade, and changes nothing."""
    path = tmp_path / "outbox.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(OutboxError, match="newer agent"):
        Outbox(path)


def test_the_disk_that_refuses_leaves_nothing_half_done(tmp_path):
    """A transaction that fails is rolled back whole, and the outbox goes on when there is room again."""
    outbox = Outbox(tmp_path / "outbox.sqlite")
    run = open_run(outbox)
    pages = outbox._database.db.execute("PRAGMA page_count").fetchone()[0]
    outbox._database.db.execute(
        f"PRAGMA max_page_count={pages + 2}"
    )  # SQLite's own way to say: the disk is full
    with pytest.raises(OutboxError, match=r"full.*free some space"):
        outbox.append(run, bodies([log_event(1, os.urandom(40_000).hex())], detail=False))
    outbox._database.db.execute("PRAGMA max_page_count=1000000")
    outbox.append(run, bodies([log_event(1)], detail=False))
    assert [p.chunk_seq for p in outbox.pending(0, 10**9)] == [1]
