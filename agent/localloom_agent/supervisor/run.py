"""One run, from its first event to its last: who starts the child, listens to it, watches it, and judges."""

from __future__ import annotations

import queue
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from localloom.fleet.v1 import event_pb2
from localloom_agent.engines.interface import ProbeRequest
from localloom_agent.outbox import Outbox
from localloom_agent.redaction import Redactor
from localloom_agent.runid import uuid7
from localloom_agent.version import version
from localloom_diagnosis.evidence import ErrorRecord, Evidence
from localloom_diagnosis.taxonomy import Outcome, Phase, PhaseStatus, Purpose

from . import events, verdict
from .memory import MemoryWitness
from .process import Ended, Line, ProbedProcess
from .profile import profile_event
from .record import RunRecord
from .recorder import Recorder
from .sampler import Sampler
from .used_gpu import use_gpu
from .watchdog import DEFAULT_LIMITS, Hang, Limit, Watchdog

if TYPE_CHECKING:
    from localloom_diagnosis.verdict import Diagnosis

TICK_S = 0.1
SAMPLE_S = 0.5
EXIT_S = 5.0
"""How long a child whose pipe has closed may take to be gone."""

MAX_STDERR_EVENTS = 2000
"""Lines of standard error that become events; the tail is kept as evidence however many there are."""


class Watcher(Protocol):
    """Somebody who looks on: the live view, the plain one."""

    def update(self, record: RunRecord, frame: Mapping[str, Any] | None) -> None:
        """Something happened (`frame`), or time went by (None). Must return at once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run, and how."""

    request: ProbeRequest
    python: str = sys.executable
    """The interpreter that the engine runs in; the machine is looked at from our own."""
    purpose: Purpose = Purpose.PRIMARY
    parent: uuid.UUID | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[Phase, Limit] = field(default_factory=lambda: DEFAULT_LIMITS)
    lang: str = "en"
    share_text: bool = False


@dataclass(slots=True)
class _Watched:
    """How a child went."""

    ended: Ended | None = None
    hang: Hang | None = None
    cancelled: bool = False
    stacks: str = ""
    stderr_tail: str = ""


