"""Finds CUDA's libraries and headers: on the system, in a toolkit, or in NVIDIA's Python packages."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_RUNTIME = {"linux": ("libcudart.so.13",), "win32": ("cudart64_13.dll",)}
"""What TVM's CUDA runtime is linked with; no driver brings it."""
_NVRTC = {"linux": ("libnvrtc.so.13", "libnvrtc.so.12"), "win32": ("nvrtc64_130_0.dll", "nvrtc64_120_0.dll")}
_FOLDERS = ("lib", "lib64", "bin", "bin/x86_64", "bin/x64")
"""Where libraries lie below a toolkit's or a package's root."""


def preload_runtime() -> None:
    """Load CUDA's runtime library before TVM looks for it, where only a Python package has it.

    A dynamic linker knows a library that the process has already loaded; it never looks into Python packages. Failing
    is no error here: that TVM then finds no CUDA is what the device's choice reports, with the linker's reason.
    """
    load_library(_RUNTIME.get(sys.platform, ()))


def load_nvrtc() -> ctypes.CDLL | None:
    """NVIDIA's run-time compiler, None where there is none."""
    return load_library(_NVRTC.get(sys.platform, ()))


def load_library(names: tuple[str, ...]) -> ctypes.CDLL | None:
    """The first of `names` that the linker or one of the places of `roots` has."""
    for name in names:
        folders = [root / folder for root in roots() for folder in _FOLDERS]
        for path in (name, *(str(folder / name) for folder in folders if (folder / name).is_file())):
            try:
                return ctypes.CDLL(path)
            except OSError:
                continue
    return None


def include_folders() -> list[Path]:
    """Folders with CUDA's headers, those that belong to the Python packages first."""
    return [root / "include" for root in roots() if (root / "include" / "cuda_fp16.h").is_file()]


def roots() -> Iterator[Path]:
    """Where CUDA may be: NVIDIA's Python packages, what CUDA_PATH and CUDA_HOME say, and the usual folder."""
    spec = importlib.util.find_spec("nvidia")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield from sorted(Path(place).glob("cu[0-9]*"), reverse=True)
        yield from sorted(Path(place).glob("cuda_*"))  # packages of CUDA 12 have a folder for each part
    for variable in ("CUDA_PATH", "CUDA_HOME"):
        if os.environ.get(variable):
            yield Path(os.environ[variable])
    if sys.platform == "linux":
        yield Path("/usr/local/cuda")
