"""The processor as Linux' /proc/cpuinfo describes it."""

from __future__ import annotations

import re

from .instruction_sets import canonical, relevant, x86_64_level
from .record import Cpu

_X86_VENDORS = {
    "AuthenticAMD": "AMD",
    "GenuineIntel": "Intel",
    "HygonGenuine": "Hygon",
    "CentaurHauls": "VIA",
}

#: Main ID register, "CPU implementer": Linux arch/arm64/include/asm/cputype.h.
_ARM_IMPLEMENTERS = {
    0x41: "ARM",
    0x42: "Broadcom",
    0x43: "Cavium",
    0x46: "Fujitsu",
    0x48: "HiSilicon",
    0x4E: "NVIDIA",
    0x50: "APM",
    0x51: "Qualcomm",
    0x61: "Apple",
    0x6D: "Microsoft",
    0xC0: "Ampere",
}

#: "CPU part" of ARM's own cores: the same file.
_ARM_PARTS = {
    0xD03: "Cortex-A53",
    0xD04: "Cortex-A35",
    0xD05: "Cortex-A55",
    0xD07: "Cortex-A57",
    0xD08: "Cortex-A72",
    0xD09: "Cortex-A73",
    0xD0A: "Cortex-A75",
    0xD0B: "Cortex-A76",
    0xD0C: "Neoverse-N1",
    0xD0D: "Cortex-A77",
    0xD40: "Neoverse-V1",
    0xD41: "Cortex-A78",
    0xD42: "Cortex-A78AE",
    0xD49: "Neoverse-N2",
    0xD4F: "Neoverse-V2",
}


def parse_cpuinfo(text: str) -> tuple[Cpu, set[str]]:
    """The processor and all of its canonical flags. Cores are those the file lists.

    Revision and Serial lines of ARM boards are never read: a serial number names one machine.
    """
    first: dict[str, str] = {}
    cores: set[tuple[str, str]] = set()
    logical = 0
    package = ""
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            continue
        key, value = key.strip(), value.strip()
        if key == "processor" and value.isdigit():
            logical += 1
        elif key == "physical id":
            package = value
        elif key == "core id":
            cores.add((package, value))
        if key not in ("Serial", "Revision"):
            first.setdefault(key, value)
    flags = canonical((first.get("flags") or first.get("Features") or "").split())
    cpu = Cpu(
        model=_model(first),
        vendor=_vendor(first),
        physical_cores=len(cores) or None,
        logical_cores=logical or None,
        instruction_sets=relevant(flags),
        x86_64_level=x86_64_level(flags) if "lm" in flags else None,
    )
    return cpu, flags


def _number(text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        return -1


def _vendor(first: dict[str, str]) -> str | None:
    if "vendor_id" in first:
        return _X86_VENDORS.get(first["vendor_id"], first["vendor_id"])
    if "CPU implementer" in first:
        return _ARM_IMPLEMENTERS.get(_number(first["CPU implementer"]), first["CPU implementer"])
    return None


def _model(first: dict[str, str]) -> str | None:
    part = _number(first.get("CPU part", ""))
    if _number(first.get("CPU implementer", "")) == 0x41 and part in _ARM_PARTS:
        return _ARM_PARTS[part]
    name = first.get("model name") or first.get("cpu") or first.get("uarch")
    if not name and part >= 0:
        name = f"{_vendor(first)} part {part:#05x}"
    # Boards and old chips pad the brand string.
    return re.sub(r"\s+", " ", name).strip() if name else None
