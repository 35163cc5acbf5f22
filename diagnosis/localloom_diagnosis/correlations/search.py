"""Looks for attributes, alone and in pairs, that the affected machines have more often than the rest.

The search is that of contrast sets: Bay and Pazzani, "Detecting Group Differences: Mining Contrast Sets" (Data Mining
and Knowledge Discovery 5, 2001), STUCCO. A set is of interest when its support differs by much between the groups, and
significant by a threshold that shares the family-wise error out over levels: at level l, with |C_l| candidates there,
α_l = min(α / 2^l / |C_l|, α_(l-1)).

Candidates are counted by their margins alone (in how many machines a value occurs, affected or not): those that could
reach the minimum support and difference at all. To leave out those that cannot is no peeking, since the tests are
conditional on the margins (Tarone 1990); to leave out those that merely did not would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from .contingency import ALPHA, Table, p_value, phi, standardised_difference
from .population import Item, Population

#: A set must be had by so many affected machines.
MIN_MACHINES = 5
#: Its share of the affected must exceed its share of the rest by so much.
MIN_DIFFERENCE = 0.15
#: What is left of the difference, given another finding, for a set to explain something of its own.
_MORE = 0.05


@dataclass(frozen=True, slots=True)
class Tried:
    """How many sets a level had, and the threshold that came of it."""

    candidates: int
    alpha: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A set of one or two items that is over-represented."""

    items: tuple[Item, ...]
    mask: int
    table: Table
    p: float
    """The largest: of the plain test, and of those among machines that are alike."""
    test: str
    alpha: float
    """What p was held against."""
    same: tuple[tuple[Item, ...], ...] = ()
    """Other sets that are had by exactly the same machines: they cannot be told apart."""

    @property
    def phi(self) -> float:
        """Effect size."""
        return phi(self.table)

    @property
    def odds_ratio(self) -> float:
        """With half a machine added to each cell, so that there always is one (Haldane 1956, Anscombe 1956)."""
        t = self.table
        return (t.a + 0.5) * (t.d + 0.5) / ((t.b + 0.5) * (t.c + 0.5))


@dataclass(frozen=True, slots=True)
class Explained:
    """A set that is over-represented, but no more so than a finding makes it."""

    finding: Finding
    by: tuple[tuple[Item, ...], ...]
    """Given these, it says nothing more."""
    p: float
    """Of the test given these."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, strongest first, and what was tried."""

    findings: tuple[Finding, ...]
    explained: tuple[Explained, ...]
    levels: tuple[Tried, Tried]
    """Of items alone, and of pairs."""


def correlate(population: Population, alpha: float = ALPHA) -> Report:
    """What the affected machines have in common that the rest has not.

    Args:
        population: each machine once.
        alpha: the family-wise error: the chance that anything is claimed where nothing is.
    """
    everybody = population.everybody
    if population.affected.bit_count() < MIN_MACHINES or population.affected == everybody:
        return Report((), (), (Tried(0, alpha / 2), Tried(0, alpha / 4)))
    frequent = {item: mask for item, mask in population.items.items() if mask.bit_count() >= MIN_MACHINES}
    singles = [
        ((item,), mask)
        for item, mask in frequent.items()
        if _possible(population.table(mask, population.known[item.attribute]))
    ]
    pairs = list(_pairs(population, frequent))
    one = Tried(len(singles), alpha / 2 / max(1, len(singles)))
    two = Tried(len(pairs), min(alpha / 4 / max(1, len(pairs)), one.alpha))
    found = [f for items, mask in singles if (f := _judge(population, items, mask, one.alpha)) is not None]
    both = [f for items, mask in pairs if (f := _judge(population, items, mask, two.alpha)) is not None]
    found += [f for f in both if _needs_both(population, f, one.alpha)]
    return Report(*_tell_apart(population, found, one.alpha), (one, two))


def _pairs(population: Population, items: dict[Item, int]) -> Iterator[tuple[tuple[Item, ...], int]]:
    for (one, mask), (other, more) in combinations(items.items(), 2):
        if one.attribute == other.attribute:
            continue
        both = mask & more
        if both.bit_count() < MIN_MACHINES:
            continue
        within = population.known[one.attribute] & population.known[other.attribute]
        if _possible(population.table(both, within)):
            yield (one, other), both


def _possible(table: Table) -> bool:
    """Whether the margins allow the minimum support and difference at all."""
    most = table.high
    best = Table(
        most, table.affected - most, table.a + table.c - most, table.rest - (table.a + table.c - most)
    )
    return most >= MIN_MACHINES and best.difference >= MIN_DIFFERENCE


