"""Rotary positions: how fast each pair of dimensions turns, and how models stretch that to longer contexts."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Llama3Scaling:
    """Llama 3.1's: long wavelengths are slowed by `factor`, short ones are kept, those between are interpolated."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_context: int

    def slowed(self, frequency: float) -> float:
        """The frequency, in radians per position, after the scaling of Llama 3.1's reference code."""
        turns = self.original_context * frequency / (2 * math.pi)
        share = (turns - self.low_freq_factor) / (self.high_freq_factor - self.low_freq_factor)
        kept = min(max(share, 0.0), 1.0)
        return frequency * (kept + (1 - kept) / self.factor)


@dataclass(frozen=True, slots=True)
class LongRope:
    """Phi-3's: a divisor for every pair, one set for short contexts and one for long ones (arXiv:2402.13753)."""

    short_factors: tuple[float, ...]
    long_factors: tuple[float, ...]
    original_context: int
    longest_context: int

    @property
    def magnitude(self) -> float:
        """What cosines and sines are multiplied with, whatever the context."""
        scale = self.longest_context / self.original_context
        return math.sqrt(1 + math.log(scale) / math.log(self.original_context)) if scale > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Rotary:
    """The rotation of queries and keys by their position."""

    dim: int
    """Dimensions of a head that are turned, from the first one on; the others are left."""
    theta: float
    scaling: Llama3Scaling | LongRope | None = None

    def frequencies(self, context: int) -> list[float]:
        """Radians per position of each of the `dim / 2` pairs, in a cache of `context` positions."""
        plain = [self.theta ** (-2 * i / self.dim) for i in range(self.dim // 2)]
        if isinstance(self.scaling, Llama3Scaling):
            return [self.scaling.slowed(frequency) for frequency in plain]
        if isinstance(self.scaling, LongRope):
            long = context > self.scaling.original_context
            factors = self.scaling.long_factors if long else self.scaling.short_factors
            return [frequency / factor for frequency, factor in zip(plain, factors, strict=True)]
        return plain

    @property
    def magnitude(self) -> float:
        """What cosines and sines are multiplied with."""
        return self.scaling.magnitude if isinstance(self.scaling, LongRope) else 1.0
