"""A Windows machine, as its registry and kernel32 describe it."""

from __future__ import annotations

import ctypes
import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

from .bounded import program_output
from .instruction_sets import relevant
from .pci import VENDORS
from .record import Cpu, Gpu, OperatingSystem

#: Device setup class of display adapters: "System-Defined Device Setup Classes" of the Windows drivers' docs.
_DISPLAY_CLASS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
_ICD_KEY = r"SOFTWARE\Khronos\Vulkan\Drivers"
_CPU_KEY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_BIOS_KEY = r"HARDWARE\DESCRIPTION\System\BIOS"

#: IsProcessorFeaturePresent: winnt.h's PF_* numbers. FMA, F16C and BMI1 have none.
_FEATURES_X86 = {
    13: "sse3",
    36: "ssse3",
    37: "sse4_1",
    38: "sse4_2",
    39: "avx",
    40: "avx2",
    41: "avx512f",
    60: "bmi2",
}
_FEATURES_ARM = {19: "neon", 31: "crc32", 34: "atomics", 43: "asimddp", 44: "jscvt", 46: "sve", 47: "sve2"}

#: For machines whose registry cannot be read; PowerShell takes a second to start.
_CIM = [
    "powershell.exe", "-NoProfile", "-NonInteractive", "-Command",
    "Get-CimInstance Win32_VideoController | Select-Object Name,AdapterRAM,DriverVersion,PNPDeviceID | ConvertTo-Json -Compress",
]  # fmt: skip
#: 4 GiB less 1 MiB: what AdapterRAM holds for anything larger.
_CAPPED = 0xFFF00000

_ARCHITECTURES = {"AMD64": "x86_64", "ARM64": "aarch64", "x86": "i686"}


def operating_system() -> OperatingSystem:
    """Windows by its build: `platform` would ask WMI, which can hang."""
    if sys.platform != "win32":
        raise OSError("not Windows")
    version = sys.getwindowsversion()
    number = f"{version.major}.{version.minor}.{version.build}"
    # In a 32-bit process the second variable names the emulation, the first the machine.
    arch = os.environ.get("PROCESSOR_ARCHITEW6432") or os.environ.get("PROCESSOR_ARCHITECTURE") or ""
    return OperatingSystem(
        type="windows",
        name=_windows_name(version.build, server=version.product_type == 3),
        version=number,
        kernel=number,
        arch=_ARCHITECTURES.get(arch, arch.lower()),
    )


def _windows_name(build: int, *, server: bool) -> str:
    if server:
        return "Windows Server"
    return "Windows 11" if build >= 22000 else "Windows 10" if build >= 10240 else "Windows"


def cpu(arch: str, notes: list[str]) -> Cpu:
    """The processor from the registry, its instruction sets from kernel32."""
    entry = _values(_CPU_KEY, notes)
    vendor = {"GenuineIntel": "Intel", "AuthenticAMD": "AMD"}.get(
        str(entry.get("VendorIdentifier")), entry.get("VendorIdentifier")
    )
    flags: set[str] = set()
    if sys.platform == "win32":
        present = ctypes.windll.kernel32.IsProcessorFeaturePresent
        features = _FEATURES_ARM if arch == "aarch64" else _FEATURES_X86
        flags = {name for number, name in features.items() if present(number)}
        flags |= {"asimd"} if "neon" in flags else set()
    if arch == "x86_64":
        notes.append("cpu: Windows does not tell FMA, F16C and BMI1; the x86-64 level is not known")
    name = entry.get("ProcessorNameString")
    return Cpu(
        model=re.sub(r"\s+", " ", str(name)).strip() if name else None,
        vendor=vendor,
        logical_cores=os.cpu_count(),
        usable_cores=os.cpu_count(),
        instruction_sets=relevant(flags),
    )


def virtualization(notes: list[str]) -> str | None:
    """The hypervisor from the firmware's maker and product."""
    from .linux import hypervisor

    entry = _values(_BIOS_KEY, notes)
    maker = f"{entry.get('SystemManufacturer', '')} {entry.get('SystemProductName', '')}"
    return hypervisor(maker, "", None, hypervisor_flag=False)


