"""Takes the machine's profile from every source of its platform."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from . import linux, macos, windows
from .drivers import drivers
from .nvml import nvml_gpus
from .packages import package_versions
from .record import Cpu, Disk, Drivers, Gpu, Library, MachineProfile, Memory, OperatingSystem, PythonRuntime

_T = TypeVar("_T")


def profile(cache_dir: Path | None = None) -> MachineProfile:
    """What this machine is, as far as it tells within a few seconds; on Linux, milliseconds.

    Never raises for a source that fails: what could not be read is among the notes, with the reason.

    Args:
        cache_dir: the folder that models are kept in; it need not exist yet. Default: the user's cache folder.
    """
    notes: list[str] = []
    arch = platform.machine()
    system = OperatingSystem(sys.platform, sys.platform, "", "", arch)
    cpu, memory, gpus = Cpu(), Memory(), list[Gpu]()
    container = virtualization = None
    if sys.platform == "win32":
        system = _try(notes, "os", windows.operating_system, system)
        cpu = _try(notes, "cpu", lambda: windows.cpu(system.arch, notes), cpu)
        memory = _try(notes, "memory", _psutil_memory, memory)
        gpus = _try(notes, "gpus", lambda: _with_nvml(windows.gpus(notes), notes), gpus)
        virtualization = _try(notes, "virtualization", lambda: windows.virtualization(notes), None)
    elif sys.platform == "darwin":
        system = _try(notes, "os", macos.operating_system, system)
        facts = _try(notes, "sysctl", lambda: macos.sysctl(notes), dict[str, str]())
        cpu = _try(notes, "cpu", lambda: macos.cpu(facts), cpu)
        memory = _try(notes, "memory", _psutil_memory, memory)
        gpus = _try(notes, "gpus", lambda: macos.gpus(notes), gpus)
        virtualization = macos.virtualization(facts)
        if facts.get("sysctl.proc_translated") == "1":
            notes.append(
                "python: an Intel build that Rosetta translates; native packages for Apple silicon do not load"
            )
    else:
        flags: set[str] = set()
        system = _try(notes, "os", linux.operating_system, system)
        cpu, flags = _try(notes, "cpu", lambda: linux.cpu(notes), (cpu, flags))
        memory = _try(notes, "memory", lambda: linux.memory(notes), memory)
        gpus = _try(notes, "gpus", lambda: linux.gpus(notes), gpus)
        container = _try(notes, "container", linux.container, None)
        virtualization = _try(
            notes, "virtualization", lambda: linux.virtualization(system.kernel, flags), None
        )
    taken = MachineProfile(
        os=system,
        cpu=cpu,
        memory=memory,
        disk=_try(notes, "disk", lambda: _disk(cache_dir), Disk()),
        gpus=tuple(gpus),
        drivers=_try(notes, "drivers", drivers, Drivers()),
        python=PythonRuntime(
            version=platform.python_version(),
            implementation=sys.implementation.name,
            platform=sysconfig.get_platform(),
        ),
        packages=_try(notes, "packages", package_versions, dict[str, str]()),
        container=container,
        virtualization=virtualization,
    )
    return _without_names(taken, notes)


def _try(notes: list[str], what: str, source: Callable[[], _T], otherwise: _T) -> _T:
    """What the source tells; `otherwise`, and a note, where it fails in a way nobody foresaw."""
    try:
        return source()
    except Exception as error:
        notes.append(f"{what}: {type(error).__name__}: {error}")
        return otherwise


def _psutil_memory() -> Memory:
    import psutil  # where there is no /proc; the engine's interpreter may lack it

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    return Memory(total=memory.total, available=memory.available, swap_total=swap.total)


def _with_nvml(found: list[Gpu], notes: list[str]) -> list[Gpu]:
    """Windows' adapters, those of NVIDIA's replaced by what NVML knows of them."""
    if not any(gpu.vendor == "NVIDIA" for gpu in found):
        return found
    by_nvml = nvml_gpus(notes)
    if by_nvml is None:
        return found
    return [b.gpu for b in by_nvml] + [gpu for gpu in found if gpu.vendor != "NVIDIA"]


def _disk(cache_dir: Path | None) -> Disk:
    folder = cache_dir or _cache_folder()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent  # the file system is that of the nearest folder that exists
    usage = shutil.disk_usage(folder)
    return Disk(total=usage.total, free=usage.free, filesystem=_filesystem(folder))


def _cache_folder() -> Path:
    try:
        import platformdirs  # the engine's interpreter may lack it
    except ImportError:
        return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none
    return Path(platformdirs.user_cache_dir("localloom", appauthor=False))


def _filesystem(folder: Path) -> str | None:
    if sys.platform == "linux":
        return linux.filesystem(folder)
    import psutil

    holding = [p for p in psutil.disk_partitions(all=False) if folder.is_relative_to(p.mountpoint)]
    return max(holding, key=lambda p: len(p.mountpoint)).fstype if holding else None


def _without_names(taken: MachineProfile, notes: list[str]) -> MachineProfile:
    """The profile with its free texts redacted: reasons quote paths, and paths name people."""
    from localloom_agent.redaction import Redactor

    redactor = Redactor.for_this_machine()

    def clean(library: Library | None) -> Library | None:
        return (
            replace(library, reason=redactor.text(library.reason)) if library and library.reason else library
        )

    return replace(
        taken,
        drivers=replace(
            taken.drivers,
            cuda=clean(taken.drivers.cuda),
            vulkan=clean(taken.drivers.vulkan),
            vulkan_icds=tuple(redactor.text(name) for name in taken.drivers.vulkan_icds),
        ),
        notes=tuple(redactor.text(note) for note in notes),
    )
