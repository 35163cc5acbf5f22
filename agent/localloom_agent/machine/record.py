"""What is known about one machine, as plain records."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from localloom_diagnosis.hardware import normalise

AttributeValue: TypeAlias = "str | int | float | bool"

#: OpenTelemetry's values of host.arch for the names that `uname -m` uses.
_OTEL_ARCH = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm32", "armv6l": "arm32", "i686": "x86"}


@dataclass(frozen=True, slots=True)
class OperatingSystem:
    """The system the agent runs on, as the container or the host presents it."""

    type: str
    """linux | darwin | windows: OpenTelemetry's os.type."""
    name: str
    """E.g. "Debian GNU/Linux", "macOS", "Windows 11"."""
    version: str
    """E.g. "12", "15.4", "10.0.22631"."""
    kernel: str
    """Release of the kernel, e.g. "6.1.0-18-amd64"."""
    arch: str
    """As `uname -m` on Linux names it on every system: x86_64, aarch64, …"""


@dataclass(frozen=True, slots=True)
class Cpu:
    """The processor; a heterogeneous one is described by its first core."""

    model: str | None = None
    """Marketing name, or on ARM boards the part, e.g. "AMD Ryzen 7 5800X3D 8-Core Processor"."""
    vendor: str | None = None
    """AMD, Intel, Apple, ARM, …"""
    physical_cores: int | None = None
    """None where the system does not tell."""
    logical_cores: int | None = None
    """What the system schedules on."""
    usable_cores: int | None = None
    """What affinity and the cgroup's CPU quota leave to this process; the quota is rounded up."""
    instruction_sets: tuple[str, ...] = ()
    """Sorted, in the names of Linux' /proc/cpuinfo, limited to those that inference kernels use."""
    x86_64_level: str | None = None
    """x86-64-v1 … x86-64-v4 of the psABI; None on other processors or where it cannot be told."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Host memory, in bytes."""

    total: int | None = None
    """Physical memory that the kernel manages."""
    available: int | None = None
    """What could be allocated now without swapping."""
    swap_total: int | None = None
    """0 where there is no swap."""
    cgroup_limit: int | None = None
    """The tightest limit on this process' cgroups; None where nothing below `total` limits it."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that holds the model cache, in bytes. Its path stays out of the profile."""

    path_kind: str = "cache"
    """Which of the agent's folders was looked at."""
    total: int | None = None
    """Size of the file system."""
    free: int | None = None
    """What this user may still write."""
    filesystem: str | None = None
    """E.g. ext4, overlay, apfs, NTFS."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU, as far as its driver or the bus tells."""

    vendor: str
    """NVIDIA, AMD, Intel, Apple, …; the PCI vendor id where it has no name here."""
    model: str | None = None
    """Marketing name, e.g. "NVIDIA H200"; None where only ids are known."""
    memory_total: int | None = None
    """Dedicated memory in bytes; None where it is not known or shared with the host."""
    memory_free: int | None = None
    """Bytes free at the time of the profile."""
    driver: str | None = None
    """Kernel driver bound to it, e.g. nvidia, nouveau, amdgpu; None where none is bound or known."""
    driver_version: str | None = None
    """E.g. "580.95.05"; None for drivers that come with the kernel."""
    pci_id: str | None = None
    """Vendor and device id, e.g. "10de:2335"; not the bus address."""
    pci_revision: str | None = None
    """Two hexadecimal digits, e.g. "c1"; AMD's products differ in it alone."""
    compute_capability: str | None = None
    """NVIDIA's, e.g. "9.0", or AMD's compute target, e.g. "gfx942"."""
    shares_host_memory: bool | None = None
    """True for GPUs that work in the host's memory; None where it is not known."""
    source: str = ""
    """Who says so: nvml | nvidia-smi | sysfs | vulkaninfo | system_profiler | registry | cim."""


@dataclass(frozen=True, slots=True)
class Library:
    """Whether a driver's user-space library can be loaded."""

    name: str
    """E.g. libcuda, libvulkan."""
    loadable: bool
    """The dynamic loader found and loaded it."""
    reason: str | None = None
    """The loader's words where it did not."""
    version: str | None = None
    """The interface version that the library itself reports, where asking is harmless."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """The user-space side of the GPU stacks."""

    cuda: Library | None = None
    """The CUDA driver's library; None where the platform has no CUDA."""
    vulkan: Library | None = None
    """The Vulkan loader."""
    vulkan_icds: tuple[str, ...] = ()
    """Names of the installed Vulkan driver manifests, e.g. "nvidia_icd.json"."""
    nvidia_kernel: str | None = None
    """Version of the loaded NVIDIA kernel module; a library of another version does not work with it."""
    rocm: str | None = None
    """Version of an installed ROCm."""


