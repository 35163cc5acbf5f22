"""One sentence of advice, with the figures that it needs to be said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category

#: A small model that most machines can hold, for the advice to try one.
SMALLER_MODEL = "Qwen2.5-0.5B-Instruct-q4f16_1-MLC"

_SLOT = re.compile(r"\{([a-z0-9_.]+)\}")
_BYTES = frozenset(
    {
        "artifact.actual_bytes",
        "artifact.expected_bytes",
        "disk.free",
        "disk.needed",
        "gpu.memory.free",
        "gpu.memory.needed",
        "gpu.memory.total",
        "memory.available",
        "memory.limit",
        "memory.needed",
        "memory.peak",
        "model.bytes",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with slots such as {disk.free}; it is said only where all its slots have a fact."""

    text: str
    runtimes: tuple[str, ...] = ()
    """Only for engines whose name starts so; empty: for all."""
    without: tuple[str, ...] = ()
    """Not for engines whose name starts so."""

    @property
    def specific(self) -> bool:
        """Whether it names an object or a figure."""
        return bool(_slots(self.text))

    def say(self, facts: Mapping[str, FactValue], runtime: str) -> str:
        """The sentence with its slots filled, or "" where it does not apply."""
        if (self.runtimes and not runtime.startswith(self.runtimes)) or (
            self.without and runtime.startswith(self.without)
        ):
            return ""
        slots = _slots(self.text)
        if not slots:
            return self.text
        if any(facts.get(slot) in (None, "") for slot in slots):
            return ""
        said = {slot: shown(slot, facts[slot]) for slot in slots}
        for slot in slots:
            other = slot.replace(".actual", ".expected", 1)
            if other == slot or other not in said:
                continue
            if facts[slot] == facts[other]:
                # What does not differ explains nothing.
                return ""
            if said[slot] == said[other]:
                said[slot], said[other] = f"{facts[slot]} bytes", f"{facts[other]} bytes"
        return _SLOT.sub(lambda found: said[found[1]], self.text)


@cache
def _slots(text: str) -> tuple[str, ...]:
    return tuple(_SLOT.findall(text))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one category in one language."""

    summary: tuple[Line, ...]
    """Most specific first; the last has no slots."""
    remedies: tuple[Line, ...]
    """Most likely to help first."""


Book = Mapping[Category, Words]


def shown(name: str, value: FactValue) -> str:
    """A fact as a person reads it: bytes in GB, whole numbers without a fraction."""
    if name in _BYTES and isinstance(value, (int, float)) and not isinstance(value, bool):
        return human_bytes(value)
    if isinstance(value, float):
        return f"{value:g}"
    text = " ".join(str(value).split())
    return text if len(text) <= 200 else text[:199] + "…"


def human_bytes(count: float) -> str:
    """Bytes in the largest decimal unit that leaves at least 1: 2.1 GB, 640 MB, 12 bytes."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(count) >= size:
            amount = count / size
            return (
                f"{amount:.1f} {unit}"
                if amount < 100 and f"{amount:.1f}"[-1] != "0"
                else f"{amount:.0f} {unit}"
            )
    return f"{count:.0f} bytes"
