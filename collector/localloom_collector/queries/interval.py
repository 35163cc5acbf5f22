"""How sure a share is: Wilson's interval."""

from __future__ import annotations

from math import sqrt

#: The normal distribution's 97.5 % point: an interval that holds the true share 95 times in 100.
Z = 1.959963984540054


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share of one, both ends included; (0, 1) for a share of nothing.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): it keeps
    within 0 and 1 and is honest for few, where the share plus or minus its standard error is not.
    """
    if whole <= 0:
        return 0.0, 1.0
    share, square = part / whole, Z * Z
    centre = share + square / (2 * whole)
    reach = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    scale = 1 + square / whole
    return max((centre - reach) / scale, 0.0), min((centre + reach) / scale, 1.0)
