"""How much memory a model needs and how much there is: a load that cannot succeed is refused before it starts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from localloom_agent.artifacts import ModelFolder
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .devices import Chosen

MARGIN_BYTES = 64 << 20
"""An estimate may be this much over what is free before it counts as impossible."""


def working_bytes(folder: ModelFolder, chunk: int) -> int:
    """Bytes of activations while `chunk` tokens are prefilled: a few rows of the widest layer, and the logits."""
    arch = folder.config.architecture
    widest = max(3 * arch.intermediate_size, arch.qkv_rows + 2 * arch.hidden_size)
    return 4 * (chunk * (widest + 2 * arch.hidden_size) + arch.vocab_size)


def rss_bytes() -> int | None:
    """Resident set of this process, None where the system does not tell."""
    try:
        import psutil

        return int(psutil.Process().memory_info().rss)
    except (ImportError, OSError):
        return None


def available_host_bytes() -> int | None:
    """What this process can still take: free memory of the machine, or what its cgroup leaves, whichever is less."""
    try:
        import psutil

        available = int(psutil.virtual_memory().available)
    except (ImportError, OSError):
        return None
    if sys.platform.startswith("linux"):
        left = _cgroup_left(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))
        available = min(available, left) if left is not None else available
    return available


def _cgroup_left(membership: Path, root: Path) -> int | None:
    """Bytes between use and limit of this process' memory cgroup, version 2 or 1; page cache counts as free."""
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    left: list[int] = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            base, limit, usage, cache = root, "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            base, cache = root / "memory", "total_inactive_file"
            limit, usage = "memory.limit_in_bytes", "memory.usage_in_bytes"
        else:
            continue
        folder = base / path.lstrip("/")
        for group in (folder, *folder.parents):
            found = _group_left(group, limit, usage, cache)
            left += [found] if found is not None else []
            if group == base:
                break
    return min(left, default=None)


def _group_left(group: Path, limit: str, usage: str, cache: str) -> int | None:
    try:
        most = int((group / limit).read_text(encoding="ascii"))  # "max" is no number
        used = int((group / usage).read_text(encoding="ascii"))
        stat = (group / "memory.stat").read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    cached = int(stat[stat.index(cache) + 1]) if cache in stat else 0
    return max(0, most - used + cached)


def device_memory(device: Chosen) -> tuple[int | None, int | None]:
    """Free and total bytes of a GPU, None where its runtime does not tell."""

    def ask(attribute: str) -> int | None:
        try:
            value: Any = getattr(device.handle, attribute)
        except (RuntimeError, AttributeError):
            return None
        return int(value) if value else None

    return (None, None) if device.is_cpu else (ask("available_global_memory"), ask("total_global_memory"))


def check_memory(device: Chosen, needed: int) -> None:
    """Refuse a model that needs `needed` bytes and clearly does not fit.

    On a CPU, weights that are mapped could be paged in and out, but a model that is read whole for every token does
    not work that way: they count in full. On a GPU, the host needs little.

    Raises:
        EngineFault: host.out_of_memory or gpu.out_of_memory.
    """
    if device.is_cpu:
        available = available_host_bytes()
        if available is not None and needed > available + MARGIN_BYTES:
            raise EngineFault(
                Category.HOST_OUT_OF_MEMORY,
                f"the model needs {_gb(needed)} of memory, {_gb(available)} are available; close other programs, "
                "or choose a smaller model or context",
                {"memory.needed": needed, "memory.available": available},
            )
        return
    free, total = device_memory(device)
    if free is not None and needed > free + MARGIN_BYTES:
        facts = {"gpu.memory.needed": needed, "gpu.memory.free": free}
        if total is not None:
            facts["gpu.memory.total"] = total
        raise EngineFault(
            Category.GPU_OUT_OF_MEMORY,
            f"the model needs {_gb(needed)} of the memory of {device.description}, {_gb(free)} are free; close "
            "other programs that use the GPU, or choose a smaller model or context",
            facts,
        )


def _gb(count: int) -> str:
    return f"{count / 1e9:.2f} GB"
