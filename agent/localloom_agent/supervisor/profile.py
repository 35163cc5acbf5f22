"""The machine's profile as an event, with the digest that names a profile which has not changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from localloom.fleet.v1 import event_pb2
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.wire import attributes_to_wire

VOLATILE = frozenset({"available", "free", "memory_free", "notes", "quota", "swap_total", "usage"})
"""What changes from run to run on the same machine."""


def profile_event(document: Mapping[str, Any], attributes: Mapping[str, FactValue]) -> event_pb2.Event:
    """The event for the machine as it is known so far."""
    stable = json.dumps(_stable(document), sort_keys=True, separators=(",", ":")).encode()
    return event_pb2.Event(
        machine_profile=event_pb2.MachineProfile(
            digest=hashlib.sha256(stable).digest(),
            document_json=json.dumps(document, separators=(",", ":"), ensure_ascii=False),
            attributes=attributes_to_wire(attributes),
        )
    )


def _stable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _stable(item) for key, item in value.items() if key not in VOLATILE}
    if isinstance(value, list):
        return [_stable(item) for item in value]
    return value
