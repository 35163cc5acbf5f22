"""The OOM-kill counter of the cgroup that a process is in: the one witness of an OOM kill that does not need root."""

from __future__ import annotations

from pathlib import Path


def oom_kills(pid: int) -> tuple[Path, int] | None:
    """The OOM-kill counter of the cgroup that a process is in, with the file it was read from; None where there is none."""
    try:
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        for file in _counter_files(controllers, path):
            count = read_oom_kills(file)
            if count is not None:
                return file, count
    return None


def _counter_files(controllers: str, path: str) -> list[Path]:
    relative = path.lstrip("/")
    if controllers == "":
        root = Path("/sys/fs/cgroup")
        return [root / relative / "memory.events", root / "memory.events"]
    if "memory" in controllers.split(","):
        root = Path("/sys/fs/cgroup/memory")
        return [root / relative / "memory.oom_control", root / "memory.oom_control"]
    return []


def read_oom_kills(file: Path) -> int | None:
    """The counter in memory.events (cgroup v2) or memory.oom_control (v1)."""
    try:
        for line in file.read_text().splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill":
                return int(value)
    except (OSError, ValueError):
        return None
    return None
