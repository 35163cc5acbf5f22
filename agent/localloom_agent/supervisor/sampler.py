"""Samples what the probed process tree uses: resident memory, CPU time, threads, GPU memory."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

import psutil

TREE_EVERY = 4
"""Looking for new members of the tree walks all processes of the machine: done every few samples only."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at the process tree."""

    rss_bytes: int
    cpu_s: float
    """User and system, so far, of the members that live."""
    threads: int
    host_available_bytes: int
    io_bytes: int = 0
    """Read and written so far, by the members that live."""
    gpu_memory_bytes: int | None = None
    gpu_utilization: float | None = None
    """0..1, of the busiest GPU that one of the members uses."""


@dataclass(slots=True)
class Sampler:
    """Takes samples of one process and of what it starts."""

    pid: int
    nvml: bool = False
    """The machine's profile was read through NVML: only then is it safe to ask it from this process too."""
    peak_rss_bytes: int = 0
    peak_virtual_bytes: int = 0
    """Of the process itself: what RLIMIT_AS counts."""
    address_space_limit: int | None = None
    """RLIMIT_AS of the process in bytes, where the system tells and there is one."""
    _members: list[psutil.Process] = field(default_factory=list)
    _count: int = 0

    def sample(self) -> Sample | None:
        """Look once; None when the process is gone."""
        if self._count % TREE_EVERY == 0:
            try:
                top = psutil.Process(self.pid)
                self._members = [top, *top.children(recursive=True)]
            except psutil.Error:
                return None
        self._count += 1
        self._look_at_address_space(self._members[0])
        rss = threads = moved = 0
        cpu = 0.0
        for member in self._members:
            try:
                with member.oneshot():
                    rss += member.memory_info().rss
                    times = member.cpu_times()
                    cpu += times.user + times.system
                    threads += member.num_threads()
                    moved += _moved(member)
            except psutil.Error:
                continue
        if not threads:
            return None
        self.peak_rss_bytes = max(self.peak_rss_bytes, rss)
        memory, utilization = self._gpu()
        return Sample(rss, cpu, threads, psutil.virtual_memory().available, moved, memory, utilization)

    def _look_at_address_space(self, process: psutil.Process) -> None:
        if not hasattr(process, "rlimit"):
            return
        with contextlib.suppress(psutil.Error, OSError):
            limit = process.rlimit(psutil.RLIMIT_AS)[0]
            self.address_space_limit = None if limit == psutil.RLIM_INFINITY else limit
            self.peak_virtual_bytes = max(self.peak_virtual_bytes, process.memory_info().vms)

    def _gpu(self) -> tuple[int | None, float | None]:
        """Device memory of these processes in bytes, and how busy their GPUs are, where NVML is there and tells."""
        gpus = _nvml_handles() if self.nvml else []
        if not gpus:
            return None, None
        import pynvml

        pids = {member.pid for member in self._members}
        used, utilization = 0, 0.0
        for gpu in gpus:
            try:
                mine = [p for p in pynvml.nvmlDeviceGetComputeRunningProcesses(gpu) if p.pid in pids]
                if mine:
                    used += sum(int(p.usedGpuMemory or 0) for p in mine)
                    utilization = max(utilization, pynvml.nvmlDeviceGetUtilizationRates(gpu).gpu / 100)
            except pynvml.NVMLError:
                continue
        return used, utilization


def _moved(member: psutil.Process) -> int:
    """Bytes that a process has read and written so far; 0 where the system does not tell."""
    if not hasattr(member, "io_counters"):
        return 0
    try:
        counters = member.io_counters()
    except psutil.Error:
        return 0
    return int(counters.read_bytes + counters.write_bytes + getattr(counters, "read_chars", 0))


_handles: list[object] | None = None


def _nvml_handles() -> list[object]:
    """Open NVML once; a machine without it has no handles, and is not asked again."""
    global _handles  # noqa: PLW0603 a process-wide library has process-wide state
    if _handles is None:
        _handles = []
        try:
            import pynvml

            pynvml.nvmlInit()
            _handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        except Exception:
            _handles = []
    return _handles
