"""Two-by-two tables: whether two things go together by more than chance, and how strongly.

A list of tables is one question asked in several strata. With one table the exact test is Fisher's; with several it is
the exact conditional test of a common odds ratio of one, whose approximation is Cochran, Mantel and Haenszel's χ².
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul

#: The chance, over everything that is tried, that anything is claimed where there is nothing.
ALPHA = 0.01

#: Up to so many possible values of the count, the test is exact: at most some 10 ms a test.
_EXACT_RANGE = 400
#: One table alone costs time in proportion to its range, not to the square of it.
_EXACT_RANGE_ALONE = 4_000


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of machines: those affected and the rest, each with and without a thing."""

    a: int
    """Affected, with it."""
    b: int
    """Affected, without it."""
    c: int
    """Of the rest, with it."""
    d: int
    """Of the rest, without it."""

    @property
    def affected(self) -> int:
        """All the affected."""
        return self.a + self.b

    @property
    def rest(self) -> int:
        """All the others."""
        return self.c + self.d

    @property
    def difference(self) -> float:
        """Share of the affected that have it, minus the share of the rest: from -1 to 1; 0 where a group is empty."""
        if not self.affected or not self.rest:
            return 0.0
        return self.a / self.affected - self.c / self.rest

    @property
    def low(self) -> int:
        """The least that `a` can be with these margins."""
        return max(0, self.a - self.d)

    @property
    def high(self) -> int:
        """The most that `a` can be with these margins."""
        return self.a + min(self.b, self.c)

    @property
    def informative(self) -> bool:
        """Whether `a` could have been anything else."""
        return self.low < self.high


def phi(table: Table) -> float:
    """The correlation coefficient of the two binary variables, from -1 to 1; 0 where one does not vary."""
    with_it, without = table.a + table.c, table.b + table.d
    product = table.affected * table.rest * with_it * without
    return (table.a * table.d - table.b * table.c) / math.sqrt(product) if product else 0.0


def p_value(tables: Sequence[Table]) -> tuple[float, str]:
    """The two-sided p-value of "no association in any stratum", and which test gave it: "exact" or "χ²".

    Exact wherever that can be afforded: corrected for thousands of things tried, thresholds lie far out in the tail,
    where χ² approximates badly. The exact p is the probability of all counts no likelier than the one observed
    (Agresti, Categorical Data Analysis, 2002, 3.5). χ² is without a continuity correction.
    """
    told = [table for table in tables if table.informative]
    if not told:
        return 1.0, "exact"
    span = sum(table.high - table.low for table in told)
    if span <= (_EXACT_RANGE_ALONE if len(told) == 1 else _EXACT_RANGE):
        return _exact(told), "exact"
    return _chi_square(told), "χ²"


def _exact(tables: Sequence[Table]) -> float:
    total = reduce(_convolve, map(_hypergeometric, tables))
    observed = total[sum(table.a - table.low for table in tables)]
    # Equal probabilities differ in their last digits.
    most = observed * (1 + 1e-7)
    return min(1.0, sum(p for p in total if p <= most) / sum(total))


def _hypergeometric(table: Table) -> list[float]:
    """How likely each possible `a` is against the likeliest, from its least to its most.

    Each from its neighbour nearer to the likeliest, which is one; those under 1e-323 of it are zero.
    """
    affected, rest, with_it = table.affected, table.rest, table.a + table.c
    low, high = table.low, table.high
    likeliest = (affected + 1) * (with_it + 1) // (affected + rest + 2)
    above, below = [], []
    weight, a = 1.0, likeliest
    while weight and a < high:
        weight *= (affected - a) * (with_it - a) / ((a + 1) * (rest - with_it + a + 1))
        above.append(weight)
        a += 1
    above += [0.0] * (high - a)
    weight, a = 1.0, likeliest
    while weight and a > low:
        weight *= a * (rest - with_it + a) / ((affected - a + 1) * (with_it - a + 1))
        below.append(weight)
        a -= 1
    below += [0.0] * (a - low)
    return [*reversed(below), 1.0, *above]


def _convolve(one: list[float], other: list[float]) -> list[float]:
    # A sum of products at a time, which runs in C: a search does this hundreds of times.
    backwards, width = other[::-1], len(other)
    sums = []
    for total in range(len(one) + width - 1):
        first, end = max(0, total - width + 1), min(total + 1, len(one))
        shift = width - 1 - total
        sums.append(sum(map(mul, one[first:end], backwards[first + shift : end + shift])))
    return sums


def _chi_square(tables: Sequence[Table]) -> float:
    """Cochran, Mantel and Haenszel's χ² with one degree of freedom (Mantel and Haenszel 1959)."""
    excess = variance = 0.0
    for table in tables:
        n, with_it = table.affected + table.rest, table.a + table.c
        excess += table.a - table.affected * with_it / n
        variance += table.affected * table.rest * with_it * (n - with_it) / (n * n * (n - 1))
    return math.erfc(abs(excess) / math.sqrt(2 * variance)) if variance else 1.0


def standardised_difference(tables: Sequence[Table]) -> float:
    """The difference in shares, stratum by stratum, weighed by where the affected are.

    So the rest is looked at as if it were spread over the strata as the affected are. A stratum that has none of the
    rest says nothing, and is left out.
    """
    told = [table for table in tables if table.affected and table.rest]
    affected = sum(table.affected for table in told)
    return sum(table.difference * table.affected for table in told) / affected if affected else 0.0
