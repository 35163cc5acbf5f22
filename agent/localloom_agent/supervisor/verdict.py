"""From what was seen of a run to its outcome, its evidence and its diagnosis."""

from __future__ import annotations

from localloom_diagnosis.evidence import ErrorRecord, Evidence, Exchange
from localloom_diagnosis.taxonomy import Outcome, Phase

from .process import Ended
from .record import RunRecord
from .watchdog import Hang

RUNTIME_NAMES = {"mlc": "mlc-llm", "webllm": "web-llm"}
"""Runtimes as error reports name them; the others are called as the engine is."""


def outcome_of(record: RunRecord, ended: Ended | None, hang: Hang | None, *, cancelled: bool) -> Outcome:
    """How the run ended."""
    if cancelled:
        return Outcome.CANCELLED
    if hang is not None:
        return Outcome.HUNG
    if record.done == "failed":
        return Outcome.FAILED
    if record.done == "passed" and ended is not None and ended.exit_code == 0:
        return Outcome.PASSED
    return Outcome.CRASHED


def failing_phase(record: RunRecord, hang: Hang | None) -> Phase:
    """The phase that owns the failure: the first failing span's, else the one that was open at the end."""
    if record.failed_phase is not None:
        return record.failed_phase
    if hang is not None:
        return hang.phase
    return record.open_phase() or record.current


def why(outcome: Outcome, ended: Ended | None, hang: Hang | None) -> str:
    """One line for the spans that were open when the process ended."""
    if outcome is Outcome.HUNG and hang is not None:
        doing = "the CPU was busy" if hang.busy else "no CPU was used"
        return f"no progress for {hang.age_s:.0f} s (limit {hang.limit_s:.0f} s; {doing})"
    if outcome is Outcome.CANCELLED:
        return "cancelled"
    if ended is not None and ended.signal:
        return f"the process was ended by {ended.signal}"
    if ended is not None:
        return f"the process ended with exit code {ended.exit_code} in the middle"
    return "the process could not be ended"


def _waiting(record: RunRecord, hang: Hang) -> list[Exchange]:
    """The exchanges that were under way when the process hung: what it waited for."""
    return [Exchange(url, None, f"pending for {hang.age_s:.0f} s") for url, _ in record.pending.values()]


def evidence_of(
    record: RunRecord,
    *,
    engine: str,
    outcome: Outcome,
    ended: Ended | None,
    hang: Hang | None,
    stderr_tail: str,
    stacks: str,
) -> Evidence:
    """All that is known, for the diagnosis here and for the one at the collector."""
    facts = dict(record.facts)
    errors = list(record.errors)
    if outcome in {Outcome.CRASHED, Outcome.HUNG}:
        errors.append(ErrorRecord("", why(outcome, ended, hang), "supervisor"))
    cgroup_limit = record.machine.get("memory", {}).get("cgroup_limit")
    if cgroup_limit and (facts.get("cgroup.oom_kills") or (ended and ended.signal == "SIGKILL")):
        facts.setdefault("memory.limit", cgroup_limit)
    if hang is not None:
        facts["limit.seconds"] = hang.limit_s
        facts["progress.age_s"] = round(hang.age_s, 1)
    ours = outcome in {Outcome.CRASHED, Outcome.FAILED}
    return Evidence(
        errors=tuple(errors),
        phase=failing_phase(record, hang),
        runtime=RUNTIME_NAMES.get(record.engine.get("name", engine), record.engine.get("name", engine)),
        stderr_tail=stderr_tail,
        exit_code=ended.exit_code if ended and ours else None,
        signal=ended.signal if ended and ours else "",
        hung=outcome is Outcome.HUNG,
        stacks=stacks,
        exchanges=(*record.exchanges, *(_waiting(record, hang) if hang is not None else ())),
        hardware=record.hardware,
        facts=facts,
    )
