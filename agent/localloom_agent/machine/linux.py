"""A Linux machine, read from /proc and /sys alone."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from .bounded import file_line, file_text
from .cgroups import cgroup_limits
from .cpuinfo import parse_cpuinfo
from .nvidia_smi import nvidia_smi_gpus
from .nvml import nvml_gpus
from .pci import BusGpu, bus_gpus
from .record import Cpu, Gpu, Memory, OperatingSystem
from .vulkan import with_vulkan

_ARCHITECTURES = {"arm64": "aarch64", "AMD64": "x86_64", "amd64": "x86_64", "i386": "i686"}


def operating_system() -> OperatingSystem:
    """The distribution and its kernel."""
    kernel = os.uname()
    release = parse_os_release(file_text("/etc/os-release") or file_text("/usr/lib/os-release") or "")
    return OperatingSystem(
        type="linux",
        name=release.get("NAME") or "Linux",
        version=release.get("VERSION_ID")
        or release.get("BUILD_ID")
        or "",  # rolling releases have no version
        kernel=kernel.release,
        arch=_ARCHITECTURES.get(kernel.machine, kernel.machine),
    )


def parse_os_release(text: str) -> dict[str, str]:
    """The assignments of an os-release file, unquoted."""
    out = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith("#"):
            out[key] = value.strip("\"'")
    return out


def cpu(notes: list[str]) -> tuple[Cpu, set[str]]:
    """The processor, with what of it this process may use, and all its flags."""
    text = file_text("/proc/cpuinfo")
    if text is None:
        notes.append("/proc/cpuinfo: cannot be read")
    found, flags = parse_cpuinfo(text or "")
    try:
        usable = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        usable = found.logical_cores or os.cpu_count() or 1
    quota = cgroup_limits().cpus
    return replace(
        found,
        physical_cores=found.physical_cores or _physical_cores(),
        logical_cores=found.logical_cores or os.cpu_count(),
        usable_cores=min(usable, quota) if quota else usable,
    ), flags


def _physical_cores() -> int | None:
    """Cores by their sets of sibling threads: ARM's /proc/cpuinfo does not number cores."""
    siblings = set()
    for index in range(os.cpu_count() or 0):
        line = file_line(f"/sys/devices/system/cpu/cpu{index}/topology/thread_siblings_list")
        if line:
            siblings.add(line)
    return len(siblings) or None


def memory(notes: list[str]) -> Memory:
    """Memory, swap and the cgroups' limit."""
    facts = parse_meminfo(file_text("/proc/meminfo") or "")
    if not facts:
        notes.append("/proc/meminfo: cannot be read")
    total = facts.get("MemTotal")
    limit = cgroup_limits().memory
    return Memory(
        total=total,
        available=facts.get("MemAvailable"),
        swap_total=facts.get("SwapTotal"),
        cgroup_limit=limit if limit is not None and (total is None or limit < total) else None,
    )


def parse_meminfo(text: str) -> dict[str, int]:
    """The figures of /proc/meminfo in bytes."""
    return {m[1]: int(m[2]) * 1024 for m in re.finditer(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}


def filesystem(path: Path) -> str | None:
    """Type of the file system that holds `path`."""
    try:
        device = os.stat(path).st_dev  # noqa: PTH116 - see bounded
    except OSError:
        return None
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in (file_text("/proc/self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        if number in before.split()[2:3]:
            return after.split()[0]
    return None


def gpus(notes: list[str]) -> list[Gpu]:
    """GPUs of the bus, completed by what NVML or nvidia-smi know of NVIDIA's, and Vulkan of all others."""
    on_bus = bus_gpus()
    has_nvidia = any(b.gpu.vendor == "NVIDIA" for b in on_bus)
    # WSL and Jetson have NVIDIA GPUs that are not on the bus.
    if not (has_nvidia or os.path.exists("/dev/dxg") or os.path.exists("/dev/nvidiactl")):  # noqa: PTH110
        return with_vulkan([b.gpu for b in on_bus], notes)
    by_driver = nvml_gpus(notes)
    return with_vulkan(
        merge(on_bus, nvidia_smi_gpus(notes) if by_driver is None else by_driver, notes), notes
    )


def merge(on_bus: list[BusGpu], by_nvml: list[BusGpu] | None, notes: list[str]) -> list[Gpu]:
    """One list in the bus' order. What NVML does not show, this process cannot use."""
    if by_nvml is None:
        return [b.gpu for b in on_bus]
    shown = {b.address: b.gpu for b in by_nvml}
    merged, hidden = [], 0
    for entry in on_bus:
        if entry.address in shown:
            merged.append(shown.pop(entry.address))
        elif entry.gpu.driver == "nvidia":
            hidden += 1
        else:
            merged.append(entry.gpu)
    if hidden:
        notes.append(f"nvml: {hidden} NVIDIA GPUs of the bus are not given to this process")
    return merged + list(shown.values())


def container() -> str | None:
    """The container runtime this process is in; None where none shows."""
    if os.path.exists("/run/.containerenv"):  # noqa: PTH110 - see bounded
        return "podman"
    if os.path.exists("/.dockerenv"):  # noqa: PTH110 - see bounded
        return "docker"
    # Written by container managers that follow systemd's CONTAINER_INTERFACE.
    declared = file_line("/run/systemd/container") or os.environ.get("container")  # noqa: SIM112 - its name
    if declared:
        return declared
    return container_of_cgroup(file_text("/proc/self/cgroup") or "")


def container_of_cgroup(text: str) -> str | None:
    """The runtime that the paths of a /proc/self/cgroup name."""
    match = re.search(r"[/:-](docker|lxc|libpod|kubepods|garden|containerd|crio)\b(?!\.service)", text)
    return {"libpod": "podman", "kubepods": "kubernetes"}.get(match[1], match[1]) if match else None


def virtualization(kernel: str, flags: set[str]) -> str | None:
    """The hypervisor this machine runs on; None on bare metal."""
    if "microsoft" in kernel.lower():
        return "wsl"
    maker = " ".join(file_line(f"/sys/class/dmi/id/{name}") or "" for name in ("sys_vendor", "product_name"))
    clocks = file_line("/sys/devices/system/clocksource/clocksource0/available_clocksource") or ""
    return hypervisor(maker, clocks, file_line("/sys/hypervisor/type"), hypervisor_flag="hypervisor" in flags)


def hypervisor(maker: str, clocks: str, declared: str | None, *, hypervisor_flag: bool) -> str | None:
    """The hypervisor from the machine's maker, its clock sources and what the kernel declares."""
    if declared:
        return declared
    for mark, name in (
        ("VMware", "vmware"),
        ("VirtualBox", "virtualbox"),
        ("innotek", "virtualbox"),
        ("Parallels", "parallels"),
        ("Apple Virtualization", "apple"),
        ("Microsoft Corporation Virtual Machine", "hyperv"),
        ("QEMU", "qemu"),
    ):
        if mark in maker:
            return "kvm" if name == "qemu" and "kvm-clock" in clocks else name
    for mark, name in (("kvm-clock", "kvm"), ("hyperv", "hyperv"), ("xen", "xen")):
        if mark in clocks:
            return name
    return "vm" if hypervisor_flag else None
