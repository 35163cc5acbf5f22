"""NVIDIA GPUs as the driver's management library (NVML) reports them."""

from __future__ import annotations

from typing import Any

from .pci import BusGpu
from .record import Gpu


def nvml_gpus(notes: list[str]) -> list[BusGpu] | None:
    """Every GPU that NVML shows; None, and a note, where the library or the driver is not there."""
    try:
        import pynvml
    except ImportError as error:
        notes.append(f"nvml: {error}")
        return None
    try:
        pynvml.nvmlInit()
    except Exception as error:
        notes.append(f"nvml: {error}")
        return None
    try:
        version = _ask(notes, "driver version", pynvml.nvmlSystemGetDriverVersion)
        found = []
        for index in range(pynvml.nvmlDeviceGetCount()):
            try:
                found.append(_gpu(pynvml, index, version, notes))
            except Exception as error:
                notes.append(
                    f"nvml: GPU {index}: {error}"
                )  # a GPU that fell off the bus answers "GPU is lost"
        return found
    except Exception as error:
        notes.append(f"nvml: {error}")
        return None
    finally:
        try:
            pynvml.nvmlShutdown()
        except Exception as error:
            notes.append(f"nvml: shutdown: {error}")


def _gpu(nvml: Any, index: int, version: str | None, notes: list[str]) -> BusGpu:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    bus = _ask(notes, f"GPU {index} bus", nvml.nvmlDeviceGetPciInfo, handle)
    name = _ask(notes, f"GPU {index} name", nvml.nvmlDeviceGetName, handle)
    memory = _ask(notes, f"GPU {index} memory", nvml.nvmlDeviceGetMemoryInfo, handle)
    capability = _ask(notes, f"GPU {index} capability", nvml.nvmlDeviceGetCudaComputeCapability, handle)
    mig = _ask([], "", nvml.nvmlDeviceGetMigMode, handle)  # most GPUs cannot: no note
    if mig and mig[0]:
        notes.append(f"nvml: GPU {index}: MIG is on; its memory is divided among instances")
    return BusGpu(
        # NVML writes the domain with eight digits and in upper case, /sys with four.
        address=_text(bus.busId)[-12:].lower() if bus else f"nvml {index}",
        gpu=Gpu(
            vendor="NVIDIA",
            model=_text(name) if name else None,
            memory_total=int(memory.total) if memory else None,
            memory_free=int(memory.free) if memory else None,
            driver="nvidia",
            driver_version=_text(version) if version else None,
            # The device id is in the upper half, the vendor's in the lower.
            pci_id=f"{bus.pciDeviceId & 0xFFFF:04x}:{bus.pciDeviceId >> 16:04x}" if bus else None,
            compute_capability=f"{capability[0]}.{capability[1]}" if capability else None,
            source="nvml",
        ),
    )


def _ask(notes: list[str], what: str, call: Any, *args: Any) -> Any:
    """One answer of NVML; None, and a note, where it has none."""
    try:
        return call(*args)
    except Exception as error:
        notes.append(f"nvml: {what}: {error}")
        return None


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
