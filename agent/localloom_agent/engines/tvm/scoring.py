"""How attention weighs a position: its scale, its soft cap, and how far back it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tvm import tirx

LOWEST = -3e38
"""A score that no position has: its exponential is 0 beside any other."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """What becomes of the product of a query and a key; part of a kernel, and of the key it is kept under."""

    scale: float
    cap: float | None
    """Scores are bent to lie between -cap and cap; None leaves them."""
    window: int | None
    """Positions that a token attends to, itself included; None means all."""

    def score(self, product: Any) -> Any:
        """The score, from the product."""
        scaled = product * float(self.scale)
        return scaled if self.cap is None else tanh(scaled * float(1 / self.cap)) * float(self.cap)

    def first_position(self, end: Any) -> Any:
        """The first position that is attended to by the token at `end - 1`."""
        zero = tirx.const(0, "int64")
        return zero if self.window is None else tirx.max(end - self.window, zero)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent through the exponential, which no target approximates coarsely; it never overflows."""
    return tirx.const(1, "float32") - tirx.const(2, "float32") / (tirx.exp(x + x) + tirx.const(1, "float32"))
