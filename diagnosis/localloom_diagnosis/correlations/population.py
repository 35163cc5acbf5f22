"""The machines that are compared, each once, as sets of bits: one integer a value of an attribute."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from .contingency import Table

#: A byte holds as many different values; those beyond are too rare to be of interest in any attribute.
_CODES = 254
_UNKNOWN = 255


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """An attribute has a value."""

    attribute: str
    value: str
    """As a person reads it."""

    def __str__(self) -> str:
        return f"{self.attribute} {self.value}"


@dataclass(frozen=True, slots=True)
class Population:
    """Machines, each at a position; a set of them is an integer with a bit a position."""

    size: int
    affected: int
    """The set of the affected; the others are the rest."""
    items: Mapping[Item, int]
    """Which machines have it."""
    known: Mapping[str, int]
    """Of which machines an attribute is known at all; the others say nothing about it."""
    partitions: Sequence[Sequence[int]] = field(default=())
    """Ways to part everybody into sets that are alike in something that is no attribute, such as how often they ran."""

    def table(self, mask: int, within: int) -> Table:
        """The machines of `within`, by whether they are affected and whether they are in `mask`."""
        affected, rest = self.affected & within, ~self.affected & within
        a, c = (affected & mask).bit_count(), (rest & mask).bit_count()
        return Table(a, affected.bit_count() - a, c, rest.bit_count() - c)

    @property
    def everybody(self) -> int:
        """All machines."""
        return (1 << self.size) - 1

    @staticmethod
    def of(
        affected: Sequence[bool],
        attributes: Mapping[str, Sequence[str | None]],
        *alike: Sequence[Hashable],
        least: int = 1,
    ) -> Population:
        """Gather columns, all of one length, into sets.

        Args:
            affected: whether each machine is.
            attributes: for each attribute the value that each machine has; None where it is not known.
            alike: columns of classes; what is over-represented must be so among machines of one class, in each column.
            least: values that fewer machines have are left out.
        """
        items: dict[Item, int] = {}
        known: dict[str, int] = {}
        for name, column in attributes.items():
            masks = _masks(column, least)
            known[name] = masks.pop(None)
            items |= {Item(name, str(value)): mask for value, mask in masks.items()}
        partitions = [
            tuple(m for value, m in _masks(column, 1).items() if value is not None) for column in alike
        ]
        return Population(
            len(affected),
            _masks([bool(x) or None for x in affected], 0)[None],
            items,
            known,
            tuple(partitions),
        )


def exposure_class(runs: int) -> int:
    """Which machines ran about as often: one class a number up to 4, from there on classes a quarter wide."""
    low = 1
    while (nxt := max(low + 1, low * 5 // 4)) <= runs:
        low = nxt
    return low


def time_classes(moments: Sequence[float], classes: int = 8) -> list[int]:
    """Which machines' runs were about the same time: so many classes, equally large."""
    order = sorted(moments)
    bounds = [order[len(order) * number // classes] for number in range(1, classes)] if order else []
    return [bisect_right(bounds, moment) for moment in moments]


def _masks(column: Sequence[Hashable | None], least: int) -> dict[Hashable | None, int]:
    """The set of positions of each value; under None, those where there is one."""
    if not column:
        return {None: 0}
    counts = Counter(column)
    counts.pop(None, None)
    kept = [value for value, count in counts.most_common(_CODES) if count >= least]
    codes: dict[Hashable | None, int] = {value: number for number, value in enumerate(kept)}
    # The values that are too rare get a code of their own: known, but no value of interest.
    for value in counts:
        codes.setdefault(value, _CODES)
    codes[None] = _UNKNOWN
    # Read as digits, the last position is the lowest bit: turn it round.
    text = bytes(map(codes.__getitem__, reversed(column)))
    masks: dict[Hashable | None, int] = {
        value: int(text.translate(_digits(number)), 2) for number, value in enumerate(kept)
    }
    masks[None] = ((1 << len(column)) - 1) ^ int(text.translate(_digits(_UNKNOWN)), 2)
    return masks


def _digits(code: int) -> bytes:
    return bytes(49 if number == code else 48 for number in range(256))
