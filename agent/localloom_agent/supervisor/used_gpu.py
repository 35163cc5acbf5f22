"""Which of a machine's GPUs the engine used: the run's profile speaks of that one, the others stay listed."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.hardware import (
    GpuIdentity,
    gpus,
    identify,
    normalise,
    of_gpu,
    same_gpu,
    webgpu_adapter,
)


def use_gpu(
    document: MutableMapping[str, Any], attributes: MutableMapping[str, FactValue], frame: Mapping[str, Any]
) -> bool:
    """Let the profile speak of the GPU that a child's frame names. Returns whether it spoke of another before.

    A machine of one GPU, or whose GPUs are of one kind, has nothing to choose.
    """
    used = _named(frame)
    if used is None or used.is_software:
        return False
    known = gpus(document)
    present = identify(_text(attributes.get("hw.gpu.model")), vendor=_text(attributes.get("hw.gpu.vendor")))
    if same_gpu(present, used):
        return False  # a browser names no more than maker and architecture: two may fit
    place = next((n for n, gpu in enumerate(known) if same_gpu(gpu, used)), None)
    if place is None or (known[place].vendor, known[place].model) == (present.vendor, present.model):
        return False
    document["gpu_used"] = place
    for name in [name for name in attributes if name.startswith("hw.gpu.") and name != "hw.gpu.count"]:
        del attributes[name]
    attributes.update(normalise({**attributes, **of_gpu(document["gpus"][place])}))
    return True


def _named(frame: Mapping[str, Any]) -> GpuIdentity | None:
    """The GPU that an engine, or the browser's adapter, says it runs on; None for frames that name none."""
    said = frame.get("attributes") or {}
    if frame["t"] == "machine_part" and said.get("webgpu.vendor"):
        return webgpu_adapter(
            {name: said.get(f"webgpu.{name}") for name in ("vendor", "architecture", "device")}
        )
    if (
        frame["t"] == "engine"
        and frame.get("device") not in (None, "", "cpu")
        and said.get("device.description")
    ):
        found = identify(str(said["device.description"]))
        return found if found.model and found.vendor else None
    return None


def _text(value: FactValue | None) -> str | None:
    return value if isinstance(value, str) else None