def gpus(notes: list[str]) -> list[Gpu]:
    """Every installed display adapter; one whose card is gone keeps its key."""
    found = []
    for number in range(32):  # keys are numbered, with gaps
        entry = _values(f"{_DISPLAY_CLASS}\\{number:04d}", [])
        gpu = parse_display_adapter(entry) if entry else None
        if gpu:
            found.append(gpu)
    if found:
        return found
    notes.append("registry: no display adapter could be read")
    return parse_video_controllers(program_output(_CIM, notes, limit_s=8) or "", notes)


def parse_video_controllers(text: str, notes: list[str]) -> list[Gpu]:
    """The GPUs of Get-CimInstance Win32_VideoController as JSON: one object, or a list of several.

    Its AdapterRAM has 32 bits and stops short of 4 GiB: such a figure says nothing, and is left out.
    """
    if not text.strip():
        return []
    try:
        listed = json.loads(text)
    except ValueError:
        notes.append("Get-CimInstance: not the JSON expected")
        return []
    found = []
    for entry in listed if isinstance(listed, list) else [listed]:
        if not isinstance(entry, dict):
            continue
        ids = _ids(str(entry.get("PNPDeviceID", "")))
        if ids is None or not entry.get("Name"):
            continue
        size = entry.get("AdapterRAM")
        whole = isinstance(size, int) and 0 < size < _CAPPED
        found.append(
            Gpu(
                vendor=VENDORS.get(ids[0], ids[0]),
                model=str(entry["Name"]),
                memory_total=size if whole else None,
                driver_version=str(entry["DriverVersion"]) if entry.get("DriverVersion") else None,
                pci_id=f"{ids[0]}:{ids[1]}",
                pci_revision=ids[2],
                source="cim",
            )
        )
    return found


def _ids(device: str) -> tuple[str, str, str | None] | None:
    found = re.search(r"ven_([0-9a-f]{4})&dev_([0-9a-f]{4})(?:.*?rev_([0-9a-f]{2}))?", device.lower())
    return (found[1], found[2], found[3]) if found else None


def parse_display_adapter(entry: Mapping[str, Any]) -> Gpu | None:
    """The GPU from the values of one of the display class' keys; None for adapters that are only software."""
    ids = _ids(str(entry.get("MatchingDeviceId", "")))
    if not ids or not entry.get("DriverDesc"):
        return None
    # AMD's own number, which its downloads and release notes go by; DriverVersion is Windows'.
    version = entry.get("RadeonSoftwareVersion") or entry.get("DriverVersion")
    return Gpu(
        vendor=VENDORS.get(ids[0], ids[0]),
        model=str(entry["DriverDesc"]),
        memory_total=_memory(entry),
        driver_version=str(version) if version else None,
        pci_id=f"{ids[0]}:{ids[1]}",
        pci_revision=ids[2],
        source="registry",
    )


def _memory(entry: Mapping[str, Any]) -> int | None:
    # The older value is 32 bits wide and wrong above 4 GiB. Either may be a number or little-endian bytes.
    for name in ("HardwareInformation.qwMemorySize", "HardwareInformation.MemorySize"):
        value = entry.get(name)
        if isinstance(value, bytes):
            value = int.from_bytes(value, "little")
        if isinstance(value, int) and value > 0:
            return value
    return None


def vulkan_icds() -> tuple[str, ...]:
    """File names of the registered Vulkan driver manifests: the values' names are their paths."""
    names = set(_values(_ICD_KEY, []))
    for number in range(32):
        listed = _values(f"{_DISPLAY_CLASS}\\{number:04d}", []).get("VulkanDriverName")
        names.update([listed] if isinstance(listed, str) else listed or [])
    return tuple(sorted({re.split(r"[\\/]", name)[-1] for name in names}))


def _values(key: str, notes: list[str]) -> dict[str, Any]:
    """All values of a key under HKEY_LOCAL_MACHINE; empty, and a note, where it cannot be read."""
    if sys.platform != "win32":
        return {}
    import winreg

    values: dict[str, Any] = {}
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as handle:
            for index in range(winreg.QueryInfoKey(handle)[1]):
                name, value, _ = winreg.EnumValue(handle, index)
                values[name] = value
    except OSError as error:
        notes.append(f"registry: {key}: {error.strerror or error}")
    return values
