"""Two verdicts on one failure: the agent's as it came, and the collector's own, from the same evidence."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from localloom.fleet.v1 import event_pb2
from localloom_collector.storage.rows import ChunkKey
from localloom_diagnosis import Category, Evidence, diagnose
from localloom_diagnosis.wire import CATEGORIES, evidence_from_wire

from . import clean
from .phases import phase_name

log = logging.getLogger(__name__)


def failure_row(key: ChunkKey, seq: int, event: event_pb2.FailureDiagnosed) -> dict[str, Any]:
    """The row of `failures`. Where the collector's rules fail, the agent's verdict stands in, with a note."""
    agent = agent_verdict(event)
    evidence = evidence_from_wire(event.evidence)
    try:
        own = own_verdict(evidence)
    except Exception as error:
        # A rule of ours that breaks must not cost anybody the record of their failure.
        log.exception("rules failed run=%s", key.run_id)
        note = f"the collector could not judge: {type(error).__name__}"
        own = {**_columns(agent), "rules_version": None, "note": note}
    return {
        "machine_id": key.machine_id,
        "run_id": key.run_id,
        "event_seq": seq,
        "phase": phase_name(event.phase) if event.phase else None,
        **own,
        "agent_category": agent["category"],
        "agent_confidence": agent["confidence"],
        "agent_signature": agent["signature"],
        "agent_verdict": agent,
        "agent_rules_version": clean.text(event.rules_version),
        "evidence": clean.tree(evidence.to_json()),
    }


def own_verdict(evidence: Evidence) -> dict[str, Any]:
    """The columns of `failures` that hold the collector's verdict, by the present rules.

    Raises:
        Exception: a rule broke.
    """
    diagnosis = diagnose(evidence)
    return {
        **_columns(clean.tree(diagnosis.to_json())),
        "rules_version": clean.text(diagnosis.rules_version),
        "note": None,
    }


def _columns(verdict: Mapping[str, Any]) -> dict[str, Any]:
    names = ("category", "signature", "summary", "retryable", "candidates", "remedies")
    return {**{name: verdict[name] for name in names}, "confidence": verdict["confidence"] or 0.0}


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
