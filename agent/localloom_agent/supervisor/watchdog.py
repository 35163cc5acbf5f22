"""Tells a hang from slowness: a heartbeat per phase, judged against limits. Pure: time is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from localloom_diagnosis.taxonomy import Phase

BUSY_CPU_S = 0.05
"""CPU seconds between two looks that count as being at work: far less than a tenth of a core uses in a second."""


BUSY_IO_BYTES = 4096
"""Bytes read or written between two looks that count as being at work."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a phase may go without progress, in seconds."""

    idle_s: float
    """With no progress, and no CPU, GPU or bytes either: it hangs."""
    busy_s: float
    """With no progress although it is at work: it spins, or is far too slow."""


DEFAULT_LIMITS: Mapping[Phase, Limit] = {
    Phase.PREFLIGHT: Limit(20, 60),
    Phase.RUNTIME: Limit(60, 300),
    Phase.RESOLVE: Limit(30, 120),
    Phase.METADATA: Limit(60, 300),
    Phase.WEIGHTS: Limit(60, 600),
    Phase.COMPILE: Limit(120, 1800),
    Phase.LOAD: Limit(120, 900),
    Phase.GENERATE: Limit(60, 300),
}


def limits(overall_s: float | None, by_phase: Mapping[Phase, float]) -> dict[Phase, Limit]:
    """The default limits with the user's own in their place: for all phases, or for one."""
    out = {}
    for phase, default in DEFAULT_LIMITS.items():
        wanted = by_phase.get(phase, overall_s)
        out[phase] = default if wanted is None else Limit(wanted, wanted)
    return out


@dataclass(frozen=True, slots=True)
class Hang:
    """The watchdog's finding."""

    phase: Phase
    limit_s: float
    age_s: float
    """Seconds since the last progress."""
    busy: bool
    """CPU, GPU or disk were at work all the while."""


@dataclass(slots=True)
class Watchdog:
    """Keeps the times of the last progress and of the last work, and says when enough is enough."""

    limits: Mapping[Phase, Limit]
    progress_at: float
    """Monotonic seconds of the last report from the process."""
    phase: Phase = Phase.RUNTIME
    work_at: float = field(init=False)
    _cpu_s: float | None = None
    _io_bytes: int | None = None

    def __post_init__(self) -> None:
        self.work_at = self.progress_at

    def progressed(self, now: float, phase: Phase | None = None) -> None:
        """The process reported something."""
        self.progress_at = self.work_at = now
        self.phase = phase or self.phase

    def worked(self, now: float, cpu_s: float, io_bytes: int = 0, *, gpu_busy: bool = False) -> None:
        """The process tree has used `cpu_s` CPU seconds and moved `io_bytes` so far; its GPU is at work, or not."""
        if self._cpu_s is None or self._io_bytes is None:
            self._cpu_s, self._io_bytes = cpu_s, io_bytes
            return
        # A process that ends takes its figures out of the sum: less is a sign of life as well.
        if (
            abs(cpu_s - self._cpu_s) >= BUSY_CPU_S
            or abs(io_bytes - self._io_bytes) >= BUSY_IO_BYTES
            or gpu_busy
        ):
            self._cpu_s, self._io_bytes = cpu_s, io_bytes
            self.work_at = now

    def check(self, now: float) -> Hang | None:
        """The finding at `now`, if there is one."""
        limit = self.limits[self.phase]
        age, idle = now - self.progress_at, now - self.work_at
        if idle > limit.idle_s:
            return Hang(self.phase, limit.idle_s, age, busy=False)
        if age > limit.busy_s:
            return Hang(self.phase, limit.busy_s, age, busy=True)
        return None
