"""What a diagnosis says: the verdict on one failure and the candidates behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .taxonomy import Category

_NAMES = {category: category.value for category in Category}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One category that the evidence speaks for."""

    category: Category
    score: float
    """0..1; the scores of all candidates add up to at most 1."""
    because: str
    """The evidence for it, in one sentence."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The verdict on one failure."""

    category: Category
    confidence: float
    """0..1: how often a verdict like this one is right."""
    candidates: tuple[Candidate, ...]
    """Ranked, best first; the first is the verdict."""
    signature: str
    """Stable name of the fault for grouping: the same fault has the same one, without anybody's data in it."""
    summary: str
    """What happened, to what, in one sentence, in the language asked for."""
    retryable: bool
    remedies: tuple[str, ...]
    """What to do, most likely first, in the language asked for."""
    rules_version: str
    notes: tuple[str, ...] = field(default=())
    """Rules that failed, evidence that was cut: nothing here changes the verdict."""

    def to_json(self) -> dict[str, Any]:
        """The keys of the design's documents that come from a diagnosis."""
        return {
            "category": _NAMES[self.category],
            "confidence": round(self.confidence, 3),
            "candidates": [
                {"category": _NAMES[c.category], "score": round(c.score, 3), "because": c.because}
                for c in self.candidates
            ],
            "signature": self.signature,
            "summary": self.summary,
            "retryable": self.retryable,
            "remedies": list(self.remedies),
        }


def sentence(reason: str, found: str, lang: str) -> str:
    """A reason and the words that it rests on, quoted as the language quotes."""
    if not found:
        return reason
    return f"{reason}: «{found}»" if lang == "es" else f"{reason}: “{found}”"
