"""Opens a chunk: checks every claim it makes, and never unpacks more than the limits allow."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from operator import lt
from uuid import UUID

from google.protobuf.message import DecodeError

from localloom.fleet.v1 import collector_pb2
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import ChunkKey

from . import sieve
from .clean import INT64_MAX
from .refusal import TOO_LARGE, Refusal, malformed

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
KINDS = {collector_pb2.CHUNK_KIND_OUTCOME: "outcome", collector_pb2.CHUNK_KIND_DETAIL: "detail"}
COMPRESSIONS = {collector_pb2.COMPRESSION_NONE: "none", collector_pb2.COMPRESSION_ZLIB: "zlib"}


@dataclass(frozen=True, slots=True)
class Start:
    """When a run started."""

    at: datetime
    clamped: bool
    """The time in run_id cannot be that of a run: `at` is the collector's clock instead."""
    unsure: bool
    """On another day the same run_id might be judged otherwise: what the run's row says holds."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A chunk whose claims hold."""

    key: ChunkKey
    start: Start
    kind: str
    compression: str
    batch: collector_pb2.EventBatch


def unpack(chunk: collector_pb2.Chunk, now: datetime, limits: Limits) -> Unpacked:
    """Check and open one chunk.

    Args:
        chunk: as it came.
        now: the collector's clock.
        limits: the sizes and times allowed.

    Raises:
        Refusal: MALFORMED or TOO_LARGE, with the first thing that is wrong.
    """
    key = ChunkKey(_uuid(chunk.machine_id, "machine_id"), _uuid(chunk.run_id, "run_id"), chunk.chunk_seq)
    start = run_start(key.run_id, now, limits)
    if not 1 <= key.chunk_seq <= INT64_MAX:
        raise malformed("chunk_seq counts from 1 to 2^63 - 1")
    kind = KINDS.get(chunk.kind)
    if kind is None:
        raise malformed(f"kind {chunk.kind} is not one this collector knows")
    compression = COMPRESSIONS.get(chunk.compression)
    if compression is None:
        raise malformed(f"compression {chunk.compression} is not one this collector knows")
    most = max(len(chunk.body), chunk.raw_bytes)
    if most > limits.max_chunk_bytes:
        raise Refusal(TOO_LARGE, f"the chunk has {most} bytes; at most {limits.max_chunk_bytes} are taken")
    if zlib.crc32(chunk.body) != chunk.body_crc32:
        raise malformed(
            "the body's CRC-32 is not the one given: it was damaged on the way or on the agent's disk"
        )
    raw = chunk.body if compression == "none" else _inflate(chunk.body, limits.max_chunk_bytes)
    if len(raw) != chunk.raw_bytes:
        raise malformed(f"the body has {len(raw)} bytes unpacked, not the {chunk.raw_bytes} given")
    try:
        batch = collector_pb2.EventBatch.FromString(raw)
    except DecodeError:
        raise malformed("the body is not a serialised EventBatch") from None
    _check_events(batch, raw, chunk.event_count, kind)
    return Unpacked(key, start, kind, compression, batch)


def run_start(run_id: UUID, now: datetime, limits: Limits) -> Start:
    """The time in a UUIDv7, to the millisecond, or `now` for one that no run can have.

    Raises:
        Refusal: not a UUIDv7.
    """
    if run_id.int >> 76 & 0xF != 7 or run_id.int >> 62 & 0b11 != 0b10:  # version and variant, by RFC 9562
        raise malformed("run_id is not a UUIDv7")
    # 48 bits of milliseconds reach beyond the years that a datetime holds: compare first.
    millis = run_id.int >> 80
    seconds = millis / 1000
    ahead = seconds - now.timestamp()
    clamped = ahead > limits.ahead_s or seconds < limits.earliest_start.timestamp()
    at = now if clamped else EPOCH + timedelta(milliseconds=millis)
    return Start(at, clamped, unsure=clamped or ahead > limits.ahead_s / 2)


@lru_cache(10_000)  # a stream's machine and its run, again and again
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


def _check_events(batch: collector_pb2.EventBatch, raw: bytes, count: int, kind: str) -> None:
    if len(batch.events) != count or count == 0:
        raise malformed(
            f"the body holds {len(batch.events)} events; {count} were announced, and one is the least"
        )
    seqs = sieve.passes(raw, kind)
    # Of a body as our serialisers write it, in which nothing is said twice, what the sieve says holds for every event.
    if (
        seqs is not None
        and len(seqs) == count
        and seqs[0] > 0
        and seqs[-1] <= INT64_MAX
        and all(map(lt, seqs, seqs[1:]))
        and batch.ByteSize() == len(raw)
    ):
        return
    last = 0
    for event in batch.events:
        if not last < event.seq <= INT64_MAX:
            raise malformed(f"event {event.seq} does not follow event {last}")
        last = event.seq
        # A payload that this version does not know is a later agent's: counted, and kept in the chunk.
        if not sieve.belongs(event, kind):
            payload = event.WhichOneof("payload")
            raise malformed(f"event {last} ({payload}) does not belong in a chunk of kind {kind}")
