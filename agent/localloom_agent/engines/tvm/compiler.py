"""Compiles a model for a device, in memory: no C compiler is looked for, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localloom_agent.artifacts import Architecture
from localloom_agent.artifacts.architecture import Quantization


@dataclass(frozen=True, slots=True)
class Compiled:
    """A virtual machine with the model's code in it."""

    machine: Any
    """The tvm.relax.VirtualMachine; it has `prefill` and `decode`."""
    parameters: tuple[str, ...]
    """Names of the parameters in the order in which both functions take them."""
    kernels: int
    """How many distinct kernels were compiled."""


def compile_model(
    arch: Architecture,
    quantization: Quantization,
    context: int,
    target: Any,
    device: Any,
    *,
    portable: bool = False,
) -> Compiled:
    """Compile for `target`, and load the code for `device`.

    Args:
        arch: what to compile.
        quantization: how its parameters are stored.
        context: positions of the KV cache.
        target: a tvm.target.Target.
        device: the tvm.runtime.Device to run on.
        portable: use the products of GPUs on a CPU too: slow there, and a way to check them.
    """
    import tvm
    from tvm import relax

    from . import cpu_attention, gpu_attention
    from .model import export
    from .operators import CpuOperators, PortableOperators

    on_cpu = target.kind.name == "llvm"
    kind = CpuOperators if on_cpu and not portable else PortableOperators
    attention = cpu_attention.attention if on_cpu else gpu_attention.attention
    module, names = export(arch, kind(arch, quantization, context, attention))
    # Kernels are called by this module only, and what it is given was checked when the folder was opened: without
    # their own checks of every argument, kernels compile in two thirds of the time.
    config = {"tirx.disable_assert": True}
    with tvm.transform.PassContext(opt_level=3, config=config), target:  # nvcc reads the architecture from it
        if not on_cpu:
            module = schedule_for_gpu(module, target.kind.name)
        executable = relax.build(module, target=target)
    kernels = sum(isinstance(function, tvm.tirx.PrimFunc) for _, function in module.functions_items())
    return Compiled(relax.VirtualMachine(executable, device), tuple(names), kernels)


def schedule_for_gpu(module: Any, kind: str) -> Any:
    """Give every kernel the first of TVM's default schedules that fits; the last one fits all.

    The rules are TVM's own choice for CUDA. Elsewhere the one for matrix products is left out: with TVM 0.27 it
    crashes the process when it meets a Metal target.
    """
    import tvm
    from tvm import relax
    from tvm.s_tir import dlight

    rules = [
        dlight.gpu.GEMV(),
        dlight.gpu.Reduction(),
        dlight.gpu.GeneralReduction(),
        dlight.gpu.Fallback(),
    ]
    if kind in ("cuda", "rocm"):
        rules.insert(0, dlight.gpu.Matmul())
    passes = [
        relax.transform.LegalizeOps(),
        relax.transform.AnnotateTIROpPattern(),
        relax.transform.FoldConstant(),
        relax.transform.FuseOps(),
        relax.transform.FuseTIR(),
        dlight.ApplyDefaultSchedule(*rules),
    ]
    return tvm.transform.Sequential(passes)(module)
