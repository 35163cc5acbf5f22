"""A Mac, as sysctl and system_profiler describe it."""

from __future__ import annotations

import json
import os
import platform
import re
from typing import Any

from .bounded import program_output
from .instruction_sets import from_macos, relevant, x86_64_level
from .record import Cpu, Gpu, OperatingSystem

_UNITS = {"MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_VENDORS = {"apple": "Apple", "amd": "AMD", "intel": "Intel", "nvidia": "NVIDIA"}


def operating_system() -> OperatingSystem:
    """The release of macOS and its kernel."""
    kernel = os.uname()
    return OperatingSystem(
        type="darwin",
        name="macOS",
        version=platform.mac_ver()[0],
        kernel=kernel.release,
        arch={"arm64": "aarch64"}.get(kernel.machine, kernel.machine),
    )


def sysctl(notes: list[str]) -> dict[str, str]:
    """The figures about the processor, the memory and the hypervisor."""
    names = [
        "machdep.cpu",
        "hw.optional",
        "hw.memsize",
        "hw.physicalcpu",
        "hw.logicalcpu",
        "kern.hv_vmm_present",
    ]
    return parse_sysctl(
        program_output(["/usr/sbin/sysctl", "-i", *names, "sysctl.proc_translated"], notes) or ""
    )


def parse_sysctl(text: str) -> dict[str, str]:
    """The `name: value` lines that sysctl prints."""
    pairs = (line.partition(": ") for line in text.splitlines())
    return {name.strip(): value.strip() for name, colon, value in pairs if colon}


def cpu(facts: dict[str, str]) -> Cpu:
    """The processor from sysctl's figures."""
    flags = from_macos(facts)
    model = facts.get("machdep.cpu.brand_string")
    vendor = facts.get("machdep.cpu.vendor") or ("Apple" if model and model.startswith("Apple") else None)
    logical = _number(facts.get("hw.logicalcpu") or facts.get("machdep.cpu.thread_count"))
    return Cpu(
        model=model,
        vendor="Intel" if vendor == "GenuineIntel" else vendor,
        physical_cores=_number(facts.get("hw.physicalcpu") or facts.get("machdep.cpu.core_count")),
        logical_cores=logical,
        usable_cores=logical,  # macOS has neither affinity nor cgroups
        instruction_sets=relevant(flags),
        x86_64_level=x86_64_level(flags) if vendor == "GenuineIntel" else None,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def virtualization(facts: dict[str, str]) -> str | None:
    """The hypervisor: "vm", for macOS tells no more; None on bare metal."""
    return "vm" if facts.get("kern.hv_vmm_present") == "1" else None


def gpus(notes: list[str]) -> list[Gpu]:
    """What system_profiler lists; it takes a second or two."""
    text = program_output(["/usr/sbin/system_profiler", "SPDisplaysDataType", "-json"], notes, limit_s=15)
    return parse_system_profiler(text, notes) if text else []


def parse_system_profiler(text: str, notes: list[str]) -> list[Gpu]:
    """GPUs from `system_profiler SPDisplaysDataType -json`. Displays and their serial numbers are not read."""
    try:
        entries = list(json.loads(text)["SPDisplaysDataType"])
    except (ValueError, KeyError, TypeError) as error:
        notes.append(f"system_profiler: not the JSON expected ({type(error).__name__})")
        return []
    return [_gpu(entry) for entry in entries if isinstance(entry, dict)]


def _gpu(entry: dict[str, Any]) -> Gpu:
    # Dedicated memory stands under spdisplays_vram, shared under spdisplays_vram_shared, and in macOS 10.13
    # either under _spdisplays_vram. Apple's GPUs name none: theirs is the host's.
    dedicated = entry.get("spdisplays_vram")
    model = str(entry.get("sppci_model") or entry.get("_name") or "")
    vendor = _vendor(str(entry.get("spdisplays_vendor", "")), model)
    device = re.fullmatch(r"0x([0-9a-f]{4})", str(entry.get("spdisplays_device-id", "")))
    vendor_id = {"AMD": "1002", "Intel": "8086", "NVIDIA": "10de"}.get(vendor)
    return Gpu(
        vendor=vendor,
        model=_plain_model(model) or None,
        memory_total=_size(str(dedicated)) if dedicated else None,
        pci_id=f"{vendor_id}:{device[1]}" if vendor_id and device else None,
        shares_host_memory=True if vendor == "Apple" or "spdisplays_vram_shared" in entry else None,
        source="system_profiler",
    )


def _vendor(said: str, model: str) -> str:
    for mark, name in _VENDORS.items():
        if mark in said.lower() or mark in model.lower():
            return name
    return "AMD" if "radeon" in model.lower() else said or "unknown"


def _plain_model(name: str) -> str:
    """The name in a key like "kHW_AppleM1Item", which system_profiler sometimes leaves untranslated."""
    match = re.fullmatch(r"kHW_(.+)Item", name)
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", match[1]) if match else name


def _size(text: str) -> int | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?) (MB|GB|TB)", text.strip())
    return int(float(match[1]) * _UNITS[match[2]]) if match else None
