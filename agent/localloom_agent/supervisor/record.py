"""What is known about a run so far: fed with frames, read by the views, the verdict and the final document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from localloom_diagnosis.evidence import ErrorRecord, Evidence, Exchange, FactValue
from localloom_diagnosis.taxonomy import Category, Outcome, Phase, PhaseStatus

if TYPE_CHECKING:
    from localloom_diagnosis.verdict import Diagnosis

NANO = 1_000_000_000


@dataclass(slots=True)
class SpanState:
    """A span that is open."""

    phase: Phase
    name: str
    started_nano: int


@dataclass(slots=True)
class PhaseState:
    """One phase of the run so far."""

    phase: Phase
    status: PhaseStatus | None = None
    """None while it has not ended."""
    reason: str = ""
    intervals: list[tuple[int, int]] = field(default_factory=list)
    """Nanoseconds since the run's start, one pair a finished span."""
    attributes: dict[str, FactValue] = field(default_factory=dict)
    progress: Mapping[str, Any] | None = None

    @property
    def duration_nano(self) -> int:
        """Time during which at least one span was open."""
        total, end = 0, -1
        for start, stop in sorted(self.intervals):
            total += max(0, stop - max(start, end))
            end = max(end, stop)
        return total

    def to_json(self) -> dict[str, Any]:
        """The phase as the design's document has it."""
        out: dict[str, Any] = {
            "phase": self.phase.value,
            "status": (self.status or PhaseStatus.SKIPPED).value,
            "duration_s": round(self.duration_nano / NANO, 6),
        }
        if self.reason:
            out["reason"] = self.reason
        if self.attributes:
            out["attributes"] = self.attributes
        return out


@dataclass(slots=True)
class RunRecord:
    """The run so far."""

    run_id: str
    started_mono: int
    """Nanoseconds of the monotonic clock at the start."""
    phases: dict[Phase, PhaseState] = field(default_factory=lambda: {p: PhaseState(p) for p in Phase})
    spans: dict[int, SpanState] = field(default_factory=dict)
    errors: list[ErrorRecord] = field(default_factory=list)
    facts: dict[str, FactValue] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    """Those that failed."""
    pending: dict[int, tuple[str, int]] = field(default_factory=dict)
    """Exchanges under way: URL, and nanoseconds since the run's start when it began."""
    engine: dict[str, str] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    hardware: dict[str, FactValue] = field(default_factory=dict)
    generation: dict[str, Any] | None = None
    failed_phase: Phase | None = None
    current: Phase = Phase.PREFLIGHT
    done: str = ""
    """What the child said at its end: passed | failed | ""."""
    outcome: Outcome | None = None
    diagnosis: Diagnosis | None = None
    evidence: Evidence | None = None
    """What the diagnosis was made from."""
    duration_nano: int = 0
    delivery_trouble: str = ""
    """Why the last chunks could not be kept, if they could not."""

    def take(self, frame: Mapping[str, Any]) -> None:
        """Take in one frame of the child."""
        handler = getattr(self, f"_{frame['t']}", None)
        if handler is not None:
            handler(frame)

    def elapsed(self, frame: Mapping[str, Any]) -> int:
        """Nanoseconds from the run's start to the frame."""
        return max(0, int(frame.get("mono", self.started_mono)) - self.started_mono)

    def _span_start(self, frame: Mapping[str, Any]) -> None:
        phase = Phase(frame["phase"])
        self.current = phase
        self.spans[frame["id"]] = SpanState(phase, frame["name"], self.elapsed(frame))

    def _span_end(self, frame: Mapping[str, Any]) -> None:
        span = self.spans.pop(frame["id"], None)
        phase = Phase(frame["phase"])
        state = self.phases[phase]
        end = self.elapsed(frame)
        state.intervals.append((span.started_nano if span else end, end))
        state.attributes.update(frame.get("attributes", {}))
        if frame["status"] == PhaseStatus.FAILED.value:
            self.fail(phase, frame.get("reason", ""))
        elif state.status is None:
            state.status = PhaseStatus.PASSED

    def fail(self, phase: Phase, reason: str) -> None:
        """A phase failed; the first one to fail owns the run's failure."""
        state = self.phases[phase]
        if state.status is not PhaseStatus.FAILED:
            state.status, state.reason = PhaseStatus.FAILED, reason
        if self.failed_phase is None:
            self.failed_phase = phase

    def _skip(self, frame: Mapping[str, Any]) -> None:
        state = self.phases[Phase(frame["phase"])]
        if state.status is None:
            state.status, state.reason = PhaseStatus.SKIPPED, frame.get("reason", "")

    def _engine(self, frame: Mapping[str, Any]) -> None:
        self.engine = {key: str(frame[key]) for key in ("name", "version", "device")}

    def _model(self, frame: Mapping[str, Any]) -> None:
        self.model = {key: frame[key] for key in ("id", "source", "bytes")}

    def _machine(self, frame: Mapping[str, Any]) -> None:
        self.machine, self.hardware = dict(frame["document"]), dict(frame["attributes"])

    def _machine_part(self, frame: Mapping[str, Any]) -> None:
        self.machine[frame["part"]] = frame["found"]
        self.hardware.update(frame["attributes"])

    def _progress(self, frame: Mapping[str, Any]) -> None:
        self.phases[Phase(frame["phase"])].progress = frame

    def _facts(self, frame: Mapping[str, Any]) -> None:
        self.facts.update(frame["facts"])

    def _generation(self, frame: Mapping[str, Any]) -> None:
        self.generation = dict(frame["report"])

    def _exchange(self, frame: Mapping[str, Any]) -> None:
        status = frame.get("status")
        if frame.get("error") or (status and status >= 400):
            self.exchanges.append(Exchange(frame["url"], status, frame.get("error", "")))

    def _pending(self, frame: Mapping[str, Any]) -> None:
        self.pending[frame["id"]] = (frame["url"], self.elapsed(frame))

    def _settled(self, frame: Mapping[str, Any]) -> None:
        self.pending.pop(frame["id"], None)

    def _errors(self, frame: Mapping[str, Any]) -> None:
        for record in frame["records"]:
            self.facts.update(record.get("facts", {}))
            self.errors.append(
                ErrorRecord(
                    type=record["type"],
                    message=record["message"],
                    origin=record["origin"],
                    traceback=record.get("traceback", ""),
                    category=Category(record["category"]) if record.get("category") else None,
                )
            )

    def _done(self, frame: Mapping[str, Any]) -> None:
        self.done = frame["status"]

    def open_phase(self) -> Phase | None:
        """The phase of the span that was opened last and is still open."""
        return self.spans[max(self.spans)].phase if self.spans else None

    def conclude(self, end_nano: int, why: str) -> None:
        """Close what is open as failed because of `why`, and skip what was never reached."""
        for span in self.spans.values():
            self.phases[span.phase].intervals.append((span.started_nano, max(end_nano, span.started_nano)))
            if why:
                self.fail(span.phase, why)
        self.spans.clear()
        for state in self.phases.values():
            if state.status is None:
                state.status = PhaseStatus.SKIPPED
                before = (
                    f"not reached: {self.failed_phase.value} failed" if self.failed_phase else "not reached"
                )
                state.reason = state.reason or before
