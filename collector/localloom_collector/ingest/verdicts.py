"""Two verdicts on one failure: the agent's as it came, and the collector's own, from the same evidence."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from localloom.fleet.v1 import event_pb2
from localloom_collector.storage.rows import ChunkKey
from localloom_diagnosis import Category, diagnose
from localloom_diagnosis.wire import CATEGORIES, evidence_from_wire

from . import clean
from .phases import phase_name

log = logging.getLogger(__name__)


def failure_row(key: ChunkKey, seq: int, event: event_pb2.FailureDiagnosed) -> dict[str, Any]:
    """The row of `failures`. Where the collector's rules fail, the agent's verdict stands in, with a note."""
    agent = agent_verdict(event)
    own: Mapping[str, Any] = agent
    rules_version: str | None = None
    note: str | None = None
    evidence = evidence_from_wire(event.evidence)
    try:
        diagnosis = diagnose(evidence)
        own, rules_version = diagnosis.to_json(), diagnosis.rules_version
    except Exception as error:
        # A rule of ours that breaks must not cost anybody the record of their failure.
        note = f"the collector could not judge: {type(error).__name__}"
        log.exception("rules failed run=%s", key.run_id)
    own = clean.tree(own)
    return {
        "machine_id": key.machine_id,
        "run_id": key.run_id,
        "event_seq": seq,
        "phase": phase_name(event.phase) if event.phase else None,
        "category": own["category"],
        "confidence": own["confidence"] or 0.0,
        "signature": own["signature"],
        "summary": own["summary"],
        "retryable": own["retryable"],
        "candidates": own["candidates"],
        "remedies": own["remedies"],
        "rules_version": rules_version,
        "note": note,
        "agent_category": agent["category"],
        "agent_confidence": agent["confidence"],
        "agent_signature": agent["signature"],
        "agent_verdict": agent,
        "agent_rules_version": clean.text(event.rules_version),
        "evidence": clean.tree(evidence.to_json()),
    }


def agent_verdict(event: event_pb2.FailureDiagnosed) -> dict[str, Any]:
    """The agent's verdict, in the keys that `Diagnosis.to_json` has, and the language it is in."""
    verdict: dict[str, Any] = clean.tree(
        {
            "category": _category(event.category),
            "confidence": event.confidence,
            "candidates": [
                {"category": _category(c.category), "score": c.score, "because": c.because}
                for c in event.candidates
            ],
            "signature": event.signature,
            "summary": event.summary,
            "retryable": event.retryable,
            "remedies": list(event.remedies),
            "language": event.language,
        }
    )
    return verdict


def _category(number: int) -> str:
    return CATEGORIES.get(number, Category.UNKNOWN).value
