"""NVIDIA GPUs as the driver's own program lists them, for interpreters without the bindings to NVML."""

from __future__ import annotations

import shutil

from .bounded import program_output
from .pci import BusGpu
from .record import Gpu

_FIELDS = (
    "name",
    "memory.total",
    "memory.free",
    "driver_version",
    "pci.bus_id",
    "pci.device_id",
    "compute_cap",
)
_LIMIT_S = 1.5
_MIB = 1 << 20


def nvidia_smi_gpus(notes: list[str]) -> list[BusGpu] | None:
    """Every GPU that nvidia-smi shows; None, with a note where it fails, where there is none."""
    if not shutil.which("nvidia-smi"):
        return None
    query = ["nvidia-smi", f"--query-gpu={','.join(_FIELDS)}", "--format=csv,noheader,nounits"]
    text = program_output(query, notes, limit_s=_LIMIT_S)
    return parse_nvidia_smi(text, notes) if text else None


def parse_nvidia_smi(text: str, notes: list[str]) -> list[BusGpu]:
    """The GPUs of the answer, a line each; sizes in it are MiB. A line of another shape is a note."""
    found: list[BusGpu] = []
    for line in filter(str.strip, text.splitlines()):
        fields = [field.strip() for field in line.split(",")]
        if len(fields) != len(_FIELDS):
            notes.append(f"nvidia-smi: {len(fields)} fields where {len(_FIELDS)} were asked for")
            continue
        name, total, free, version, bus, device, capability = (
            None if field.startswith(("[", "N/A")) else field for field in fields
        )
        ids = (device or "").lower().removeprefix("0x")
        found.append(
            BusGpu(
                # The domain with eight digits and in upper case; /sys has four.
                address=(bus or f"nvidia-smi {len(found)}")[-12:].lower(),
                gpu=Gpu(
                    vendor="NVIDIA",
                    model=name,
                    memory_total=_bytes(total),
                    memory_free=_bytes(free),
                    driver="nvidia",
                    driver_version=version,
                    # The device id comes first, the vendor's last.
                    pci_id=f"{ids[4:]}:{ids[:4]}" if len(ids) == 8 else None,
                    compute_capability=capability,
                    source="nvidia-smi",
                ),
            )
        )
    return found


def _bytes(mib: str | None) -> int | None:
    return int(mib) * _MIB if mib and mib.isdigit() else None
