"""From an opened chunk to all the rows that it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_collector.limits import Limits
from localloom_collector.storage.fold import merge_accounts
from localloom_collector.storage.rows import ChunkRows, Facet, PhaseAccount

from . import clean, phases, run_facts
from .profiles import profile_row
from .unpack import Unpacked, unpack
from .verdicts import failure_row

#: No outbox ever lost as much; and sums of it stay below 64 bits.
_SHED_MAX = 2**48


@dataclass(slots=True)
class _Gathered:
    """What has been read of a chunk's events so far."""

    facets: dict[str, Facet] = field(default_factory=dict)
    phases: dict[str, PhaseAccount] = field(default_factory=dict)
    shed: tuple[int, int, int] = (0, 0, 0)
    profile: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    exchanges: list[dict[str, Any]] = field(default_factory=list)

    def phase(self, account: PhaseAccount) -> None:
        known = self.phases.get(account.phase)
        self.phases[account.phase] = account if known is None else merge_accounts(known, account)


#: What a chunk of detail comes to; nobody changes it.
_NOTHING = _Gathered()


def chunk_rows(chunk: collector_pb2.Chunk, now: datetime, limits: Limits) -> ChunkRows:
    """Check and open a chunk and derive its rows. Pure, but for the clock it is given.

    Raises:
        Refusal: the chunk, or an event in it, cannot be read.
    """
    opened = unpack(chunk, now, limits)
    # Detail has no rows of its own.
    gathered = _gathered(opened) if opened.kind == "outcome" else _NOTHING
    start_at, last_event_at = opened.start.at, clean.moment(opened.last_nano)
    return ChunkRows(
        key=opened.key,
        started_at=start_at,
        start_clamped=opened.start.clamped,
        start_unsure=opened.start.unsure,
        received_at=now,
        raw_bytes=chunk.raw_bytes,
        events=chunk.event_count,
        last_event_at=last_event_at,
        chunk={
            "machine_id": opened.key.machine_id,
            "run_id": opened.key.run_id,
            "chunk_seq": opened.key.chunk_seq,
            "start_day": start_at.date(),
            "kind": opened.kind,
            "compression": opened.compression,
            "event_count": chunk.event_count,
            "raw_bytes": chunk.raw_bytes,
            "received_at": now,
            "first_event_at": clean.moment(opened.first_nano),
            "last_event_at": last_event_at,
            "body": chunk.body,
        },
        facets=gathered.facets,
        shed=gathered.shed,
        profile=gathered.profile,
        phases=tuple(gathered.phases.values()),
        failure=gathered.failure,
        exchanges=tuple(gathered.exchanges),
    )


def _gathered(opened: Unpacked) -> _Gathered:
    gathered = _Gathered()
    for event in collector_pb2.EventBatch.FromString(opened.raw).events:
        _read(event, opened, gathered)
    return gathered


def _read(event: event_pb2.Event, opened: Unpacked, into: _Gathered) -> None:
    """Take in one event. SpanStarted, and what a later agent may send, stay in the chunk's body alone."""
    seq = event.seq
    match event.WhichOneof("payload"):
        case "span_started":
            pass
        case "span_ended":
            into.phase(phases.from_span(seq, event.span_ended))
        case "run_started":
            into.facets["started"] = Facet(seq, run_facts.started(event.run_started))
        case "machine_profile":
            into.profile = profile_row(opened.key.machine_id, event)
            into.facets["profile"] = Facet(seq, {"profile_digest": into.profile["digest"]})
        case "engine_identified":
            into.facets["engine"] = Facet(seq, run_facts.engine(event.engine_identified))
        case "model_resolved":
            into.facets["model"] = Facet(seq, run_facts.model(event.model_resolved))
        case "generation":
            into.facets["generation"] = Facet(seq, run_facts.generation(event.generation))
        case "phase_skipped":
            into.phase(phases.from_skip(seq, event.phase_skipped))
        case "http_exchange":
            into.exchanges.append(_exchange(event, opened))
        case "failure_diagnosed":
            into.failure = failure_row(opened.key, seq, event.failure_diagnosed)
        case "detail_shed":
            shed = event.detail_shed
            chunks, events, size = into.shed
            into.shed = (
                chunks + min(shed.chunks, _SHED_MAX),
                events + min(shed.events, _SHED_MAX),
                size + min(shed.bytes, _SHED_MAX),
            )
        case "run_ended":
            into.facets["ended"] = Facet(seq, run_facts.ended(event.run_ended))
            for summary in event.run_ended.phases:
                into.phase(phases.from_summary(seq, summary))


def _exchange(event: event_pb2.Event, opened: Unpacked) -> dict[str, Any]:
    http = event.http_exchange
    return {
        "machine_id": opened.key.machine_id,
        "run_id": opened.key.run_id,
        "event_seq": event.seq,
        "start_day": opened.start.at.date(),
        "phase": phases.phase_name(http.phase),
        "at": clean.moment(event.time_unix_nano),
        "method": clean.text(http.method),
        "url": clean.text(http.url),
        "status": http.status or None,
        "received_bytes": clean.int64(http.received_bytes),
        "duration_s": clean.seconds(http.duration_nano),
        "ttfb_s": clean.seconds(http.ttfb_nano) if http.ttfb_nano else None,
        "error": clean.text_or_none(http.error),
    }
