"""A machine's profile under the names that reports use, whichever agent and whichever tools it came from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .cpu_names import cpu_model, cpu_vendor
from .driver_versions import driver_version
from .gpu import GpuIdentity, identify
from .memory_sizes import memory_class
from .systems import browser_name, browser_version, os_name, os_type, os_version
from .vendors import vendor_of

Value: TypeAlias = "str | int | float | bool"

#: From the profile's document, where an attribute is missing: its path there.
_IN_DOCUMENT = {
    "os.type": ("os", "type"),
    "os.name": ("os", "name"),
    "os.version": ("os", "version"),
    "hw.cpu.model": ("cpu", "model"),
    "hw.cpu.vendor": ("cpu", "vendor"),
    "host.memory": ("memory", "total"),
}
_OF_GPU = {
    "hw.gpu.vendor": "vendor",
    "hw.gpu.model": "model",
    "hw.gpu.driver": "driver",
    "hw.gpu.driver_version": "driver_version",
    "hw.gpu.memory": "memory_total",
    "hw.gpu.pci_id": "pci_id",
    "hw.gpu.pci_revision": "pci_revision",
    "hw.gpu.compute_capability": "compute_capability",
    "hw.gpu.architecture": "architecture",
}


def normalise(attributes: Mapping[str, Any], document: Any = None) -> dict[str, Value]:
    """The attributes with one name for one thing. Never raises, and idempotent.

    The names that the code below builds are rewritten, or added where they follow from the rest; an empty or unreadable
    value of these is left out; all else passes through. `hw.gpu.*` speaks of the one GPU that the attributes speak of; without any, of
    the document's GPU that the engine used (`gpu_used`, a place in `gpus`), else the one with most memory.

    Args:
        attributes: as an agent sent them, of any version.
        document: the profile's JSON document, for what an agent left out of the attributes.
    """
    said: dict[str, Any] = {**_from_document(document), **attributes}
    gpu = _gpu(said)
    kind = os_type(_text(said.get("os.type")))
    version = os_version(_text(said.get("os.version")), kind)
    model = cpu_model(_text(said.get("hw.cpu.model")))
    named: dict[str, Any] = {
        "os.type": kind,
        "os.name": os_name(_text(said.get("os.name")), kind, version),
        "os.version": version,
        "host.memory.class": memory_class(_number(said.get("host.memory"))),
        "hw.cpu.model": model,
        "hw.cpu.vendor": cpu_vendor(_text(said.get("hw.cpu.vendor")), model),
        "hw.cpu.features": _features(said),
        "hw.gpu.vendor": gpu.vendor,
        "hw.gpu.model": gpu.model,
        "hw.gpu.architecture": gpu.architecture,
        "hw.gpu.driver_version": driver_version(
            _text(said.get("hw.gpu.driver_version")), gpu.vendor, _text(said.get("hw.gpu.driver"))
        ),
        "hw.gpu.memory.class": memory_class(_number(said.get("hw.gpu.memory"))),
        "hw.gpu.pci_id": gpu.pci_id or _text(said.get("hw.gpu.pci_id")),
        "browser.name": browser_name(_text(said.get("browser.name"))),
        "browser.version": browser_version(_text(said.get("browser.version"))),
    }
    kept = {name: value for name, value in said.items() if name not in named and isinstance(value, _SCALARS)}
    return kept | {name: value for name, value in named.items() if value is not None}


_SCALARS = (str, int, float, bool)


def _gpu(said: Mapping[str, Any]) -> GpuIdentity:
    found = identify(
        _text(said.get("hw.gpu.model")),
        vendor=_text(said.get("hw.gpu.vendor")),
        pci_id=_text(said.get("hw.gpu.pci_id")),
        revision=_text(said.get("hw.gpu.pci_revision")),
        architecture=_text(said.get("hw.gpu.architecture")),
        compute_target=_text(said.get("hw.gpu.compute_capability")),
    )
    if found.vendor or found.model:
        return found
    # Where nobody but a browser has seen the GPU.
    seen = webgpu_adapter({name: said.get(f"webgpu.{name}") for name in ("vendor", "architecture", "device")})
    return found if seen.is_software or not seen.vendor else seen


def gpus(document: Any) -> tuple[GpuIdentity, ...]:
    """Every GPU that a profile's document lists, in its order; none where it lists none."""
    return tuple(_identity(gpu) for gpu in _listed(document))


