"""The same machines before and after: whether more of them got worse than better by more than chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .contingency import ALPHA, Table, p_value
from .search import MIN_MACHINES

#: So much of the machines that ran both before and after must have changed, net.
MIN_CHANGE = 0.02


@dataclass(frozen=True, slots=True)
class Change:
    """How a failure fared on the same machines, before and after."""

    name: str
    machines: int
    """That ran both before and after."""
    only_before: int
    only_after: int
    both: int
    p: float
    """Two-sided."""
    alpha: float

    @property
    def before(self) -> int:
        """Machines affected before."""
        return self.only_before + self.both

    @property
    def after(self) -> int:
        """Machines affected after."""
        return self.only_after + self.both

    @property
    def significant(self) -> bool:
        """Enough machines, enough of a change, and no chance."""
        moved = max(self.only_before, self.only_after)
        net = abs(self.only_after - self.only_before)
        return moved >= MIN_MACHINES and net >= MIN_CHANGE * self.machines and self.p <= self.alpha

    @property
    def worse(self) -> bool:
        """It got worse, rather than better."""
        return self.only_after > self.only_before


def mcnemar(only_before: int, only_after: int) -> float:
    """The exact two-sided p-value of McNemar's test: of machines that changed, each way is as likely (McNemar 1947)."""
    n, k = only_before + only_after, min(only_before, only_after)
    if 2 * k >= n:
        return 1.0
    # Terms fall off fast towards 0: the first few hundred below k hold all that a float can tell.
    log_half = n * math.log(2)
    terms = (
        math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) - log_half)
        for i in range(k, max(-1, k - 2000), -1)
    )
    return min(1.0, 2 * math.fsum(terms))


def compare_pairs(
    counts: Mapping[str, tuple[int, int, int]], machines: int, alpha: float = ALPHA
) -> list[Change]:
    """Each failure's change, Bonferroni-corrected over those that could show one; the surest first.

    Args:
        counts: by name of the failure, machines affected only before, only after, and both times.
        machines: that were there both times.
        alpha: the family-wise error.
    """
    # Fewer machines that changed cannot be significant, whichever way they did: no look at which way, no peeking.
    candidates = sum(before + after >= MIN_MACHINES for before, after, _ in counts.values())
    each = alpha / max(1, candidates)
    changes = [
        Change(name, machines, before, after, both, mcnemar(before, after), each)
        for name, (before, after, both) in counts.items()
    ]
    return sorted(changes, key=lambda c: (c.p, -c.only_after, c.name))


def more_than(movers: Change, stayers: Change) -> float:
    """The p-value of "those who moved got worse no more than those who stayed" (exact, or χ²)."""
    table = Table(
        movers.only_after,
        movers.machines - movers.only_after,
        stayers.only_after,
        stayers.machines - stayers.only_after,
    )
    return p_value([table])[0] if table.difference > 0 else 1.0
