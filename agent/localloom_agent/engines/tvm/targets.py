"""Names the device to TVM's compiler: kind, processor, and the features that it really has."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from .devices import Chosen

_FEATURES = {
    "avx": "avx",
    "avx2": "avx2",
    "fma": "fma",
    "f16c": "f16c",
    "bmi1": "bmi",
    "bmi2": "bmi2",
    "avx512f": "avx512f",
    "avx512bw": "avx512bw",
    "avx512cd": "avx512cd",
    "avx512dq": "avx512dq",
    "avx512vl": "avx512vl",
    "avx512_vnni": "avx512vnni",
    "avx512_bf16": "avx512bf16",
    "avx512_fp16": "avx512fp16",
    "avx512vbmi": "avx512vbmi",
    "avx512_vbmi2": "avx512vbmi2",
    "avx512_bitalg": "avx512bitalg",
    "avx512_vpopcntdq": "avx512vpopcntdq",
    "avx512ifma": "avx512ifma",
    "avx512_vp2intersect": "avx512vp2intersect",
    "avx_vnni": "avxvnni",
    "gfni": "gfni",
    "vaes": "vaes",
    "vpclmulqdq": "vpclmulqdq",
    "sse4_1": "sse4.1",
    "sse4_2": "sse4.2",
    "ssse3": "ssse3",
    "popcnt": "popcnt",
    "movbe": "movbe",
    "abm": "lzcnt",
}
"""Vector features by the kernel's names in /proc/cpuinfo, and by LLVM's."""


def target_for(device: Chosen) -> Any:
    """The compilation target of `device`, with a host target for a GPU's launch code."""
    from tvm.target import Target

    if device.is_cpu:
        return Target(_cpu_target())
    detected = Target.from_device(device.handle)
    return Target(detected, host=Target(_cpu_target()))


def _cpu_target() -> dict[str, Any]:
    from tvm.target import codegen

    target: dict[str, Any] = {
        "kind": "llvm",
        "mtriple": str(codegen.llvm_get_system_triple()),
        "mcpu": str(codegen.llvm_get_system_cpu()),
    }
    absent = _masked_features(target)
    if absent:
        target["mattr"] = [f"-{feature}" for feature in absent]
    return target


def _masked_features(target: dict[str, Any]) -> list[str]:
    """Features that the processor's name promises and the kernel does not show: a hypervisor may hide them.

    Code that used them would end in an illegal instruction.
    """
    if not sys.platform.startswith("linux"):
        return []
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    line = next((entry for entry in text.splitlines() if entry.startswith("flags")), "")
    flags = set(line.partition(":")[2].split())
    if not flags:
        return []  # not an x86
    from tvm.target import Target, codegen

    promised = {str(feature) for feature in codegen.llvm_get_cpu_features(Target(target))}
    return sorted(name for flag, name in _FEATURES.items() if name in promised and flag not in flags)
