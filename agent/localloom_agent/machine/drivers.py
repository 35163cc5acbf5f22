"""The GPU stacks' user space: which libraries load, which Vulkan drivers are installed."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

from .bounded import file_text
from .pci import nvidia_version
from .record import Drivers, Library

#: The Vulkan loader's search path for driver manifests on Linux: its LoaderDriverInterface.md.
_ICD_FOLDERS = ("/etc/vulkan/icd.d", "/usr/local/etc/vulkan/icd.d", "/usr/share/vulkan/icd.d",
                "/usr/local/share/vulkan/icd.d", "/opt/homebrew/share/vulkan/icd.d")  # fmt: skip


def drivers() -> Drivers:
    """What is there, without starting any of it."""
    return Drivers(
        cuda=_cuda(),
        vulkan=_load("libvulkan", _vulkan_file())[0],
        vulkan_icds=_vulkan_icds(),
        nvidia_kernel=nvidia_version() if sys.platform == "linux" else None,
        rocm=(file_text("/opt/rocm/.info/version", 64) or "").strip() or None,
    )


def _vulkan_file() -> str:
    return {"win32": "vulkan-1.dll", "darwin": "libvulkan.1.dylib"}.get(sys.platform, "libvulkan.so.1")


def _cuda() -> Library | None:
    if sys.platform == "darwin":
        return None  # CUDA ended there with macOS 10.13
    library, handle = _load("libcuda", "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    version = ctypes.c_int(0)
    try:
        # The one call that works before cuInit: it touches no device.
        if handle is not None and handle.cuDriverGetVersion(ctypes.byref(version)) == 0 and version.value:
            number = f"{version.value // 1000}.{version.value % 1000 // 10}"
            return Library(library.name, loadable=True, version=number)
    except (AttributeError, OSError):
        pass
    return library


def _load(name: str, file: str) -> tuple[Library, ctypes.CDLL | None]:
    try:
        return Library(name, loadable=True), ctypes.CDLL(file)
    except OSError as error:
        return Library(name, loadable=False, reason=str(error)), None


def _vulkan_icds() -> tuple[str, ...]:
    if sys.platform == "win32":
        from .windows import vulkan_icds

        return vulkan_icds()
    named = os.environ.get("VK_DRIVER_FILES") or os.environ.get("VK_ICD_FILENAMES")
    if named:  # replaces the search path
        return tuple(sorted(Path(entry).name for entry in named.split(os.pathsep) if entry))
    folders = list(_ICD_FOLDERS)
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")  # noqa: PTH111 - see bounded
    folders.append(f"{data}/vulkan/icd.d")
    names: set[str] = set()
    for folder in folders:
        try:
            names.update(name for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208 - names
        except OSError:
            continue
    return tuple(sorted(names))
