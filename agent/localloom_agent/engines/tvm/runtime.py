"""Finds the runtime: imports TVM and what it needs, and checks that the calls the engine makes exist."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .cuda_libraries import preload_runtime

MODULES = ("numpy", "tvm_ffi", "tvm", "tokenizers")
SURFACES = (
    "tvm.relax.build",
    "tvm.relax.VirtualMachine",
    "tvm.relax.frontend.nn.Module.export_tvm",
    "tvm.relax.frontend.nn.op.tensor_ir_inplace_op",
    "tvm.script.ir_builder.IRBuilder",
    "tvm.target.Target.from_device",
    "tvm.tirx.script.builder.ir.prim_func",
    "tvm_ffi.Shape",
    "tokenizers.Tokenizer.from_file",
)
"""What the engine calls, in the places where this version of TVM has them."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """What was imported."""

    version: str
    ffi_version: str
    llvm: str
    """Major version of LLVM inside TVM's compiler, "" where it has none."""


def load_runtime() -> Runtime:
    """Import the runtime and check its surfaces.

    Raises:
        EngineFault: host.missing_dependency where a module or the compiler is missing, artifact.incompatible where
            a call that the engine makes does not exist.
        Exception: whatever else an import raises.
    """
    preload_runtime()
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            missing = error.name or name
            raise EngineFault(
                Category.HOST_MISSING_DEPENDENCY,
                f"the Python module {missing!r} is not installed; install it with: pip install 'localloom[agent]'",
                {"module.missing": missing},
            ) from error
    tvm = importlib.import_module("tvm")
    version = str(tvm.__version__)
    if getattr(tvm.base, "_RUNTIME_ONLY", False):
        # TVM swallows the loader's error and goes on without its compiler.
        raise EngineFault(
            Category.HOST_MISSING_DEPENDENCY,
            "TVM runs without its compiler library (libtvm_compiler): it is missing, cannot be loaded, or "
            "TVM_USE_RUNTIME_LIB is set; reinstall apache-tvm, or unset the variable",
            {"module.missing": "libtvm_compiler", "runtime.version": version},
        )
    for surface in SURFACES:
        _check_surface(surface, version)
    codegen = importlib.import_module("tvm.target.codegen")
    return Runtime(
        version=version,
        ffi_version=str(importlib.import_module("tvm_ffi").__version__),
        llvm=str(codegen.llvm_version_major(allow_none=True) or ""),
    )


def _check_surface(path: str, version: str) -> None:
    parts = path.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part, None)
        if found is not None:
            return
        break
    raise EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"apache-tvm {version} has no {path}; install the version that this agent is made for: "
        "pip install 'localloom[agent]'",
        {"runtime.version": version, "artifact.expected": path, "artifact.actual": "missing"},
    )
