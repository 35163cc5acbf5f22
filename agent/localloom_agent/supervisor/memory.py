"""What bears witness to a process's memory after its end: counters, limits, and the peak that the kernel kept."""

from __future__ import annotations

import sys

from localloom_diagnosis.evidence import FactValue

from . import cgroup
from .process import Ended
from .sampler import Sampler

CLOSE_TO_LIMIT = 0.9
"""A process that has used this much of its address space, and died, most likely died of it."""


class MemoryWitness:
    """Looks before a process runs, and tells after it has ended."""

    def __init__(self, pid: int) -> None:
        """Read the counters now."""
        self._kills = cgroup.oom_kills(pid)
        self._peak = _largest_child_bytes()

    def facts(self, sampler: Sampler, ended: Ended | None) -> dict[str, FactValue]:
        """What is known, by the names of facts."""
        facts: dict[str, FactValue] = {}
        largest = _largest_child_bytes()
        # The kernel keeps the peak of the largest child only: it is this one's if it has grown.
        peak = max(sampler.peak_rss_bytes, largest if largest > self._peak else 0)
        if peak:
            facts["memory.peak"] = peak
        limit = sampler.address_space_limit
        if limit is not None and sampler.peak_virtual_bytes > CLOSE_TO_LIMIT * limit:
            facts |= {"memory.limit": limit, "memory.peak": sampler.peak_virtual_bytes}
        if self._kills is not None:
            file, before = self._kills
            kills = (cgroup.read_oom_kills(file) or before) - before
            if kills > 0 or (ended is not None and ended.signal == "SIGKILL"):
                facts["cgroup.oom_kills"] = kills  # none is evidence too: somebody else killed it
        return facts


def _largest_child_bytes() -> int:
    """The largest resident set of any child of ours that has ended so far; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
