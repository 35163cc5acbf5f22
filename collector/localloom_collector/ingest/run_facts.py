"""What single events say about their run, as columns of `runs`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from localloom.fleet.v1 import event_pb2
from localloom_diagnosis.wire import OUTCOMES, PURPOSES, attributes_from_wire

from . import clean
from .refusal import malformed

#: Stands where a later agent's enum has a member that this version does not know.
UNKNOWN = "unknown"


def started(event: event_pb2.RunStarted) -> dict[str, Any]:
    """Columns of the facet `started`.

    Raises:
        Refusal: parent_run_id is neither empty nor 16 bytes.
    """
    if len(event.parent_run_id) not in (0, 16):
        raise malformed("parent_run_id is neither empty nor 16 bytes")
    purpose = PURPOSES.get(event.purpose)
    return {
        "purpose": purpose.value if purpose else UNKNOWN,
        "parent_run_id": UUID(bytes=event.parent_run_id) if event.parent_run_id else None,
        "agent_version": clean.text(event.agent_version),
        "engine_requested": clean.text_or_none(event.engine_requested),
        "model_requested": clean.text_or_none(event.model_requested),
        "device_requested": clean.text_or_none(event.device_requested),
        "max_tokens": event.max_tokens,
        "temperature": clean.finite(event.temperature),
        "labels": clean.tree(dict(event.labels)),
        "prompt": clean.text_or_none(event.prompt),
    }


def engine(event: event_pb2.EngineIdentified) -> dict[str, Any]:
    """Columns of the facet `engine`."""
    return {
        "engine_name": clean.text_or_none(event.name),
        "engine_version": clean.text_or_none(event.version),
        "engine_device": clean.text_or_none(event.device),
        "engine_attributes": clean.tree(attributes_from_wire(event.attributes)),
    }


def model(event: event_pb2.ModelResolved) -> dict[str, Any]:
    """Columns of the facet `model`."""
    return {
        "model_id": clean.text_or_none(event.id),
        "model_source": clean.text_or_none(event.source),
        "model_bytes": clean.int64(event.bytes),
        "model_attributes": clean.tree(attributes_from_wire(event.attributes)),
    }


def generation(event: event_pb2.Generation) -> dict[str, Any]:
    """Columns of the facet `generation`."""
    check = event.numeric_check

    def optional(message: Any, name: str) -> float | None:
        return clean.finite(getattr(message, name)) if message.HasField(name) else None

    return {
        "generated_text": clean.text_or_none(event.text),
        "token_ids": list(event.token_ids),
        "prompt_tokens": event.prompt_tokens,
        "completion_tokens": event.completion_tokens,
        "ttft_s": optional(event, "ttft_s"),
        "tokens_per_s": optional(event, "tokens_per_s"),
        "prefill_tokens_per_s": optional(event, "prefill_tokens_per_s"),
        "finish_reason": clean.text_or_none(event.finish_reason),
        "numeric_status": check.status if check.status in ("passed", "failed", "not_available") else None,
        "numeric_agreement": optional(check, "agreement"),
        "numeric_nonfinite": clean.int64(check.nonfinite),
        "numeric_min_margin": optional(check, "min_margin"),
        "numeric_reason": clean.text_or_none(check.reason),
    }


def ended(event: event_pb2.RunEnded) -> dict[str, Any]:
    """Columns of the facet `ended`."""
    outcome = OUTCOMES.get(event.outcome)
    return {
        "outcome": outcome.value if outcome else UNKNOWN,
        "duration_s": clean.seconds(event.duration_nano),
        "events_expected": clean.int64(event.events),
    }
