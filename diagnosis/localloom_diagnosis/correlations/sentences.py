"""Findings in words that need no statistics to be read, with the figures behind them."""

from __future__ import annotations

from collections.abc import Sequence

from .population import Item
from .search import Explained, Finding


def finding_sentence(finding: Finding) -> str:
    """One finding: what it is, in how many machines, and how sure that is."""
    t = finding.table
    said = (
        f"{items_text(finding.items)}: {t.a} of {t.affected} affected machines ({percent(t.a, t.affected)}), "
        f"but {t.c} of {t.rest} others ({percent(t.c, t.rest)}); p {p_text(finding.p)} "
        f"({finding.alpha:.1g} was needed)"
    )
    same = [items for items in finding.same if len(items) == len(finding.items)]
    if same:
        others = ", or ".join(items_text(items) for items in same[:3])
        more = f", or {len(same) - 3} more" if len(same) > 3 else ""
        said += f"; the same machines have {others}{more}: these cannot be told apart"
    return said


def explained_sentence(explained: Explained) -> str:
    """One thing that stands out only because of another."""
    by = " with ".join(items_text(items) for items in explained.by)
    return (
        f"given {by}, {items_text(explained.finding.items)} explains nothing more (p {p_text(explained.p)})"
    )


def items_text(items: Sequence[Item]) -> str:
    """One item, or two together."""
    return " and ".join(map(str, items))


def percent(part: int, whole: int) -> str:
    """A share, to the per cent; below one, to the tenth."""
    share = 100 * part / whole if whole else 0.0
    return f"{share:.1f} %" if 0 < share < 0.95 else f"{share:.0f} %"


def p_text(p: float) -> str:
    """A p-value: "= 0.03", "= 2e-07", "< 1e-300"."""
    if p < 1e-300:
        return "< 1e-300"
    return f"= {p:.2g}" if p >= 0.001 else f"= {p:.0e}"
