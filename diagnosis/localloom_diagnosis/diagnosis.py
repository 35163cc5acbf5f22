"""From evidence to a verdict: the one entry point, `diagnose`, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import advice
from .evidence import Evidence
from .objects import facts_of
from .rules import RULES_VERSION, Vote
from .scene import stage
from .scoring import Ranked, collect, rank
from .signature import signature
from .taxonomy import Category

#: Candidates after these are not worth a reader's time.
MAX_CANDIDATES = 6
#: Under this the best candidate is a guess, and the verdict is `unknown`.
GUESS = 0.08
#: Under this a candidate is not worth a line.
FAINT = 0.01
_NOTHING = {"en": "nothing in the evidence names a cause", "es": "nada en la evidencia nombra una causa"}
#: How often nobody found the cause either, where no rule found anything.
_NOTHING_SCORE = 0.4


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


def diagnose(evidence: Evidence, lang: str = "en") -> Diagnosis:
    """Judge one failure. Pure: no I/O, no clock, no randomness.

    Args:
        evidence: all that is known.
        lang: "en" or "es", for summary, reasons and remedies; anything else is English.
    """
    scene, cut = stage(evidence)
    votes, failed = collect(scene)
    ranked = rank(scene, votes)
    candidates = _candidates(ranked, lang)
    category = candidates[0].category
    deciding = next((item.vote for item in ranked if item.category is category), None)
    facts = facts_of(scene, category)
    status = facts.get("http.status")
    return Diagnosis(
        category=category,
        confidence=candidates[0].score,
        candidates=candidates,
        signature=signature(scene, category, deciding),
        summary=advice.summary(category, facts, evidence.runtime, lang),
        retryable=advice.retryable(category, status if isinstance(status, int) else None),
        remedies=advice.remedies(category, facts, evidence.runtime, lang),
        rules_version=RULES_VERSION,
        notes=(*cut, *failed),
    )


def _candidates(ranked: list[Ranked], lang: str) -> tuple[Candidate, ...]:
    """The best candidates in words; `unknown` first where there is nothing but priors."""
    spoken = tuple(
        Candidate(item.category, item.score, because(item.vote, lang))
        for item in ranked[:MAX_CANDIDATES]
        if item.score >= FAINT or item is ranked[0]
    )
    if ranked and ranked[0].vote.rule != "prior" and ranked[0].score >= GUESS:
        return spoken
    nothing = _NOTHING["es" if lang == "es" else "en"]
    room = (1 - _NOTHING_SCORE) / max(1.0, sum(item.score for item in spoken))
    rest = (Candidate(c.category, min(c.score * room, _NOTHING_SCORE / 2), c.because) for c in spoken)
    return (
        Candidate(Category.UNKNOWN, _NOTHING_SCORE, nothing),
        *(c for c in rest if c.category is not Category.UNKNOWN),
    )


def because(vote: Vote, lang: str) -> str:
    """The vote as a sentence: its reason and the words it rests on."""
    reason = vote.reason.text(lang)
    if not vote.found:
        return reason
    return f"{reason}: «{vote.found}»" if lang == "es" else f"{reason}: “{vote.found}”"
