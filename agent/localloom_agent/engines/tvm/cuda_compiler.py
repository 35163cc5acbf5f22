"""Chooses what turns CUDA source into machine code: NVRTC where it is, else nvcc; TVM asks through a callback."""

from __future__ import annotations

import os
import shutil
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .cuda_libraries import include_folders, load_nvrtc
from .nvrtc import Nvrtc

_CALLBACK = "tvm_callback_cuda_compile"
_MODE = "TVM_CUDA_COMPILE_MODE"


def choose_compiler(target: Any) -> str:
    """Make TVM compile for `target` with what this machine has; returns its name, as "NVRTC 13.0" or "nvcc".

    TVM's own NVRTC needs a whole toolkit beside it, whose headers it looks for through nvcc; ours needs the library
    and cuda_fp16.h, which are two small Python packages. TVM_CUDA_COMPILE_MODE=nvcc in the environment insists on nvcc.

    Raises:
        EngineFault: host.missing_dependency where there is no compiler.
    """
    insisted = os.environ.get(_MODE, "").lower() == "nvcc"
    library, includes = load_nvrtc(), include_folders()
    if library is not None and includes and not insisted:
        compiler = Nvrtc(library, includes)
        architecture = str(target.attrs["arch"])
        _register(lambda source: compiler.compile(source, architecture))
        return f"NVRTC {compiler.version}"
    if shutil.which("nvcc"):
        os.environ[_MODE] = "nvcc"
        return "nvcc"
    missing = "nvcc" if insisted else "libnvrtc" if library is None else "cuda_fp16.h"
    raise EngineFault(
        Category.HOST_MISSING_DEPENDENCY,
        f"compiling for this GPU needs NVIDIA's run-time compiler or nvcc, and {missing} is not here; install it with: "
        "pip install nvidia-cuda-nvrtc nvidia-cuda-runtime",
        {"module.missing": missing},
    )


def _register(compile_source: Any) -> None:
    import tvm_ffi

    tvm_ffi.register_global_func(_CALLBACK, compile_source, override=True)
