"""From a planned run to the chunks that an agent would send of it."""

from __future__ import annotations

import hashlib
import json
import zlib

from localloom.fleet.v1 import collector_pb2, event_pb2
from localloom_diagnosis import Category, Outcome, Phase, PhaseStatus, Purpose
from localloom_diagnosis.wire import (
    CATEGORIES,
    OUTCOMES,
    PHASE_STATUSES,
    PHASES,
    PURPOSES,
    attributes_to_wire,
    evidence_to_wire,
)

from .draws import NANO, Drawn, draw
from .faults import evidence
from .hardware import Machine
from .plan import Planned

_OUTCOMES = {Category.PROCESS_CRASHED: Outcome.CRASHED, Category.PROCESS_HUNG: Outcome.HUNG}


class _Writer:
    """Numbers events and closes chunks."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.seq, self.nano = planned, 0, 0
        self.chunks: list[collector_pb2.Chunk] = []
        self.events: dict[int, list[event_pb2.Event]] = {}

    def add(self, kind: int = collector_pb2.CHUNK_KIND_OUTCOME, **payload: object) -> None:
        self.seq += 1
        at = int(self.planned.started * 1e6) * 1000 + self.nano
        event = event_pb2.Event(seq=self.seq, time_unix_nano=at, elapsed_nano=self.nano, **payload)
        self.events.setdefault(kind, []).append(event)

    def seal(self) -> None:
        for kind, events in sorted(self.events.items()):
            raw = collector_pb2.EventBatch(events=events).SerializeToString()
            body = zlib.compress(raw, 1)
            self.chunks.append(
                collector_pb2.Chunk(
                    run_id=self.planned.run_id.bytes, chunk_seq=len(self.chunks) + 1,
                    machine_id=self.planned.machine.machine_id.bytes, kind=kind,
                    compression=collector_pb2.COMPRESSION_ZLIB, body=body, body_crc32=zlib.crc32(body),
                    event_count=len(events), raw_bytes=len(raw),
                )
            )  # fmt: skip
        self.events = {}


def chunks(planned: Planned, detail: int = 30, drawn: Drawn | None = None) -> list[collector_pb2.Chunk]:
    """The run's chunks, about a second of it in each; `detail` is how many events of progress it has."""
    drawn, out = drawn or draw(planned.seed), _Writer(planned)
    _begin(out, planned)
    summaries, failed = [], False
    for phase, took in zip(Phase, drawn.took, strict=True):
        if failed:
            summaries.append(_summary(phase, PhaseStatus.SKIPPED, 0, "an earlier phase failed"))
            continue
        failed = phase is planned.phase
        _phase(out, planned, phase, took, detail if phase is Phase.WEIGHTS else 2, failed=failed)
        status = PhaseStatus.FAILED if failed else PhaseStatus.PASSED
        summaries.append(_summary(phase, status, took, "it failed" if failed else ""))
        if not planned.ends and phase is Phase.COMPILE:
            return out.chunks
    if planned.category is None:
        _generation(out, drawn)
    else:
        _failure(out, drawn, planned)
    outcome = _OUTCOMES.get(planned.category, Outcome.FAILED) if planned.category else Outcome.PASSED
    ended = event_pb2.RunEnded(
        outcome=OUTCOMES.wire(outcome), duration_nano=out.nano, phases=summaries, events=out.seq + 1
    )
    out.add(run_ended=ended)
    out.seal()
    return out.chunks


def digest(machine: Machine) -> bytes:
    """SHA-256 of its profile."""
    return hashlib.sha256(json.dumps(machine.attributes, sort_keys=True).encode()).digest()


def profile(machine: Machine) -> event_pb2.MachineProfile:
    """What the machine says of itself."""
    document = json.dumps(machine.attributes, sort_keys=True)
    return event_pb2.MachineProfile(
        digest=digest(machine), document_json=document,
        attributes=attributes_to_wire(machine.attributes),
    )  # fmt: skip


