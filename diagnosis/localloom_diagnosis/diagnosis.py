"""From evidence to a verdict: the one entry point, `diagnose`, and what it returns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from . import advice
from .evidence import Evidence
from .objects import facts_of
from .rules import INDEX, RULES_VERSION, Scene, TextRule, Vote
from .scene import record_text, stage
from .scoring import HINTED, Ranked, collect, rank
from .signature import signature
from .taxonomy import Category
from .text import clean, excerpt, lower

#: Candidates after these are not worth a reader's time.
MAX_CANDIDATES = 6
#: Under this the best candidate is a guess, and the verdict is `unknown`.
GUESS = 0.08
#: Under this a candidate after the first _SHOWN is not worth a line.
FAINT = 0.04
_SHOWN = 3
_NOTHING = {"en": "nothing in the evidence names a cause", "es": "nada en la evidencia nombra una causa"}
#: Verdicts on texts up to this length, in characters, with up to so many errors are remembered, and how many are.
_SHORT = 2000
_FEW = 8
_KEPT = 1024
_VERDICTS: dict[object, Diagnosis] = {}
#: Longest line that is compared with others of its shape, in characters.
_LINE = 500
_PLANS: dict[object, _Plan] = {}
_DIGITS = str.maketrans("123456789", "000000000")
#: Codes that rules read as numbers, and signatures keep.
_CODES = re.compile(
    r"0[xX]|\d{8}|[1-5]\d\d (?:[Cc]lient|[Ss]erver|[Nn]ot|[Ff]orb|[Uu]nauth|[Bb]ad|[Ss]ervice|[Tt]oo)|[Ss]tatus(?: code)?:? \d{3}"
)
_NAMES = {category: category.value for category in Category}
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


def diagnose(evidence: Evidence, lang: str = "en") -> Diagnosis:
    """Judge one failure. Pure: no I/O, no clock, no randomness.

    Args:
        evidence: all that is known.
        lang: "en" or "es", for summary, reasons and remedies; anything else is English.
    """
    if (
        evidence.facts
        or evidence.exchanges
        or evidence.signal
        or evidence.hung
        or evidence.exit_code is not None
        or evidence.stderr_tail
        or evidence.stacks
        or len(evidence.errors) > _FEW
    ):
        return _diagnose(evidence, lang)
    # Words and nothing else: logs say the same line again and again.
    key = (evidence.errors, evidence.phase, evidence.runtime, lang, tuple(evidence.hardware.items()))
    known = _VERDICTS.get(key)
    if known is None:
        known = _of_line(evidence, lang) if len(evidence.errors) == 1 else _diagnose(evidence, lang)
        if sum(len(error.message) + len(error.traceback) for error in evidence.errors) <= _SHORT:
            if len(_VERDICTS) >= _KEPT:
                _VERDICTS.clear()
            _VERDICTS[key] = known
    return known


class _Plan(NamedTuple):
    """What the verdicts on lines have in common that differ in nothing but figures that no rule names."""

    verdict: Diagnosis
    reasons: tuple[tuple[str, int, int], ...]
    """For each candidate its sentence, or its reason with the place of the words that go with it."""


def _of_line(evidence: Evidence, lang: str) -> Diagnosis:
    """The verdict on one short line, out of what is known of lines like it where that is enough."""
    error = evidence.errors[0]
    line = record_text(error)
    if (
        len(line) > _LINE
        or "\n" in line
        or error.category is not None
        or error.traceback
        or _CODES.search(line)
    ):
        return _diagnose(evidence, lang)
    text = clean(line)
    places = tuple(INDEX.places(text, lower(text)))
    hardware = tuple(evidence.hardware.items())
    shape = text.translate(_DIGITS)
    key = (
        shape, error.type, evidence.phase, evidence.runtime, lang, hardware,
        tuple([(rule.name, start, end) for rule, start, end in places]),
    )  # fmt: skip
    plan = _PLANS.get(key)
    if plan is None:
        verdict, ranked, constant = _judge(evidence, lang, places)
        if constant:
            votes = [item.vote for item in ranked[: len(verdict.candidates)]]
            reasons = tuple(
                (vote.reason.text(lang), vote.position, vote.end) if vote.end >= 0 else (c.because, -1, -1)
                for vote, c in zip(votes, verdict.candidates, strict=True)
            )
            if len(_PLANS) >= _KEPT:
                _PLANS.clear()
            _PLANS[key] = _Plan(verdict, reasons)
        return verdict
    known = plan.verdict
    return Diagnosis(
        category=known.category,
        confidence=known.confidence,
        candidates=tuple(
            [
                Candidate(c.category, c.score, _sentence(reason, excerpt(text, start, end), lang))
                if end >= 0
                else c
                for c, (reason, start, end) in zip(known.candidates, plan.reasons, strict=True)
            ]
        ),
        signature=known.signature,
        summary=known.summary,
        retryable=known.retryable,
        remedies=known.remedies,
        rules_version=RULES_VERSION,
    )


def _diagnose(evidence: Evidence, lang: str) -> Diagnosis:
    return _judge(evidence, lang, None)[0]


def _judge(
    evidence: Evidence, lang: str, places: Iterable[tuple[TextRule, int, int]] | None
) -> tuple[Diagnosis, list[Ranked], bool]:
    """The verdict, the ranks that it comes from, and whether no figure of the text but those of its places is in it."""
    scene, cut = stage(evidence)
    votes, failed = collect(scene, places)
    ranked = rank(scene, votes)
    candidates = _candidates(ranked, scene, lang)
    category = candidates[0].category
    deciding = next((item.vote for item in ranked if item.category is category), None)
    facts = facts_of(scene, category)
    status = facts.get("http.status")
    # A check's own words name the very object; they are English.
    found = next((error.message for error in evidence.errors if error.category is category), "").strip()
    named = signature(scene, category, deciding)
    constant = (
        not facts
        and not failed
        and not cut
        and len(ranked) >= len(candidates)
        and candidates[0].category is ranked[0].category
        and any(vote.weight >= HINTED for vote in votes)
        and not any(char.isdigit() for char in named)
    )
    verdict = Diagnosis(
        category=category,
        confidence=candidates[0].score,
        candidates=candidates,
        signature=named,
        summary=advice.finding(found)
        if found and lang != "es"
        else advice.summary(category, facts, evidence.runtime, lang),
        retryable=advice.retryable(category, status if isinstance(status, int) else None),
        remedies=advice.remedies(category, facts, evidence.runtime, lang, found),
        rules_version=RULES_VERSION,
        notes=(*cut, *failed),
    )
    return verdict, ranked, constant


def _candidates(ranked: list[Ranked], scene: Scene, lang: str) -> tuple[Candidate, ...]:
    """The best candidates in words; `unknown` first where there is nothing but priors."""
    spoken = tuple(
        Candidate(item.category, item.score, because(item.vote, scene, lang))
        for place, item in enumerate(ranked[:MAX_CANDIDATES])
        if place < _SHOWN or item.score >= FAINT
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


def because(vote: Vote, scene: Scene, lang: str) -> str:
    """The vote as a sentence: its reason and the words it rests on."""
    reason = vote.reason.text(lang)
    found = excerpt(scene.text, vote.position, vote.end) if vote.end >= 0 else vote.found
    return _sentence(reason, found, lang)


def _sentence(reason: str, found: str, lang: str) -> str:
    if not found:
        return reason
    return f"{reason}: «{found}»" if lang == "es" else f"{reason}: “{found}”"
