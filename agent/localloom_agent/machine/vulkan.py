"""GPUs and their drivers as `vulkaninfo --summary` lists them, where it is installed: Mesa's version stands nowhere else."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

from .bounded import program_output
from .pci import VENDORS
from .record import Gpu

#: It starts every driver of the machine, and one of them may hang.
_LIMIT_S = 1.5

_DEVICE = re.compile(r"^GPU\d+:\s*$", re.MULTILINE)
_FACT = re.compile(r"^\s+(\w+)\s*=[ \t]*(.*?)\s*$", re.MULTILINE)


def with_vulkan(found: list[Gpu], notes: list[str]) -> list[Gpu]:
    """The GPUs, completed by what Vulkan's drivers say; as they are where all is known or nobody can be asked."""
    if all(gpu.driver_version for gpu in found) or not shutil.which("vulkaninfo"):
        return found
    text = program_output(["vulkaninfo", "--summary"], notes, limit_s=_LIMIT_S)
    return merge(found, parse_vulkaninfo(text)) if text else found


def parse_vulkaninfo(text: str) -> list[Gpu]:
    """The GPUs of a summary; renderers on the CPU are none. A device under two drivers stands there twice."""
    gpus = []
    for device in _DEVICE.split(text)[1:]:
        facts = dict(_FACT.findall(device))
        if facts.get("deviceType") == "PHYSICAL_DEVICE_TYPE_CPU" or not facts.get("deviceName"):
            continue
        vendor, number = _hex(facts.get("vendorID")), _hex(facts.get("deviceID"))
        gpus.append(
            Gpu(
                vendor=VENDORS.get(vendor, vendor),
                model=facts["deviceName"],
                driver=facts.get("driverName") or None,
                # driverInfo is for people, driverVersion a number that each maker packs in its own way.
                driver_version=facts.get("driverInfo") or facts.get("driverVersion") or None,
                pci_id=f"{vendor}:{number}" if len(number) == 4 else None,
                shares_host_memory=facts.get("deviceType") == "PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU" or None,
                source="vulkaninfo",
            )
        )
    return gpus


def _hex(text: str | None) -> str:
    return f"{int(text, 16):04x}" if text and re.fullmatch(r"0x[0-9a-fA-F]+", text) else ""


def merge(found: list[Gpu], by_vulkan: list[Gpu]) -> list[Gpu]:
    """The GPUs of the bus; what no other source told of a driver's version or a name, Vulkan's first driver tells."""
    merged = []
    for gpu in found:
        same = next((v for v in by_vulkan if v.pci_id and v.pci_id == gpu.pci_id), None)
        merged.append(
            replace(
                gpu,
                driver_version=gpu.driver_version or same.driver_version,
                model=gpu.model or same.model,
                shares_host_memory=gpu.shares_host_memory or same.shares_host_memory,
            )
            if same
            else gpu
        )
    return merged
