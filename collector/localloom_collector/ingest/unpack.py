"""Opens a chunk: checks every claim it makes, and never unpacks more than the limits allow."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from operator import lt
from typing import NamedTuple
from uuid import UUID

from google.protobuf.message import DecodeError

from localloom.fleet.v1 import collector_pb2
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import ChunkKey

from . import sieve
from .clean import INT64_MAX
from .refusal import TOO_LARGE, Refusal, malformed

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_END_OF_YEARS_MS = int((datetime(9999, 1, 1, tzinfo=timezone.utc) - EPOCH).total_seconds()) * 1000
KINDS = {collector_pb2.CHUNK_KIND_OUTCOME: "outcome", collector_pb2.CHUNK_KIND_DETAIL: "detail"}
COMPRESSIONS = {collector_pb2.COMPRESSION_NONE: "none", collector_pb2.COMPRESSION_ZLIB: "zlib"}


class Start(NamedTuple):
    """When a run started."""

    at: datetime
    clamped: bool
    """The time in run_id cannot be that of a run: `at` is the collector's clock instead."""
    unsure: bool
    """On another day the same run_id might be judged otherwise: what the run's row says holds."""


class Unpacked(NamedTuple):
    """A chunk whose claims hold."""

    key: ChunkKey
    start: Start
    kind: str
    compression: str
    raw: bytes
    """The serialised EventBatch, which parses as one."""
    first_nano: int
    """The first event's `time_unix_nano`."""
    last_nano: int
    """The last event's."""


def unpack(chunk: collector_pb2.Chunk, now: datetime, limits: Limits) -> Unpacked:
    """Check and open one chunk.

    Args:
        chunk: as it came.
        now: the collector's clock.
        limits: the sizes and times allowed.

    Raises:
        Refusal: MALFORMED or TOO_LARGE, with the first thing that is wrong.
    """
    run = _run(chunk.machine_id, chunk.run_id)
    key = ChunkKey(run.machine_id, run.run_id, chunk.chunk_seq)
    start = _start(run, now, limits)
    if not 1 <= key.chunk_seq <= INT64_MAX:
        raise malformed("chunk_seq counts from 1 to 2^63 - 1")
    kind = KINDS.get(chunk.kind)
    if kind is None:
        raise malformed(f"kind {chunk.kind} is not one this collector knows")
    compression = COMPRESSIONS.get(chunk.compression)
    if compression is None:
        raise malformed(f"compression {chunk.compression} is not one this collector knows")
    body, raw_bytes = chunk.body, chunk.raw_bytes
    most = max(len(body), raw_bytes)
    if most > limits.max_chunk_bytes:
        raise Refusal(TOO_LARGE, f"the chunk has {most} bytes; at most {limits.max_chunk_bytes} are taken")
    if zlib.crc32(body) != chunk.body_crc32:
        raise malformed(
            "the body's CRC-32 is not the one given: it was damaged on the way or on the agent's disk"
        )
    raw = body if compression == "none" else _inflate(body, limits.max_chunk_bytes)
    if len(raw) != raw_bytes:
        raise malformed(f"the body has {len(raw)} bytes unpacked, not the {raw_bytes} given")
    try:
        first, last = _check_events(raw, chunk.event_count, kind)
    except DecodeError:
        raise malformed("the body is not a serialised EventBatch") from None
    return Unpacked(key, start, kind, compression, raw, first, last)


class _Run(NamedTuple):
    """What the ids of a chunk say, whenever it comes."""

    machine_id: UUID
    run_id: UUID
    seconds: float
    """The time in the run's id, since 1970."""
    start: Start | None
    """That time, where it is a date."""


@lru_cache(10_000)  # a stream's machine and its run, again and again
def _run(machine_id: bytes, run_id: bytes) -> _Run:
    machine, run = _uuid(machine_id, "machine_id"), _uuid(run_id, "run_id")
    if run.int >> 76 & 0xF != 7 or run.int >> 62 & 0b11 != 0b10:  # version and variant, by RFC 9562
        raise malformed("run_id is not a UUIDv7")
    # 48 bits of milliseconds reach beyond the years that a datetime holds.
    millis = run.int >> 80
    start = None
    if millis < _END_OF_YEARS_MS:
        start = Start(EPOCH + timedelta(milliseconds=millis), clamped=False, unsure=False)
    return _Run(machine, run, millis / 1000, start)


def _start(run: _Run, now: datetime, limits: Limits) -> Start:
    """The time in a UUIDv7, to the millisecond, or `now` for one that no run can have."""
    ahead = run.seconds - now.timestamp()
    if run.start is None or ahead > limits.ahead_s or run.seconds < limits.earliest_start.timestamp():
        return Start(now, clamped=True, unsure=True)
    return run.start._replace(unsure=True) if ahead > limits.ahead_s / 2 else run.start


def _uuid(raw: bytes, name: str) -> UUID:
    if len(raw) != 16 or not any(raw):
        raise malformed(f"{name} is not 16 bytes, or only zeros")
    return UUID(bytes=raw)


def _inflate(body: bytes, limit: int) -> bytes:
    """Decompress `body`, but stop one byte beyond `limit`: what claims to be small may be gigabytes."""
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(body, limit + 1)
    except zlib.error:
        raise malformed("the body is not zlib's") from None
    if len(raw) > limit:
        raise Refusal(TOO_LARGE, f"the chunk has more than {limit} bytes unpacked; at most {limit} are taken")
    if not stream.eof or stream.unused_data:
        raise malformed("the compressed body is cut short, or has something behind it")
    return raw


def _check_events(raw: bytes, count: int, kind: str) -> tuple[int, int]:
    """The times of the first and the last event, once every event is what and where it should be.

    Raises:
        DecodeError: not a serialised EventBatch.
        Refusal: other events than announced.
    """
    sifted = sieve.sift(raw, kind)
    if sifted is not None:
        seqs, times = sifted
        if (
            len(seqs) == count
            and seqs[0] > 0
            and seqs[-1] <= INT64_MAX
            and (seqs == [*range(seqs[0], seqs[0] + count)] or all(map(lt, seqs, seqs[1:])))
        ):
            return times[0], times[-1]
    # Something is unusual: event by event, to say what.
    events = collector_pb2.EventBatch.FromString(raw).events
    if len(events) != count or count == 0:
        raise malformed(f"the body holds {len(events)} events; {count} were announced, and one is the least")
    last = 0
    for event in events:
        if not last < event.seq <= INT64_MAX:
            raise malformed(f"event {event.seq} does not follow event {last}")
        last = event.seq
        # A payload that this version does not know is a later agent's: counted, and kept in the chunk.
        if not sieve.belongs(event, kind):
            payload = event.WhichOneof("payload")
            raise malformed(f"event {last} ({payload}) does not belong in a chunk of kind {kind}")
    return events[0].time_unix_nano, events[-1].time_unix_nano
