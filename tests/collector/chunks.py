"""Builds chunks as an agent would: a run with a clock of its own, events numbered as they come."""

from __future__ import annotations

import os
import time
import uuid
import zlib

from localloom.fleet.v1 import collector_pb2, event_pb2, taxonomy_pb2
from localloom_diagnosis import Category, ErrorRecord, Evidence, Phase, PhaseStatus
from localloom_diagnosis.wire import CATEGORIES, PHASE_STATUSES, PHASES, attributes_to_wire, evidence_to_wire

SECOND = 1_000_000_000

MACHINE = {
    "hw.gpu.vendor": "nvidia",
    "hw.gpu.model": "NVIDIA GeForce RTX 3060",
    "hw.gpu.driver_version": "535.54",
    "hw.gpu.memory": 12 * 2**30 - 5_000_000,
    "hw.cpu.model": "AMD Ryzen 5 5600X",
    "host.memory": 32 * 2**30 - 700_000_000,
    "os.type": "linux",
    "os.version": "6.1.0",
}


def uuid7(unix_s: float | None = None) -> uuid.UUID:
    """A UUIDv7 of the time given, or of now."""
    millis = int((time.time() if unix_s is None else unix_s) * 1000)
    rest = int.from_bytes(os.urandom(10), "big")
    value = (millis << 80) | (7 << 76) | (((rest >> 64) & 0xFFF) << 64) | (0b10 << 62) | (rest & (2**62 - 1))
    return uuid.UUID(int=value)


def seal(events, *, kind=collector_pb2.CHUNK_KIND_OUTCOME, compress=True, **claims):
    """A chunk of these events; `claims` overwrite fields of it with untruths."""
    raw = collector_pb2.EventBatch(events=events).SerializeToString()
    body = zlib.compress(raw) if compress else raw
    fields = {
        "kind": kind,
        "compression": collector_pb2.COMPRESSION_ZLIB if compress else collector_pb2.COMPRESSION_NONE,
        "body": body,
        "body_crc32": zlib.crc32(claims.get("body", body)),
        "event_count": len(events),
        "raw_bytes": len(raw),
    }
    return collector_pb2.Chunk(**{**fields, **claims})


