"""The sieve says of a chunk's body what a look at each event would say, or leaves it to that look."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_collector.ingest import sieve

PAYLOADS = {
    "detail": [
        {"progress": event_pb2.Progress(phase=5, done=1.5, total=3)},
        {"log_line": event_pb2.LogLine(text="¿funciona?")},
    ],
    "outcome": [
        {"run_started": event_pb2.RunStarted(labels={"site": "lab"})},
        {"run_ended": event_pb2.RunEnded(phases=[event_pb2.PhaseSummary(phase=1)])},
    ],
}
KINDS = st.sampled_from(sorted(PAYLOADS))


def body(*events: bytes) -> bytes:
    """A batch of events that are bytes already, each shorter than 128."""
    return b"".join(b"\x0a" + bytes([len(event)]) + event for event in events)


def event(seq: int, payload: dict, at: int = 1) -> bytes:
    """One event, as our serialisers write it."""
    return event_pb2.Event(seq=seq, time_unix_nano=at, elapsed_nano=7, **payload).SerializeToString()


@given(KINDS, st.lists(st.tuples(st.integers(1, 2**63), st.integers(1, 2**62), st.booleans()), min_size=1))
def test_numbers_and_times_are_those_of_the_events(kind, drawn):
    """Of events as they ordinarily are, all numbers and times come out in their order, whatever the payloads."""
    raw = body(*(event(seq, PAYLOADS[kind][which], at) for seq, at, which in drawn))
    assert sieve.sift(raw, kind) == ([seq for seq, *_ in drawn], [at for _, at, _ in drawn])


@pytest.mark.parametrize("kind", sorted(PAYLOADS))
def test_what_is_unusual_is_left_to_a_closer_look(kind):
    """A payload of the other kind or of a later agent, a number that is missing, twice there or packed, no event: None."""
    payload = PAYLOADS[kind][0]
    plain = event(1, payload)
    (other,) = (name for name in PAYLOADS if name != kind)
    numberless = event(0, payload)
    unusual = {
        "the other kind": body(plain, event(2, PAYLOADS[other][0])),
        "a later agent's payload": body(plain, event(2, {}) + b"\xa2\x1f\x01x"),
        "no number": body(plain, numberless),
        "no time": body(plain, event(2, payload, at=0)),
        "two numbers, and none": body(b"\x08\x01" + plain, numberless),
        "none, and two numbers": body(numberless, plain + b"\x08\x02"),
        "packed numbers": body(b"\x0a\x02\x01\x02" + numberless, numberless),
        "an empty event": body(plain, b""),
        "no event": b"",
    }
    assert {name: sieve.sift(raw, kind) for name, raw in unusual.items()} == dict.fromkeys(unusual)
    assert sieve.sift(body(plain), kind) == ([1], [1])


@given(st.binary(max_size=60), KINDS)
def test_it_parses_what_a_batch_parses(damage, kind):
    """Bytes are no batch to it exactly where a payload of this kind is none: nothing passes that nobody can read later."""
    raw = body(event(1, PAYLOADS[kind][0])) + damage
    try:
        sifted = sieve.sift(raw, kind)
    except DecodeError:
        sifted = None
    if sifted is not None:
        assert [e.seq for e in collector_pb2.EventBatch.FromString(raw).events] == sifted[0]
