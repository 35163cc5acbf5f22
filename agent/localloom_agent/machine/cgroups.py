"""The limits that cgroups, version 1 or 2, put on this process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .bounded import file_int, file_text


@dataclass(frozen=True, slots=True)
class CgroupLimits:
    """The tightest limits found between this process' groups and their roots."""

    memory: int | None = None
    """Bytes."""
    cpus: int | None = None
    """CPU quota in whole processors, rounded up."""


def cgroup_limits(proc_self: Path = Path("/proc/self")) -> CgroupLimits:
    """Limits of the process whose /proc folder is given; no limit where there are no cgroups."""
    memory: list[int] = []
    quotas: list[float] = []
    for controllers, folder in _groups(proc_self):
        if "" in controllers:
            _read_v2(folder, memory, quotas)
        else:
            _read_v1(folder, controllers, memory, quotas)
    return CgroupLimits(
        memory=min(memory, default=None),
        cpus=max(1, math.ceil(min(quotas))) if quotas else None,
    )


def _read_v2(folder: str, memory: list[int], quotas: list[float]) -> None:
    for name in ("memory.max", "memory.high"):
        limit = file_int(f"{folder}/{name}")  # "max" is no number
        if limit is not None:
            memory.append(limit)
    quota, _, period = (file_text(f"{folder}/cpu.max") or "").strip().partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        quotas.append(int(quota) / int(period))


def _read_v1(folder: str, controllers: frozenset[str], memory: list[int], quotas: list[float]) -> None:
    if "memory" in controllers:
        limit = file_int(f"{folder}/memory.limit_in_bytes")
        if limit is not None:
            memory.append(limit)  # "no limit" is a number larger than any memory
    if "cpu" in controllers:
        quota, period = file_int(f"{folder}/cpu.cfs_quota_us"), file_int(f"{folder}/cpu.cfs_period_us")
        if quota is not None and quota > 0 and period:
            quotas.append(quota / period)


def _groups(proc_self: Path) -> Iterator[tuple[frozenset[str], str]]:
    """Every (controllers, folder) from this process' groups up to the mount; version 2 has the controller ""."""
    mounts = list(_mounts(file_text(proc_self / "mountinfo") or ""))
    for line in (file_text(proc_self / "cgroup") or "").splitlines():
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        controllers = frozenset(names.split(","))
        for mounted, root, point in mounts:
            if ("" in controllers) != (not mounted) or (mounted and not controllers <= mounted):
                continue
            try:
                inside = PurePosixPath(path).relative_to(root)
            except ValueError:
                inside = PurePosixPath()  # the group lies outside what this container may see
            folder = PurePosixPath(point) / inside
            yield controllers, str(folder)
            for parent in folder.parents:
                if parent != PurePosixPath(point) and PurePosixPath(point) not in parent.parents:
                    break
                yield controllers, str(parent)
            break


def _mounts(mountinfo: str) -> Iterator[tuple[frozenset[str], str, str]]:
    """(controllers, root, mount point) of every cgroup mount; version 2 has no controllers."""
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if not dash or len(fields) < 5 or len(kind) < 3:
            continue
        if kind[0] == "cgroup2":
            yield frozenset(), fields[3], fields[4]
        elif kind[0] == "cgroup":
            yield frozenset(kind[2].split(",")), fields[3], fields[4]
