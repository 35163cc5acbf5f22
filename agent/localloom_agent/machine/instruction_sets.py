"""The names of CPU instruction sets, and the x86-64 level that they add up to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_RELEVANT = frozenset(
    [
        "sse3",
        "ssse3",
        "sse4_1",
        "sse4_2",
        "sse4a",
        "popcnt",
        "lzcnt",
        "movbe",
        "f16c",
        "fma",
        "bmi1",
        "bmi2",
        "aes",
        "vaes",
        "gfni",
        "sha_ni",
        "vpclmulqdq",
        "xsave",
        "neon",
        "asimd",
        "asimdhp",
        "asimddp",
        "asimdfhm",
        "asimdrdm",
        "fp",
        "fphp",
        "vfp",
        "vfpv3",
        "vfpv4",
        "crc32",
        "atomics",
        "i8mm",
        "bf16",
        "jscvt",
        "fcma",
        "altivec",
        "vsx",
        "lsx",
        "lasx",
        "v",
        "zvfh",
    ]
)
_RELEVANT_FAMILY = re.compile(r"(?:avx|amx|sve|sme(?!p))\w*")

#: One thing under two names: Linux' first, what is listed here second.
_ALIASES = {"pni": "sse3", "abm": "lzcnt"}

#: x86-64 psABI, section "x86-64 micro-architecture levels", in the names used here.
_LEVELS = (
    ("x86-64-v2", frozenset({"cx16", "lahf_lm", "popcnt", "sse3", "sse4_1", "sse4_2", "ssse3"})),
    ("x86-64-v3", frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"})),
    ("x86-64-v4", frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})),
)

#: macOS on Intel names them as Intel's manuals do.
_MACOS_X86 = {"AVX1.0": "avx", "SSE4.1": "sse4_1", "SSE4.2": "sse4_2", "SHA": "sha_ni", "LAHF": "lahf_lm"}

#: macOS on Apple silicon: sysctl names under hw.optional. and, since macOS 12, hw.optional.arm.
_MACOS_ARM = {
    "AdvSIMD": "asimd",
    "neon": "asimd",
    "neon_fp16": "asimdhp",
    "armv8_1_atomics": "atomics",
    "armv8_crc32": "crc32",
    "armv8_2_fhm": "asimdfhm",
    "FEAT_AES": "aes",
    "FEAT_BF16": "bf16",
    "FEAT_CRC32": "crc32",
    "FEAT_DotProd": "asimddp",
    "FEAT_FCMA": "fcma",
    "FEAT_FHM": "asimdfhm",
    "FEAT_FP16": "asimdhp",
    "FEAT_I8MM": "i8mm",
    "FEAT_JSCVT": "jscvt",
    "FEAT_LSE": "atomics",
    "FEAT_RDM": "asimdrdm",
    "FEAT_SME": "sme",
    "FEAT_SME2": "sme2",
}


def canonical(flags: Iterable[str]) -> set[str]:
    """Linux' flags with one name for one thing; "neon" and "asimd" always come together on 64 bits."""
    names = {_ALIASES.get(flag, flag) for flag in flags}
    if "asimd" in names:
        names.add("neon")
    return names


def relevant(flags: Iterable[str]) -> tuple[str, ...]:
    """Those of the canonical flags that inference kernels are built for, sorted."""
    return tuple(sorted(f for f in flags if f in _RELEVANT or _RELEVANT_FAMILY.fullmatch(f)))


def x86_64_level(flags: set[str]) -> str:
    """The highest level all of whose canonical flags are there."""
    level = "x86-64-v1"
    for name, needed in _LEVELS:
        if not needed <= flags:
            break
        level = name
    return level


def from_macos(sysctl: Mapping[str, str]) -> set[str]:
    """Canonical flags from `sysctl machdep.cpu hw.optional` of a Mac, Intel's or Apple's."""
    flags: set[str] = set()
    for key in ("machdep.cpu.features", "machdep.cpu.leaf7_features", "machdep.cpu.extfeatures"):
        for name in sysctl.get(key, "").split():
            flags.add(_MACOS_X86.get(name, name.lower()))
    for key, value in sysctl.items():
        if key.startswith("hw.optional.") and value == "1":
            short = key.removeprefix("hw.optional.").removeprefix("arm.")
            if short in _MACOS_ARM:
                flags.add(_MACOS_ARM[short])
    return canonical(flags)
