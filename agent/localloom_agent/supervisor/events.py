"""The child's frames as events of the wire contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from localloom.fleet.v1 import event_pb2 as pb
from localloom_diagnosis.evidence import Evidence
from localloom_diagnosis.taxonomy import Outcome, Phase, PhaseStatus, Purpose
from localloom_diagnosis.wire import (
    CATEGORIES,
    OUTCOMES,
    PHASE_STATUSES,
    PHASES,
    PURPOSES,
    attributes_to_wire,
    evidence_to_wire,
)

from .record import NANO, RunRecord
from .sampler import Sample

if TYPE_CHECKING:
    from localloom_diagnosis.verdict import Diagnosis

DETAIL = frozenset({"progress", "resource_sample", "log_line"})
"""Payloads that may be shed."""

Frame = Mapping[str, Any]


def _phase(frame: Frame) -> Any:
    return PHASES.wire(Phase(frame["phase"]))


def _nano(seconds: float | None) -> int:
    return int((seconds or 0.0) * NANO)


def _span_end(frame: Frame, run_start_mono: int) -> pb.Event:
    start = max(0, frame["started"] - run_start_mono)
    return pb.Event(
        span_ended=pb.SpanEnded(
            span_id=frame["id"],
            phase=_phase(frame),
            name=frame["name"],
            status=PHASE_STATUSES.wire(PhaseStatus(frame["status"])),  # type: ignore[arg-type]  # a number is a member
            start_elapsed_nano=start,
            duration_nano=max(0, frame["mono"] - frame["started"]),
            reason=frame["reason"],
            attributes=attributes_to_wire(frame["attributes"]),
        )
    )


def _exchange(frame: Frame) -> pb.Event:
    return pb.Event(
        http_exchange=pb.HttpExchange(
            phase=_phase(frame),
            method=frame["method"],
            url=frame["url"],
            status=frame["status"] or 0,
            received_bytes=frame["received"],
            duration_nano=_nano(frame["duration_s"]),
            ttfb_nano=_nano(frame["ttfb_s"]),
            error=frame["error"],
            attributes=attributes_to_wire(frame["attributes"]),
        )
    )


def generation(report: Frame, *, share_text: bool) -> pb.Event:
    """What was generated; its text and tokens only where they may leave the machine."""
    check = report["numeric_check"]
    return pb.Event(
        generation=pb.Generation(
            text=report["text"] if share_text else "",
            prompt_tokens=report["prompt_tokens"],
            completion_tokens=report["completion_tokens"],
            ttft_s=report["ttft_s"],
            tokens_per_s=report["tokens_per_s"],
            prefill_tokens_per_s=report["prefill_tokens_per_s"],
            finish_reason=report["finish_reason"],
            numeric_check=pb.NumericCheck(
                status=check["status"],
                agreement=check["agreement"],
                nonfinite=check["nonfinite"],
                min_margin=check["min_margin"],
                reason=check["reason"],
            ),
            token_ids=list(report["token_ids"]) if share_text else [],
        )
    )


_BUILDERS: dict[str, Callable[[Frame], pb.Event]] = {
    "span_start": lambda f: pb.Event(
        span_started=pb.SpanStarted(span_id=f["id"], phase=_phase(f), name=f["name"])
    ),
    "skip": lambda f: pb.Event(phase_skipped=pb.PhaseSkipped(phase=_phase(f), reason=f["reason"])),
    "engine": lambda f: pb.Event(
        engine_identified=pb.EngineIdentified(
            name=f["name"],
            version=f["version"],
            device=f["device"],
            attributes=attributes_to_wire(f["attributes"]),
        )
    ),
    "model": lambda f: pb.Event(
        model_resolved=pb.ModelResolved(
            id=f["id"], source=f["source"], bytes=f["bytes"], attributes=attributes_to_wire(f["attributes"])
        )
    ),
    "progress": lambda f: pb.Event(
        progress=pb.Progress(
            phase=_phase(f), done=f["done"], total=f["total"], unit=f["unit"], text=f["text"]
        )
    ),
    "log": lambda f: pb.Event(log_line=pb.LogLine(level=f["level"], source=f["source"], text=f["text"])),
    "exchange": _exchange,
}


def from_frame(frame: Frame, run_start_mono: int, *, share_text: bool) -> pb.Event | None:
    """The event for one frame of the child, without seq and times; None for frames that make none."""
    kind = frame["t"]
    if kind == "span_end":
        return _span_end(frame, run_start_mono)
    if kind == "generation":
        return generation(frame["report"], share_text=share_text)
    if kind == "progress" and not share_text and frame["phase"] == Phase.GENERATE.value:
        frame = {**frame, "text": ""}
    build = _BUILDERS.get(kind)
    return build(frame) if build else None


def sample(taken: Sample) -> pb.Event:
    """One look at the process tree."""
    return pb.Event(
        resource_sample=pb.ResourceSample(
            rss_bytes=taken.rss_bytes,
            cpu_s=taken.cpu_s,
            threads=taken.threads,
            host_available_bytes=taken.host_available_bytes,
            gpu_memory_bytes=taken.gpu_memory_bytes,
            gpu_utilization=taken.gpu_utilization,
        )
    )


def run_started(
    *,
    agent_version: str,
    purpose: Purpose,
    parent_run_id: bytes,
    request: Mapping[str, Any],
    labels: Mapping[str, str],
    share_text: bool,
) -> pb.Event:
    """The first event of a run."""
    return pb.Event(
        run_started=pb.RunStarted(
            agent_version=agent_version,
            purpose=PURPOSES.wire(purpose),  # type: ignore[arg-type]  # a number is a member
            parent_run_id=parent_run_id,
            engine_requested=request["engine"],
            model_requested=request["model"],
            device_requested=request["device"],
            max_tokens=request["max_tokens"],
            temperature=request["temperature"],
            labels=labels,
            prompt=request["prompt"] if share_text else "",
        )
    )


def failure(phase: Phase, diagnosis: Diagnosis, evidence: Evidence, language: str) -> pb.Event:
    """The agent's verdict and the evidence it was made from."""
    return pb.Event(
        failure_diagnosed=pb.FailureDiagnosed(
            phase=PHASES.wire(phase),  # type: ignore[arg-type]  # a number is a member
            category=CATEGORIES.wire(diagnosis.category),  # type: ignore[arg-type]  # a number is a member
            confidence=diagnosis.confidence,
            candidates=[
                pb.Candidate(
                    category=CATEGORIES.wire(c.category),  # type: ignore[arg-type]  # a number is a member
                    score=c.score,
                    because=c.because,
                )
                for c in diagnosis.candidates
            ],
            signature=diagnosis.signature,
            summary=diagnosis.summary,
            retryable=diagnosis.retryable,
            remedies=diagnosis.remedies,
            rules_version=diagnosis.rules_version,
            language=language,
            evidence=evidence_to_wire(evidence),
        )
    )


def run_ended(outcome: Outcome, duration_nano: int, record: RunRecord | None, events: int) -> pb.Event:
    """The last outcome of a run; without a record (the supervisor died) its phases are left to the spans."""
    phases = [
        pb.PhaseSummary(
            phase=PHASES.wire(state.phase),  # type: ignore[arg-type]  # a number is a member
            status=PHASE_STATUSES.wire(state.status),  # type: ignore[arg-type]  # a number is a member
            duration_nano=state.duration_nano,
            reason=state.reason,
            attributes=attributes_to_wire(state.attributes),
        )
        for state in (record.phases.values() if record else ())
    ]
    return pb.Event(
        run_ended=pb.RunEnded(
            outcome=OUTCOMES.wire(outcome),  # type: ignore[arg-type]  # a number is a member
            duration_nano=duration_nano,
            phases=phases,
            events=events,
        )
    )
