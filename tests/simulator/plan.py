"""Which run happens when, on which machine, and how it ends: the ground truth, before any event is made of it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone

from localloom_diagnosis import Category, Phase

from .hardware import Machine, machines
from .truth import BACKGROUND, Planted

#: The engine's new version comes out after this share of the period, and is everywhere a while later.
RELEASE = 0.6
#: Runs that are drawn from one sequence of random numbers.
BLOCK = 500
MODELS = (
    ("localloom/canary-q0f32", 900_000, 6),
    ("mlc-ai/Qwen2.5-0.5B-Instruct-q4f16_1-MLC", 290_000_000, 3),
    ("mlc-ai/Llama-3.2-3B-Instruct-q4f16_1-MLC", 1_800_000_000, 2),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One run."""

    machine: Machine
    run_id: uuid.UUID
    started: float
    """Seconds since the epoch, by the machine's clock."""
    engine_version: str
    model: str
    model_bytes: int
    category: Category | None
    """None: it passes."""
    phase: Phase | None
    """That fails."""
    planted: str
    """The name of what made it fail; empty where that was the background."""
    ends: bool
    """False: the machine was switched off in the middle."""
    seed: int


class Fleet:
    """A fleet and its history, the same for the same arguments."""

    def __init__(self, seed: int, count: int, days: float, until: float, planted: Sequence[Planted]) -> None:
        """Make the machines; `until` is the end of the history, in seconds since the epoch."""
        self._seed = seed
        self.machines = machines(random.Random(seed), count)
        self._days, self._until, self._planted = days, until, planted

    @property
    def first_day(self) -> date:
        """On which the history begins."""
        return datetime.fromtimestamp(self._until - self._days * 86_400, timezone.utc).date()

    @property
    def last_day(self) -> date:
        """On which it ends."""
        return datetime.fromtimestamp(self._until, timezone.utc).date()

    def runs(self, count: int) -> Iterator[Planned]:
        """That many runs, the oldest first."""
        for first in range(0, count, BLOCK):
            yield from self.block(first, count)

    def block(self, first: int, count: int) -> Iterator[Planned]:
        """Up to `BLOCK` of the `count` runs, from the one with that number on: nothing depends on other blocks."""
        rng, length = random.Random(f"{self._seed}:{first}"), self._days * 86_400
        for i in range(first, min(first + BLOCK, count)):
            share = (i + rng.random()) / count
            yield self._run(rng, share, self._until - length * (1 - share))

    def _run(self, rng: random.Random, share: float, at: float) -> Planned:
        machine = rng.choice(self.machines)
        new = share > RELEASE and rng.random() < min(1.0, (share - RELEASE) * 4)
        version = "0.28.0" if new else "0.27.0"
        model, size, _ = rng.choices(MODELS, [m[2] for m in MODELS])[0]
        attributes = {**machine.attributes, "engine.version": version, "label.site": machine.site}
        category, phase, name = self._fate(rng, attributes, share)
        started = at - machine.clock_skew_s
        return Planned(
            machine, uuid7(rng, started), started, version, model, size, category, phase, name,
            rng.random() > 0.004, rng.getrandbits(32),
        )  # fmt: skip

    def _fate(
        self, rng: random.Random, attributes: dict[str, object], share: float
    ) -> tuple[Category | None, Phase | None, str]:
        for planted in self._planted:
            if planted.holds(attributes, share) and rng.random() < planted.rate:
                return planted.category, planted.phase, planted.name
        for category, phase, rate in BACKGROUND:
            if rng.random() < rate:
                return category, phase, ""
        return None, None, ""


def uuid7(rng: random.Random, seconds: float) -> uuid.UUID:
    """A UUIDv7 of that time."""
    rest = rng.getrandbits(74)
    value = (
        (int(seconds * 1000) << 80) | (7 << 76) | ((rest >> 62) << 64) | (0b10 << 62) | (rest & (2**62 - 1))
    )
    return uuid.UUID(int=value)