def webgpu_adapter(info: Mapping[str, Any]) -> GpuIdentity:
    """The GPU that a browser's GPUAdapterInfo speaks of: its members vendor, architecture, device, description.

    Browsers mask: Chrome tells vendor and architecture, the model only where a developer allows it; Safari "apple".
    """
    description = _text(info.get("description")) or ""
    if re.search(r"\d+\.\d+|\bmesa\b|driver", description, re.IGNORECASE):
        description = ""  # Dawn puts the driver there, not the GPU
    device = _text(info.get("device")) or ""
    vendor = vendor_of(_text(info.get("vendor")))
    number = {"nvidia": "10de", "amd": "1002", "intel": "8086"}.get(vendor or "")
    is_id = len(device) in (4, 6) and device.lower().removeprefix("0x").isalnum() and number
    return identify(
        description or (None if is_id else device),
        vendor=vendor,
        pci_id=f"{number}:{device.lower().removeprefix('0x')}" if is_id else None,
        architecture=_text(info.get("architecture")),
    )


def same_gpu(one: GpuIdentity, other: GpuIdentity) -> bool:
    """Whether two identities may be of one GPU: nothing that both know differs."""
    if one.is_software != other.is_software:
        return False
    if one.pci_id and other.pci_id:
        return one.pci_id == other.pci_id
    if one.model and other.model:
        return one.model == other.model
    pairs = ((one.vendor, other.vendor), (one.architecture, other.architecture))
    return bool(one.vendor and other.vendor) and all(a == b for a, b in pairs if a and b)


def _identity(gpu: Mapping[str, Any]) -> GpuIdentity:
    return identify(
        _text(gpu.get("model")),
        vendor=_text(gpu.get("vendor")),
        pci_id=_text(gpu.get("pci_id")),
        revision=_text(gpu.get("pci_revision")),
        architecture=_text(gpu.get("architecture")),
        compute_target=_text(gpu.get("compute_capability")),
    )


def _listed(document: Any) -> list[Mapping[str, Any]]:
    listed = document.get("gpus") if isinstance(document, Mapping) else None
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        return []
    return [gpu for gpu in listed if isinstance(gpu, Mapping)]


def _from_document(document: Any) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        return {}
    found: dict[str, Any] = {}
    for name, (part, key) in _IN_DOCUMENT.items():
        inside = document.get(part)
        value = inside.get(key) if isinstance(inside, Mapping) else None
        if value:
            found[name] = value
    return found | of_gpu(_used(document) or {})


def of_gpu(gpu: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes `hw.gpu.*` of one entry of a document's list, as its source said them."""
    return {name: gpu[key] for name, key in _OF_GPU.items() if gpu.get(key)}


def _used(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The entry that the document says an engine used; else the one with most memory."""
    listed = _listed(document)
    used = document.get("gpu_used")
    if isinstance(used, int) and 0 <= used < len(listed):
        return listed[used]
    return max(listed, key=lambda gpu: _number(gpu.get("memory_total")) or 0, default=None)


def _features(said: Mapping[str, Any]) -> str | None:
    """Instruction sets, sorted and separated by commas; agents before this name called them instruction_sets."""
    for attribute in ("hw.cpu.features", "hw.cpu.instruction_sets"):
        listed = _text(said.get(attribute)) or ""
        if names := {name.strip().lower() for name in listed.split(",") if name.strip()}:
            return ",".join(sorted(names))
    return None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, _SCALARS) and value != "" and not isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
