"""What differs between two runs of one shape: how long things took, which numbers stand in an error's text."""

from __future__ import annotations

import random
from dataclasses import dataclass

from localloom_diagnosis import Phase

NANO = 1_000_000_000

#: Seconds that the phases take, give or take a half.
_TAKES = tuple(int(s * NANO) for s in (0.3, 0.8, 0.1, 0.4, 6.0, 3.0, 1.5, 2.0))
assert len(_TAKES) == len(Phase)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The numbers of one run."""

    took: tuple[int, ...]
    """Nanoseconds, by phase."""
    text: float
    """Which of an error's texts: a share of their number."""
    number: int
    """That stands in it."""
    shards: tuple[int, int, int]
    """In the tail of stderr."""
    ttft_s: float
    tokens_per_s: float


def draw(seed: int) -> Drawn:
    """The same for the same seed."""
    rng = random.Random(seed)
    uniform = rng.random
    return Drawn(
        tuple([int(takes * (0.5 + uniform())) for takes in _TAKES]),
        uniform(),
        10 + int(uniform() * 10**9),
        (int(uniform() * 40), int(uniform() * 40), int(uniform() * 40)),
        0.02 + 0.38 * uniform(),
        5 + 85 * uniform(),
    )