class Run:
    """One run of one machine; each method adds an event to the chunk that `seal` closes."""

    def __init__(
        self, machine_id: uuid.UUID | None = None, started: float | None = None, **started_event
    ) -> None:
        self.machine_id = machine_id or uuid.uuid4()
        self.started = time.time() if started is None else started
        self.run_id = uuid7(self.started)
        self.seq = 0
        self.chunk_seq = 0
        self.elapsed = 0
        self.events: list[event_pb2.Event] = []
        self.chunks: list[collector_pb2.Chunk] = []
        self.started_event = started_event

    def add(self, seconds: float = 0.1, **payload) -> event_pb2.Event:
        """One event, `seconds` after the one before."""
        self.seq += 1
        self.elapsed += int(seconds * SECOND)
        event = event_pb2.Event(
            seq=self.seq,
            time_unix_nano=int(self.started * SECOND) + self.elapsed,
            elapsed_nano=self.elapsed,
            **payload,
        )
        self.events.append(event)
        return event

    def seal(self, **options) -> collector_pb2.Chunk:
        """Close the chunk."""
        self.chunk_seq += 1
        options = {
            "run_id": self.run_id.bytes,
            "machine_id": self.machine_id.bytes,
            "chunk_seq": self.chunk_seq,
            **options,
        }
        chunk = seal(self.events, **options)
        self.events = []
        self.chunks.append(chunk)
        return chunk

    def start(self, attributes=None, document='{"os": {"type": "linux"}}') -> Run:
        """RunStarted and MachineProfile."""
        attributes = MACHINE if attributes is None else attributes
        self.add(
            run_started=event_pb2.RunStarted(
                **{
                    "agent_version": "0.1.0",
                    "purpose": taxonomy_pb2.PURPOSE_PRIMARY,
                    "engine_requested": "auto",
                    "model_requested": "canary",
                    "labels": {"site": "lab"},
                    "prompt": "Hola, ¿funciona?",
                    **self.started_event,
                }
            )
        )
        digest = zlib.crc32(repr(sorted(attributes.items())).encode()).to_bytes(32, "big")
        self.add(
            machine_profile=event_pb2.MachineProfile(
                digest=digest, document_json=document, attributes=attributes_to_wire(attributes)
            )
        )
        return self

    def identify(self, engine: str = "tvm", model: str = "localloom/canary-q0f32") -> Run:
        """EngineIdentified and ModelResolved."""
        self.add(
            engine_identified=event_pb2.EngineIdentified(name=engine, version="0.27.0", device="cpu"),
        )
        self.add(model_resolved=event_pb2.ModelResolved(id=model, source="bundled", bytes=900_000))
        return self

    def span(self, phase: Phase, seconds: float = 0.5, status=PhaseStatus.PASSED, reason: str = "") -> Run:
        """One span, begun and ended."""
        start = self.elapsed
        span_id = self.seq + 1
        self.add(
            0, span_started=event_pb2.SpanStarted(span_id=span_id, phase=PHASES.wire(phase), name=phase.value)
        )
        self.add(
            seconds,
            span_ended=event_pb2.SpanEnded(
                span_id=span_id,
                phase=PHASES.wire(phase),
                name=phase.value,
                status=PHASE_STATUSES.wire(status),
                start_elapsed_nano=start,
                duration_nano=int(seconds * SECOND),
                reason=reason,
            ),
        )
        return self

    def fetch(self, url: str = "https://example.org/params_shard_0.bin", status: int = 200) -> Run:
        """One HTTP exchange of the phase `weights`."""
        self.add(
            http_exchange=event_pb2.HttpExchange(
                phase=taxonomy_pb2.PHASE_WEIGHTS, method="GET", url=url, status=status,
                received_bytes=1000, duration_nano=SECOND // 4,
            )
        )  # fmt: skip
        return self

    def fail(
        self,
        phase: Phase = Phase.LOAD,
        category=Category.GPU_OUT_OF_MEMORY,
        agent_category=None,
        message="no memory",
    ) -> Run:
        """FailureDiagnosed, with evidence that says `category` by the probe's own check."""
        evidence = Evidence(
            errors=(ErrorRecord("OutOfMemory", message, category=category),), phase=phase, runtime="tvm",
            facts={"gpu.memory.needed": 2**34},
        )  # fmt: skip
        said = CATEGORIES.wire(agent_category or category)
        self.add(
            failure_diagnosed=event_pb2.FailureDiagnosed(
                phase=PHASES.wire(phase), category=said, confidence=0.9,
                candidates=[event_pb2.Candidate(category=said, score=0.9, because="the loader said so")],
                signature="agent|signature", summary="Falta memoria", retryable=False,
                remedies=["Use un modelo más pequeño"], rules_version="agent-7", language="es",
                evidence=evidence_to_wire(evidence),
            )
        )  # fmt: skip
        return self

    def generate(self, text: str = "Sí, funciona.") -> Run:
        """Generation, checked."""
        self.add(
            generation=event_pb2.Generation(
                text=text, prompt_tokens=7, completion_tokens=5, ttft_s=0.05, tokens_per_s=80.0,
                finish_reason="stop", token_ids=[1, 2, 3],
                numeric_check=event_pb2.NumericCheck(status="passed", agreement=1.0),
            )
        )  # fmt: skip
        return self

    def end(self, outcome: int = taxonomy_pb2.OUTCOME_PASSED, failed: Phase | None = None) -> Run:
        """RunEnded, with all eight phases."""
        summaries = []
        for phase in Phase:
            status = PhaseStatus.PASSED
            if failed is not None and phase.order >= failed.order:
                status = PhaseStatus.FAILED if phase is failed else PhaseStatus.SKIPPED
            summaries.append(
                event_pb2.PhaseSummary(
                    phase=PHASES.wire(phase), status=PHASE_STATUSES.wire(status),
                    duration_nano=(phase.order + 1) * SECOND // 10 if status is not PhaseStatus.SKIPPED else 0,
                    reason="an earlier phase failed" if status is PhaseStatus.SKIPPED else "",
                )
            )  # fmt: skip
        self.add(
            run_ended=event_pb2.RunEnded(
                outcome=outcome, duration_nano=self.elapsed, phases=summaries, events=self.seq + 1
            )
        )
        return self

    def detail(self, events: int = 3, text: str = "loading") -> collector_pb2.Chunk:
        """A chunk of detail: log lines and samples."""
        for i in range(events):
            if i % 2:
                self.add(0.01, resource_sample=event_pb2.ResourceSample(rss_bytes=10**9 + i, cpu_s=i))
            else:
                self.add(0.01, log_line=event_pb2.LogLine(level="info", source="tvm", text=f"{text} {i}"))
        return self.seal(kind=collector_pb2.CHUNK_KIND_DETAIL)


def passed_run(**options) -> Run:
    """A whole run that passed, in four chunks."""
    run = Run(**options)
    run.start().span(Phase.PREFLIGHT).seal()
    run.identify().span(Phase.RUNTIME).span(Phase.WEIGHTS).fetch().seal()
    run.detail()
    run.span(Phase.LOAD).span(Phase.GENERATE).generate().end().seal()
    return run


def failed_run(category=Category.GPU_OUT_OF_MEMORY, attributes=None, agent_category=None, **options) -> Run:
    """A whole run that failed in `load`, in three chunks."""
    run = Run(**options)
    run.start(attributes).identify().span(Phase.PREFLIGHT).span(Phase.RUNTIME).seal()
    run.detail()
    run.span(Phase.LOAD, status=PhaseStatus.FAILED, reason="no memory")
    run.fail(category=category, agent_category=agent_category)
    run.end(taxonomy_pb2.OUTCOME_FAILED, failed=Phase.LOAD).seal()
    return run
