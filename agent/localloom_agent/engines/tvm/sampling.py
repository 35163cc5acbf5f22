"""Chooses tokens from logits, and watches that these are numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One token, chosen."""

    token: int
    margin: float
    """How far the best logit lies above the second."""
    nonfinite: int
    """How many logits were NaN or infinite; the token means nothing where this is not 0."""


class Sampler:
    """Greedy at temperature 0, else nucleus sampling with a seed."""

    def __init__(self, temperature: float, top_p: float, seed: int) -> None:
        import numpy as np

        self._np = np
        self._temperature = temperature
        self._top_p = top_p
        self._random = np.random.default_rng(seed)

    def choose(self, logits: Any) -> Choice:
        """The next token, from a vector of float32 logits."""
        np = self._np
        nonfinite = int(logits.size - np.count_nonzero(np.isfinite(logits)))
        if nonfinite:
            return Choice(0, 0.0, nonfinite)
        best = int(logits.argmax())
        second = np.partition(logits, -2)[-2] if logits.size > 1 else logits[best]
        token = best if self._temperature <= 0 else self._draw(logits)
        return Choice(token, float(logits[best] - second), 0)

    def _draw(self, logits: Any) -> int:
        np = self._np
        scaled = (logits.astype(np.float64) - logits.max()) / self._temperature
        weights = np.exp(scaled)
        weights /= weights.sum()
        order = np.argsort(-weights, kind="stable")
        # The smallest set of likely tokens that holds top_p of the weight; the likeliest is always in it.
        kept = order[: int(np.searchsorted(weights[order].cumsum(), self._top_p)) + 1]
        return int(self._random.choice(kept, p=weights[kept] / weights[kept].sum()))