class Supervisor:
    """Runs probes, one after another."""

    def __init__(
        self,
        machine_id: uuid.UUID,
        outbox: Outbox | None,
        redactor: Redactor,
        watchers: Sequence[Watcher] = (),
        cancel: Event | None = None,
    ) -> None:
        """With no outbox nothing is kept for delivery. `cancel`, once set, ends the run as cancelled."""
        self._machine_id, self._outbox, self._redactor = machine_id, outbox, redactor
        self._watchers = watchers
        self._cancel = cancel or Event()

    def run(self, plan: Plan) -> RunRecord:
        """Run it to its end; whatever happens to the child is in the record.

        Raises:
            OutboxError: the run could not even be opened in the outbox.
            OSError: the child could not be started.
        """
        wall, mono = time.time_ns(), time.monotonic_ns()
        run_id = uuid7(wall)
        record = RunRecord(str(run_id), mono)
        if self._outbox is not None:
            self._outbox.open_run(run_id.bytes, self._machine_id.bytes, wall)
        recorder = Recorder(self._outbox, run_id.bytes, mono)
        request = self._redactor.value(plan.request.to_json())
        recorder.add(
            events.run_started(
                agent_version=version(),
                purpose=plan.purpose,
                parent_run_id=plan.parent.bytes if plan.parent else b"",
                request=request,
                labels=dict(plan.labels),
                share_text=plan.share_text,
            ),
            mono=mono,
            wall=wall,
        )
        recorder.flush(Phase.PREFLIGHT.value)
        self._tell(record, None)
        jobs: list[dict[str, Any]] = [
            {"kind": "machine", "cache_dir": plan.request.cache_dir},
            {"kind": "probe", "request": plan.request.to_json()},
        ]
        watched = _Watched()
        for job in jobs:
            record.done = ""
            watched = self._watch(job, plan, record, recorder)
            if (
                verdict.outcome_of(record, watched.ended, watched.hang, cancelled=watched.cancelled)
                is not Outcome.PASSED
            ):
                break
        self._conclude(plan, record, recorder, watched)
        return record

    def _watch(self, job: Mapping[str, Any], plan: Plan, record: RunRecord, recorder: Recorder) -> _Watched:
        """Start the child for one job, and stay with it until it has ended."""
        process = ProbedProcess(job, sys.executable if job["kind"] == "machine" else plan.python)
        try:
            witness = MemoryWitness(process.process.pid)
            nvml = any(gpu.get("source") == "nvml" for gpu in record.machine.get("gpus", ()))
            sampler = Sampler(process.process.pid, nvml)
            phase = Phase.PREFLIGHT if job["kind"] == "machine" else Phase.RUNTIME
            record.current = phase
            watchdog = Watchdog(plan.limits, time.monotonic(), phase)
            watched = self._listen(
                process, plan=plan, record=record, recorder=recorder, watchdog=watchdog, sampler=sampler
            )
            watched.stderr_tail = self._redactor.text(process.stderr_tail())
            record.facts |= witness.facts(sampler, watched.ended)
            if process.garbage:
                record.errors.append(ErrorRecord("FrameError", process.garbage, "supervisor"))
            return watched
        finally:
            process.close()

    def _listen(
        self,
        process: ProbedProcess,
        *,
        plan: Plan,
        record: RunRecord,
        recorder: Recorder,
        watchdog: Watchdog,
        sampler: Sampler,
    ) -> _Watched:
        watched = _Watched()
        stderr_events = 0
        sampled_at = 0.0
        while True:
            try:
                item = process.items.get(timeout=TICK_S)
            except queue.Empty:
                item = Line("")
            else:
                if item is None:
                    break
            now = time.monotonic()
            if isinstance(item, Line):
                if item.text and stderr_events < MAX_STDERR_EVENTS:
                    stderr_events += 1
                    text = self._redactor.text(item.text[:2000])
                    recorder.add(
                        event_pb2.Event(log_line=event_pb2.LogLine(level="info", source="stderr", text=text))
                    )
            else:
                frame = self._redactor.value(item)
                self._take(frame, plan, record, recorder)
                watchdog.progressed(now, record.open_phase() or record.current)
            if now - sampled_at >= SAMPLE_S:
                sampled_at = now
                taken = sampler.sample()
                if taken is not None:
                    recorder.add(events.sample(taken))
                    watchdog.worked(now, taken.cpu_s, taken.io_bytes, gpu_busy=bool(taken.gpu_utilization))
            self._tell(record, None)
            if recorder.due():
                recorder.flush(record.current.value)
            watched.hang = watchdog.check(now)
            watched.cancelled = self._cancel.is_set()
            if watched.hang or watched.cancelled:
                watched.stacks = self._redactor.text(process.stacks()) if watched.hang else ""
                break
        stopped = watched.hang is not None or watched.cancelled
        watched.ended = process.end() if stopped else process.wait(EXIT_S) or process.end()
        process.settle()
        if not watched.stacks:
            watched.stacks = self._redactor.text(process.stacks())
        return watched

    def _take(self, frame: Mapping[str, Any], plan: Plan, record: RunRecord, recorder: Recorder) -> None:
        """One frame: into the record, into the outbox, before the eyes of the watchers."""
        before = record.current
        record.take(frame)
        event = (
            profile_event(record.machine, record.hardware)
            if frame["t"] in {"machine", "machine_part"}
            else events.from_frame(frame, record.started_mono, share_text=plan.share_text)
        )
        if event is not None:
            recorder.add(event, mono=frame["mono"], wall=frame["wall"])
        if use_gpu(record.machine, record.hardware, frame):
            recorder.add(
                profile_event(record.machine, record.hardware), mono=frame["mono"], wall=frame["wall"]
            )
        if frame["t"] == "span_start" and record.current is not before:
            recorder.flush(record.current.value)  # what follows may be the end of the process, or of this one
        self._tell(record, frame)

    def _conclude(self, plan: Plan, record: RunRecord, recorder: Recorder, watched: _Watched) -> None:
        """Say how it ended, why, and what to do; close the run in the outbox."""
        outcome = verdict.outcome_of(record, watched.ended, watched.hang, cancelled=watched.cancelled)
        record.outcome = outcome
        end = time.monotonic_ns() - record.started_mono
        phase = verdict.failing_phase(record, watched.hang)
        reason = verdict.why(outcome, watched.ended, watched.hang)
        if outcome not in {Outcome.PASSED, Outcome.CANCELLED}:
            evidence = verdict.evidence_of(
                record,
                engine=plan.request.engine,
                outcome=outcome,
                ended=watched.ended,
                hang=watched.hang,
                stderr_tail=watched.stderr_tail,
                stacks=watched.stacks,
            )
            if record.phases[phase].status is not PhaseStatus.FAILED:
                record.fail(phase, reason if outcome is not Outcome.FAILED else _first_line(record))
            record.conclude(end, reason)
            record.evidence = evidence
            record.diagnosis = _diagnose(evidence, plan.lang)
            recorder.add(events.failure(phase, record.diagnosis, evidence, plan.lang))
        record.conclude(end, reason if outcome is not Outcome.PASSED else "")
        record.duration_nano = end
        recorder.add(events.run_ended(outcome, end, record, recorder.events + 1))
        recorder.flush(phase.value, close=True)
        record.delivery_trouble = recorder.trouble
        self._tell(record, None)

    def _tell(self, record: RunRecord, frame: Mapping[str, Any] | None) -> None:
        for watcher in self._watchers:
            watcher.update(record, frame)


def _diagnose(evidence: Evidence, lang: str) -> Diagnosis:
    from localloom_diagnosis.diagnosis import (
        diagnose,
    )  # its rules take a moment to compile: most runs need none

    return diagnose(evidence, lang)


def _first_line(record: RunRecord) -> str:
    error = next((e for e in record.errors if e.message or e.type), None)
    return f"{error.type}: {error.message}".splitlines()[0][:500] if error else ""


def close_dead_runs(outbox: Outbox, lang: str = "en") -> int:
    """Close, as crashed, the runs whose supervisor died. Returns how many there were."""
    dead = outbox.claim_dead_runs()
    for run in dead:
        phase = Phase(run.phase)
        text = f"the agent died while the phase {phase.value} was running; its next start closed the run"
        evidence = Evidence(errors=(ErrorRecord("SupervisorDied", text, "supervisor"),), phase=phase)
        # The monotonic clock of a dead process means nothing: durations stay zero, the wall clock says when.
        recorder = Recorder(outbox, run.run_id, time.monotonic_ns(), run.event_seq)
        recorder.add(events.failure(phase, _diagnose(evidence, lang), evidence, lang))
        recorder.add(events.run_ended(Outcome.CRASHED, 0, None, recorder.events + 1))
        recorder.flush(phase.value, close=True)
    return len(dead)
