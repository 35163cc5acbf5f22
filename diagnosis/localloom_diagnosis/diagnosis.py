"""From evidence to a verdict: the one entry point, `diagnose`, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .evidence import Evidence
from .taxonomy import Category


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
            "category": self.category.value,
            "confidence": round(self.confidence, 3),
            "candidates": [
                {"category": c.category.value, "score": round(c.score, 3), "because": c.because}
                for c in self.candidates
            ],
            "signature": self.signature,
            "summary": self.summary,
            "retryable": self.retryable,
            "remedies": list(self.remedies),
        }


RULES_VERSION = "0"


def diagnose(evidence: Evidence, lang: str = "en") -> Diagnosis:
    """Judge one failure. Pure: no I/O, no clock, no randomness.

    Args:
        evidence: all that is known.
        lang: "en" or "es", for summary, reasons and remedies; anything else is English.
    """
    declared = next((e for e in evidence.errors if e.category), None)
    category = declared.category if declared and declared.category else Category.UNKNOWN
    first = evidence.errors[0] if evidence.errors else None
    because = (
        f"the probe's own check said so: {declared.message}"
        if declared
        else "nothing in the evidence names a cause"
    )
    return Diagnosis(
        category=category,
        confidence=0.95 if declared else 0.0,
        candidates=(Candidate(category, 0.95 if declared else 0.0, because),),
        signature=f"{category.value}|{first.type if first else ''}",
        summary=first.message.splitlines()[0] if first and first.message else "",
        retryable=category.value.startswith("network."),
        remedies=(),
        rules_version=RULES_VERSION,
    )
