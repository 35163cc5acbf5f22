"""Chooses the device: by name, or the best that exists; an absent one comes with the loader's reason."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

GPU_KINDS = ("cuda", "rocm", "metal", "vulkan", "opencl")
"""In the order in which "auto" prefers them."""
KINDS = ("cpu", *GPU_KINDS)
_DRIVERS = {
    "linux": {
        "cuda": "libcuda.so.1",
        "rocm": "libamdhip64.so",
        "vulkan": "libvulkan.so.1",
        "opencl": "libOpenCL.so.1",
    },
    "win32": {"cuda": "nvcuda.dll", "vulkan": "vulkan-1.dll", "opencl": "OpenCL.dll"},
    "darwin": {},
}
"""The library through which each kind of device is reached; the system or the GPU's driver brings it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A device that exists."""

    kind: str
    index: int
    handle: Any
    """The tvm.runtime.Device."""
    description: str
    """Its name as the runtime gives it, e.g. "NVIDIA H200"; the kind where it gives none."""

    @property
    def is_cpu(self) -> bool:
        """Whether host memory is its memory."""
        return self.kind == "cpu"

    @property
    def name(self) -> str:
        """As a user would ask for it: "cpu", "cuda:1"."""
        return self.kind if self.is_cpu else f"{self.kind}:{self.index}"


def choose_device(requested: str) -> Chosen:
    """The device for "auto", "cpu", "cuda", "cuda:1" and the like.

    Raises:
        EngineFault: config.invalid for a name that no device has, gpu.unsupported for a device that is not there.
    """
    kind, index = _parse(requested)
    if kind == "auto":
        return next((d for d in (_find(k, 0) for k in GPU_KINDS) if d), None) or _cpu()
    if kind == "cpu":
        return _cpu()
    found = _find(kind, index)
    if found:
        return found
    available = ",".join(available_devices())
    reason = absence_reason(kind, index)
    raise EngineFault(
        Category.GPU_UNSUPPORTED,
        f"there is no device {requested!r} here: {reason}; install what is missing, or choose one of: {available}",
        {"device.requested": requested, "device.available": available, "device.reason": reason},
    )


def available_devices() -> list[str]:
    """Names of the devices that would work."""
    return ["cpu", *(device.name for device in (_find(kind, 0) for kind in GPU_KINDS) if device)]


def absence_reason(kind: str, index: int) -> str:
    """Why TVM does not see a device: it swallows the errors of its own runtime libraries, so they are loaded again."""
    if index and _find(kind, 0):
        return f"the machine has no {kind} device number {index}"
    library = _runtime_library(kind)
    if library is None:
        return f"this build of TVM has no {kind} runtime"
    for path in (_DRIVERS.get(sys.platform, {}).get(kind), str(library)):
        try:
            if path:
                ctypes.CDLL(path)
        except OSError as error:
            return str(error)
    return f"the {kind} runtime loads, but it finds no device"


def _parse(requested: str) -> tuple[str, int]:
    kind, colon, number = requested.strip().lower().partition(":")
    known = kind in KINDS or (kind == "auto" and not colon)
    if not known or (colon and not (number.isascii() and number.isdigit() and len(number) < 4)):
        names = ", ".join(("auto", *KINDS))
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"{requested!r} names no device; use one of: {names}, a GPU also with a number (cuda:1)",
            {"device.requested": requested, "artifact.key": "device"},
        )
    return kind, int(number) if colon else 0


def _cpu() -> Chosen:
    import tvm

    return Chosen("cpu", 0, tvm.cpu(), "cpu")


def _find(kind: str, index: int) -> Chosen | None:
    import tvm

    device = tvm.device(kind, index)
    if not device.exist:
        return None
    try:
        description = str(device.device_name or kind)
    except (RuntimeError, AttributeError):  # a runtime that gives no names is no failure
        description = kind
    return Chosen(kind, index, device, description)


def _runtime_library(kind: str) -> Path | None:
    """The shared library of TVM's runtime for `kind`, beside TVM's own."""
    spec = importlib.util.find_spec("tvm")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for found in sorted(Path(place, "lib").glob(f"*tvm_runtime_{kind}.*")):
            return found
    return None
