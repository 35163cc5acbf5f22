"""A set of chunk numbers as a short text, "1-5 7": what a run keeps of its chunks when they have been pruned."""

from __future__ import annotations

from collections.abc import Iterable


def read(text: str | None) -> list[tuple[int, int]]:
    """The ranges, ascending, both ends included."""
    ranges = []
    for part in (text or "").split():
        first, _, last = part.partition("-")
        ranges.append((int(first), int(last or first)))
    return ranges


def write(ranges: Iterable[tuple[int, int]]) -> str:
    """Ranges in any order, which may overlap and touch, as text."""
    merged: list[list[int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in merged)


def holds(ranges: Iterable[tuple[int, int]], number: int) -> bool:
    """Whether the number is in one of the ranges."""
    return any(first <= number <= last for first, last in ranges)


def add(text: str | None, numbers: Iterable[int]) -> str:
    """The text with more numbers in it."""
    return write([*read(text), *((n, n) for n in numbers)])