@dataclass(frozen=True, slots=True)
class PythonRuntime:
    """The interpreter that made the profile."""

    version: str
    """E.g. "3.11.9"."""
    implementation: str
    """cpython, pypy, …"""
    platform: str
    """The platform tag that wheels must match, e.g. "linux-x86_64", "macosx-14.0-arm64"."""


@dataclass(frozen=True, slots=True)
class MachineProfile:
    """All of the above. Nothing in it names a person, a host or a single piece of hardware."""

    os: OperatingSystem
    """The system."""
    cpu: Cpu
    """The processor."""
    memory: Memory
    """Host memory."""
    disk: Disk
    """Room for models."""
    gpus: tuple[Gpu, ...]
    """In the order of the source; the bus' order on Linux."""
    drivers: Drivers
    """What GPUs need in user space."""
    python: PythonRuntime
    """The interpreter."""
    packages: dict[str, str] = field(default_factory=dict)
    """Versions of the installed distributions that engines depend on."""
    container: str | None = None
    """docker | podman | lxc | …; None outside a container."""
    virtualization: str | None = None
    """kvm | vmware | hyperv | wsl | …; "vm" where only the fact is known; None on bare metal."""
    notes: tuple[str, ...] = ()
    """What could not be read, with the reason."""

    def to_json(self) -> dict[str, Any]:
        """A nested mapping of JSON types; all sizes are bytes."""
        out = asdict(self)
        out["cpu"]["instruction_sets"] = list(self.cpu.instruction_sets)
        out["gpus"] = list(out["gpus"])
        out["notes"] = list(self.notes)
        out["drivers"] = {
            "cuda": _library_json(self.drivers.cuda),
            "vulkan": _library_json(self.drivers.vulkan),
            "vulkan_icds": list(self.drivers.vulkan_icds),
            "nvidia_kernel": self.drivers.nvidia_kernel,
            "rocm": self.drivers.rocm,
        }
        return out

    def primary_gpu(self) -> Gpu | None:
        """The GPU that an engine would choose: the one with most memory of its own, else the first."""
        return max(self.gpus, key=lambda gpu: gpu.memory_total or 0, default=None)

    def attributes(self) -> dict[str, AttributeValue]:
        """The profile as flat attributes to filter and group by; what is not known is left out.

        Names are OpenTelemetry's where it has one (os.*, host.arch, hw.*, process.runtime.*), values those of
        `localloom_diagnosis.hardware`: what the sources said stands in the document. `hw.gpu.*` speaks of the
        primary GPU.
        """
        gpu = self.primary_gpu()
        known: dict[str, AttributeValue | None] = {
            "os.type": self.os.type,
            "os.name": self.os.name,
            "os.version": self.os.version,
            "os.kernel": self.os.kernel,
            "host.arch": _OTEL_ARCH.get(self.os.arch, self.os.arch),
            "hw.cpu.model": self.cpu.model,
            "hw.cpu.vendor": self.cpu.vendor,
            "hw.cpu.level": self.cpu.x86_64_level,
            "hw.cpu.features": ",".join(self.cpu.instruction_sets) or None,
            "hw.cpu.physical_cores": self.cpu.physical_cores,
            "hw.cpu.logical_cores": self.cpu.logical_cores,
            "hw.cpu.usable_cores": self.cpu.usable_cores,
            "host.memory": self.memory.total,
            "host.memory.available": self.memory.available,
            "host.memory.limit": self.memory.cgroup_limit,
            "host.disk.free": self.disk.free,
            "host.disk.filesystem": self.disk.filesystem,
            "hw.gpu.count": len(self.gpus),
            "hw.gpu.vendor": gpu.vendor if gpu else None,
            "hw.gpu.model": gpu.model if gpu else None,
            "hw.gpu.driver": gpu.driver if gpu else None,
            "hw.gpu.driver_version": gpu.driver_version if gpu else None,
            "hw.gpu.memory": gpu.memory_total if gpu else None,
            "hw.gpu.memory.free": gpu.memory_free if gpu else None,
            "hw.gpu.pci_id": gpu.pci_id if gpu else None,
            "hw.gpu.pci_revision": gpu.pci_revision if gpu else None,
            "hw.gpu.compute_capability": gpu.compute_capability if gpu else None,
            "container.runtime": self.container,
            "host.virtualization": self.virtualization,
            "process.runtime.name": self.python.implementation,
            "process.runtime.version": self.python.version,
            "cuda.version": self.drivers.cuda.version if self.drivers.cuda else None,
            "rocm.version": self.drivers.rocm,
            **{f"package.{name}": version for name, version in self.packages.items()},
        }
        return normalise({name: value for name, value in known.items() if value is not None})


def _library_json(library: Library | None) -> dict[str, Any] | None:
    if library is None:
        return None
    return {library.name: library.loadable, "reason": library.reason, "version": library.version}
