"""From a machine's profile to its row: as it came, and as columns under the names that reports group by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from localloom.fleet.v1 import event_pb2
from localloom_collector.storage import kinds
from localloom_diagnosis.hardware import normalise
from localloom_diagnosis.wire import attributes_from_wire

from . import clean

#: Columns of `hardware_profiles` that hold text, and the attribute each is filled from.
TEXTS = {
    name.replace(".", "_"): name
    for name in (
        "hw.gpu.vendor", "hw.gpu.model", "hw.gpu.architecture", "hw.gpu.driver_version", "hw.cpu.model", "hw.cpu.features",
        "os.type", "os.version", "browser.name", "browser.version",
    )
}  # fmt: skip

#: No machine has more; and reports round up without leaving 64 bits.
_EXBIBYTE = 2**60

#: Columns that hold bytes: the size that the memory was sold as, since no two machines report quite the same.
SIZES = {name.replace(".", "_"): f"{name}.class" for name in ("hw.gpu.memory", "host.memory")}


#: Profiles up to this many bytes are remembered, this many of them: a machine says the same at every run, and machines
#: of one make say the same as each other. With what is derived of them they take 20 MB at most.
_REMEMBERED_BYTES = 4096
_REMEMBERED = 500


def profile_row(machine_id: UUID, event: event_pb2.Event) -> dict[str, Any]:
    """The row of `hardware_profiles`: attributes and document as they came, the columns normalised.

    Normalised here and not only by agents, so that those of any version and platform come to one name.
    """
    profile = event.machine_profile
    raw = profile.SerializeToString()
    said = _said_before(raw) if len(raw) <= _REMEMBERED_BYTES else _said(profile)
    seen = clean.moment(event.time_unix_nano)
    return {"machine_id": machine_id, **said, "first_seen": seen, "last_seen": seen}


@lru_cache(_REMEMBERED)
def _said_before(raw: bytes) -> Mapping[str, Any]:
    return _said(event_pb2.MachineProfile.FromString(raw))


def _said(profile: event_pb2.MachineProfile) -> Mapping[str, Any]:
    """The columns that follow from the profile alone."""
    attributes: dict[str, Any] = clean.tree(attributes_from_wire(profile.attributes))
    document = clean.document(profile.document_json)
    named = clean.tree(normalise(attributes, document))
    digest = profile.digest.hex()
    if len(profile.digest) != 32:
        # Without a digest the profile still has to have a name; the same document has the same one.
        digest = hashlib.sha256(profile.document_json.encode()).hexdigest()
    columns: dict[str, Any] = {
        **{column: _text(named.get(name)) for column, name in TEXTS.items()},
        **{column: _size(named.get(name)) for column, name in SIZES.items()},
    }
    return {
        "digest": digest,
        **columns,
        "hardware": kinds.hardware(columns)["hardware"],
        "attributes": attributes,
        "document": document,
    }


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _size(value: Any) -> int | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return max(0, min(int(value), _EXBIBYTE))
    return None