def _judge(population: Population, items: tuple[Item, ...], mask: int, alpha: float) -> Finding | None:
    within = _known(population, items)
    table = population.table(mask, within)
    if table.a < MIN_MACHINES or table.difference < MIN_DIFFERENCE:
        return None
    p, test = p_value([table])
    if p > alpha:
        return None
    alike = _among_alike(population, mask, within, ())
    if _least(alike) < MIN_DIFFERENCE:
        return None
    worst, worst_test = _worst(alike, alpha)
    if worst > alpha:
        return None
    return Finding(items, mask, table, max(p, worst), test if p >= worst else worst_test, alpha)


def _known(population: Population, items: Sequence[Item]) -> int:
    within = population.everybody
    for item in items:
        within &= population.known[item.attribute]
    return within


def _among_alike(population: Population, mask: int, within: int, given: Sequence[int]) -> list[list[Table]]:
    """For each way to part machines into alike ones: a table for each part of those that agree on what is given."""
    parts = [within]
    for condition in given:
        parts = [part for whole in parts for part in (whole & condition, whole & ~condition) if part]
    return [
        [population.table(mask, part & alike) for part in parts for alike in partition]
        for partition in population.partitions or ((population.everybody,),)
    ]


def _least(alike: Sequence[Sequence[Table]]) -> float:
    """The least difference. It costs little beside a p-value, and rules most sets out."""
    return min(map(standardised_difference, alike))


def _worst(alike: Sequence[Sequence[Table]], enough: float = 1.0) -> tuple[float, str]:
    """The largest p, and its test; or the first that is larger than `enough`."""
    worst, by = 0.0, "exact"
    for tables in alike:
        p, test = p_value(tables)
        if p >= worst:
            worst, by = p, test
        if worst > enough:
            break
    return worst, by


def _explains(
    population: Population, finding: Finding, given: Sequence[int], alpha: float
) -> tuple[bool, float]:
    """Whether a set says something more, given others; and the p of that."""
    alike = _among_alike(population, finding.mask, _known(population, finding.items), given)
    p, _ = _worst(alike)
    return p <= alpha and _least(alike) >= _MORE, p


def _needs_both(population: Population, pair: Finding, alpha: float) -> bool:
    """Whether each half of a pair says something among the machines that have the other half.

    What might refine a half are the items alone, so their threshold holds here; the pair itself has met its own.
    """
    halves = []
    for half, other in (pair.items, pair.items[::-1]):
        within = _known(population, pair.items) & population.items[other]
        halves.append(_among_alike(population, population.items[half], within, ()))
    return all(_least(alike) >= _MORE for alike in halves) and all(
        _worst(alike, alpha)[0] <= alpha for alike in halves
    )


def _tell_apart(
    population: Population, found: Sequence[Finding], alpha: float
) -> tuple[tuple[Finding, ...], tuple[Explained, ...]]:
    """The findings that stand by themselves, strongest first; and those that these explain."""
    distinct: dict[int, Finding] = {}
    same: dict[int, list[tuple[Item, ...]]] = {}
    # Of equals the simpler one, and then the one whose attribute was named first.
    order = {item: number for number, item in enumerate(population.items)}
    for f in sorted(found, key=lambda f: (-round(f.phi, 9), len(f.items), [order[item] for item in f.items])):
        if f.mask in distinct:
            same.setdefault(f.mask, []).append(f.items)
        else:
            distinct[f.mask] = f
    chosen: list[Finding] = []
    explained: list[Explained] = []
    for f in distinct.values():
        more, p = _explains(population, f, [c.mask for c in chosen], alpha) if chosen else (True, f.p)
        if more:
            chosen.append(f)
        else:
            explained.append(Explained(f, _by(population, f, chosen, alpha), p))
    # What was strongest alone may be no more than the sum of those that came after it.
    for f in reversed(chosen[:]):
        others = [c for c in chosen if c is not f]
        if others:
            more, p = _explains(population, f, [c.mask for c in others], alpha)
            if not more:
                chosen = others
                explained.append(Explained(f, _by(population, f, others, alpha), p))

    def named(f: Finding) -> Finding:
        return Finding(f.items, f.mask, f.table, f.p, f.test, f.alpha, tuple(same.get(f.mask, ())))

    return tuple(map(named, chosen)), tuple(Explained(named(e.finding), e.by, e.p) for e in explained)


def _by(
    population: Population, finding: Finding, chosen: Sequence[Finding], alpha: float
) -> tuple[tuple[Item, ...], ...]:
    """The first that explains it alone; all of them where none does."""
    for other in chosen:
        if not _explains(population, finding, [other.mask], alpha)[0]:
            return (other.items,)
    return tuple(other.items for other in chosen)
