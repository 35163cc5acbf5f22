"""The run as one JSON document: the shape that `probe --json` promises."""

from __future__ import annotations

import uuid
from typing import Any

from localloom_agent.supervisor.record import NANO, RunRecord
from localloom_agent.supervisor.run import Plan
from localloom_diagnosis.taxonomy import Phase


def failure(record: RunRecord) -> dict[str, Any] | None:
    """The failure part, or None where there was none."""
    if record.diagnosis is None or record.evidence is None:
        return None
    return {
        "phase": (record.failed_phase or record.evidence.phase or Phase.PREFLIGHT).value,
        **record.diagnosis.to_json(),
        "rules_version": record.diagnosis.rules_version,
        "evidence": record.evidence.to_json(),
    }


def document(record: RunRecord, plan: Plan, *, collector: str, state: str) -> dict[str, Any]:
    """The whole document. `state` of the delivery: delivered | spooled | off."""
    engine = record.engine or {"name": plan.request.engine, "version": "", "device": ""}
    model = record.model or {"id": plan.request.model, "source": "", "bytes": 0}
    parent: uuid.UUID | None = plan.parent
    return {
        "run_id": record.run_id,
        "parent_run_id": str(parent) if parent else None,
        "purpose": plan.purpose.value,
        "outcome": record.outcome.value if record.outcome else None,
        "duration_s": round(record.duration_nano / NANO, 6),
        "engine": engine,
        "model": model,
        "phases": [state.to_json() for state in record.phases.values()],
        "failure": failure(record),
        "generation": record.generation,
        "machine": record.machine,
        "labels": dict(plan.labels),
        "delivery": {"collector": collector or None, "state": state},
    }
