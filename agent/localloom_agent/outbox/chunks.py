"""Makes chunks of events: immutable, serialised, checked."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from localloom.fleet.v1 import collector_pb2, event_pb2

COMPRESS_FROM_BYTES = 512
"""Below this, zlib's header eats what it saves."""

MAX_RAW_BYTES = 128 * 1024
"""A chunk is closed before its events exceed this, well under any collector's limit."""


@dataclass(frozen=True, slots=True)
class Body:
    """A serialised run of events, not yet numbered."""

    data: bytes
    compressed: bool
    raw_bytes: int
    events: int
    last_event_seq: int
    detail: bool


def bodies(events: Sequence[event_pb2.Event], *, detail: bool) -> list[Body]:
    """Serialise events of one kind into as few bodies as the size limit allows, in order."""
    groups: list[list[event_pb2.Event]] = [[]]
    size = 0
    for event in events:
        length = event.ByteSize()
        if groups[-1] and size + length > MAX_RAW_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(event)
        size += length
    return [_body(group, detail=detail) for group in groups if group]


def _body(events: Sequence[event_pb2.Event], *, detail: bool) -> Body:
    raw = collector_pb2.EventBatch(events=events).SerializeToString()
    packed = zlib.compress(raw, 6) if len(raw) >= COMPRESS_FROM_BYTES else raw
    compressed = len(packed) < len(raw)
    return Body(packed if compressed else raw, compressed, len(raw), len(events), events[-1].seq, detail)


def number(body: Body, run_id: bytes, machine_id: bytes, chunk_seq: int) -> bytes:
    """The chunk as it will be stored and sent."""
    return collector_pb2.Chunk(
        run_id=run_id,
        chunk_seq=chunk_seq,
        machine_id=machine_id,
        kind=collector_pb2.CHUNK_KIND_DETAIL if body.detail else collector_pb2.CHUNK_KIND_OUTCOME,
        compression=collector_pb2.COMPRESSION_ZLIB if body.compressed else collector_pb2.COMPRESSION_NONE,
        body=body.data,
        body_crc32=zlib.crc32(body.data),
        event_count=body.events,
        raw_bytes=body.raw_bytes,
    ).SerializeToString()


def checksum(run_id: bytes, chunk_seq: int, *, detail: bool, chunk: bytes) -> int:
    """CRC-32 over a row's key, kind and bytes: a key that was damaged would never be acked."""
    return zlib.crc32(chunk, zlib.crc32(b"%b %d %d" % (run_id, chunk_seq, detail)))


def intact(run_id: object, chunk_seq: object, detail: object, chunk: object, crc: object) -> bool:
    """Whether what a row holds is what was written; a damaged row may hold values of any type."""
    if not (isinstance(run_id, bytes) and isinstance(chunk_seq, int) and isinstance(chunk, bytes)):
        return False
    return checksum(run_id, chunk_seq, detail=bool(detail), chunk=chunk) == crc