def _begin(out: _Writer, planned: Planned) -> None:
    machine = planned.machine
    out.add(
        run_started=event_pb2.RunStarted(
            agent_version="0.1.0", purpose=PURPOSES.wire(Purpose.PRIMARY), engine_requested="auto",
            model_requested=planned.model, device_requested="auto", max_tokens=50, labels={"site": machine.site},
            prompt="Hola, ¿funciona?",
        )
    )  # fmt: skip
    out.add(machine_profile=profile(machine))
    device = "cuda" if machine.attributes.get("hw.gpu.vendor") == "nvidia" else "vulkan"
    identified = event_pb2.EngineIdentified(name="tvm", version=planned.engine_version, device=device)
    out.add(engine_identified=identified)
    resolved = event_pb2.ModelResolved(id=planned.model, source="hub", bytes=planned.model_bytes)
    out.add(model_resolved=resolved)


def _phase(out: _Writer, planned: Planned, phase: Phase, took: int, detail: int, *, failed: bool) -> None:
    number, start, span = PHASES.wire(phase), out.nano, out.seq + 1
    out.add(span_started=event_pb2.SpanStarted(span_id=span, phase=number, name=phase.value))
    for i in range(detail):
        out.nano += took // (detail + 1)
        done = planned.model_bytes * (i + 1) / detail
        out.add(
            collector_pb2.CHUNK_KIND_DETAIL,
            progress=event_pb2.Progress(phase=number, done=done, total=planned.model_bytes, unit="By"),
        )
        sample = event_pb2.ResourceSample(rss_bytes=2**28 + i * 2**20, cpu_s=out.nano / NANO, threads=9)
        out.add(collector_pb2.CHUNK_KIND_DETAIL, resource_sample=sample)
    if phase is Phase.WEIGHTS and not failed:
        out.add(
            http_exchange=event_pb2.HttpExchange(
                phase=number, method="GET", url=f"https://models.example/{planned.model}/params_shard_0.bin",
                status=200, received_bytes=planned.model_bytes, duration_nano=took, ttfb_nano=took // 50,
            )
        )  # fmt: skip
    out.nano = start + took
    status = PhaseStatus.FAILED if failed else PhaseStatus.PASSED
    out.add(
        span_ended=event_pb2.SpanEnded(
            span_id=span, phase=number, name=phase.value, status=PHASE_STATUSES.wire(status),
            start_elapsed_nano=start, duration_nano=took, reason="it failed" if failed else "",
        )
    )  # fmt: skip
    if phase in (Phase.RESOLVE, Phase.WEIGHTS, Phase.LOAD):
        out.seal()


def _summary(phase: Phase, status: PhaseStatus, nano: int, reason: str) -> event_pb2.PhaseSummary:
    return event_pb2.PhaseSummary(
        phase=PHASES.wire(phase), status=PHASE_STATUSES.wire(status), duration_nano=nano, reason=reason
    )


def _failure(out: _Writer, drawn: Drawn, planned: Planned) -> None:
    assert planned.category is not None
    assert planned.phase is not None
    out.add(
        failure_diagnosed=event_pb2.FailureDiagnosed(
            phase=PHASES.wire(planned.phase), category=CATEGORIES.wire(planned.category), confidence=0.9,
            signature=f"{planned.phase.value}|{planned.category.value}", summary="simulated",
            rules_version="simulated", language="en",
            evidence=evidence_to_wire(evidence(drawn, planned.category, planned.phase)),
        )
    )  # fmt: skip


def _generation(out: _Writer, drawn: Drawn) -> None:
    out.add(
        generation=event_pb2.Generation(
            text="Sí, funciona.", prompt_tokens=7, completion_tokens=12, ttft_s=drawn.ttft_s,
            tokens_per_s=drawn.tokens_per_s, finish_reason="stop", token_ids=range(12),
            numeric_check=event_pb2.NumericCheck(status="passed", agreement=1.0),
        )
    )  # fmt: skip
