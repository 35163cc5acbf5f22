"""A run's raw timeline, read back from its chunks: spans, progress, memory, exchanges, by the run's own clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from google.protobuf.message import DecodeError
from sqlalchemy import Connection, select

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_collector.storage.schema import event_chunks
from localloom_diagnosis.wire import PHASE_STATUSES, PHASES

_NANO = 1_000_000_000
#: Points of a series that are kept: more than a terminal has columns.
_POINTS = 240


def timeline(connection: Connection, machine_id: UUID, run_id: UUID) -> dict[str, Any]:
    """`{"kept", "spans", "progress", "memory", "exchanges", "log_lines"}`; times in seconds since the run started.

    `kept` is false where there are no chunks, for they have been pruned; the lists are empty then.
    """
    spans: dict[int, dict[str, Any]] = {}
    progress: dict[str, dict[str, Any]] = {}
    memory: list[dict[str, Any]] = []
    exchanges: list[dict[str, Any]] = []
    lines = events = 0
    for event in _events(connection, machine_id, run_id):
        events += 1
        at, kind = event.elapsed_nano / _NANO, event.WhichOneof("payload")
        if kind == "span_started":
            spans.setdefault(event.span_started.span_id, _open_span(event.span_started, at))
        elif kind == "span_ended":
            spans[event.span_ended.span_id] = _span(event.span_ended)
        elif kind == "progress":
            said = _progress(event.progress, at)
            progress[said["phase"]] = said
        elif kind == "resource_sample":
            memory.append(_sample(event.resource_sample, at))
        elif kind == "http_exchange":
            exchanges.append(_exchange(event.http_exchange, at))
        elif kind == "log_line":
            lines += 1
    return {
        "kept": events > 0,
        "spans": sorted(spans.values(), key=lambda span: span["start_s"]),
        "progress": list(progress.values()),
        "memory": _thin(memory),
        "exchanges": sorted(exchanges, key=lambda exchange: exchange["start_s"]),
        "log_lines": lines,
    }


def _events(connection: Connection, machine_id: UUID, run_id: UUID) -> Iterator[event_pb2.Event]:
    table = event_chunks.c
    bodies = connection.execute(
        select(table.body, table.compression)
        .where(table.machine_id == machine_id, table.run_id == run_id)
        .order_by(table.chunk_seq)
    )
    found: list[event_pb2.Event] = []
    for body, compression in bodies:
        try:
            raw = body if compression == "none" else zlib.decompress(body)
            found += collector_pb2.EventBatch.FromString(raw).events
        except (zlib.error, DecodeError):
            # It was whole when it came in; a database that was mended may have lost one, and the rest is worth telling.
            continue
    yield from sorted(found, key=lambda event: event.seq)


def _phase(number: int) -> str:
    phase = PHASES.get(number)
    return phase.value if phase is not None else "?"


def _open_span(span: event_pb2.SpanStarted, at: float) -> dict[str, Any]:
    return {
        "phase": _phase(span.phase), "name": span.name, "status": None, "start_s": round(at, 6), "duration_s": None,
        "reason": "",
    }  # fmt: skip


def _span(span: event_pb2.SpanEnded) -> dict[str, Any]:
    status = PHASE_STATUSES.get(span.status)
    return {
        "phase": _phase(span.phase), "name": span.name, "status": status.value if status else None,
        "start_s": span.start_elapsed_nano / _NANO, "duration_s": span.duration_nano / _NANO, "reason": span.reason,
    }  # fmt: skip


def _progress(said: event_pb2.Progress, at: float) -> dict[str, Any]:
    return {
        "phase": _phase(said.phase), "at_s": round(at, 6), "done": said.done, "total": said.total or None,
        "unit": said.unit, "text": said.text,
    }  # fmt: skip


def _sample(sample: event_pb2.ResourceSample, at: float) -> dict[str, Any]:
    gpu = sample.gpu_memory_bytes if sample.HasField("gpu_memory_bytes") else None
    return {"at_s": round(at, 6), "rss_bytes": sample.rss_bytes, "gpu_bytes": gpu, "cpu_s": sample.cpu_s}


def _exchange(exchange: event_pb2.HttpExchange, at: float) -> dict[str, Any]:
    took = exchange.duration_nano / _NANO
    return {
        "phase": _phase(exchange.phase), "method": exchange.method, "url": exchange.url,
        "status": exchange.status or None, "received_bytes": exchange.received_bytes,
        "start_s": round(max(at - took, 0.0), 6), "duration_s": took, "error": exchange.error,
    }  # fmt: skip


def _thin(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most so many samples, of each stretch the one with the most memory: a peak is what one looks for."""
    if len(samples) <= _POINTS:
        return samples
    bounds = [len(samples) * i // _POINTS for i in range(_POINTS + 1)]
    stretches = (samples[low:high] for low, high in pairwise(bounds))
    return [max(stretch, key=lambda s: s["rss_bytes"]) for stretch in stretches if stretch]
