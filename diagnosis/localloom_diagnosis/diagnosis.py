"""From evidence to a verdict: the one entry point, `diagnose`, and what it returns."""

from __future__ import annotations

from dataclasses import replace

from . import advice
from .evidence import Evidence, FactValue
from .lines import Judge, verdict_on
from .objects import facts_of
from .rules import RULES_VERSION, Scene, Vote
from .scene import stage
from .scoring import Ranked, collect, rank
from .signature import signature
from .taxonomy import Category
from .text import excerpt
from .verdict import Candidate, Diagnosis, sentence

#: Candidates after these are not worth a reader's time.
MAX_CANDIDATES = 6
#: Under this the best candidate is a guess, and the verdict is `unknown`.
GUESS = 0.08
#: The same where no rule names the candidate. Of 678 reports that no rule had seen, 77.2 % came out right with this, and 76.8 % with 0.3.
GUESSED = 0.15
_GUESSES = frozenset({"prior", "lexicon"})
#: Under this a candidate after the first _SHOWN is not worth a line.
FAINT = 0.04
_SHOWN = 3
_NOTHING = {"en": "nothing in the evidence names a cause", "es": "nada en la evidencia nombra una causa"}
#: Verdicts on texts up to this length, in characters, with up to so many errors are remembered, and how many are.
_SHORT = 2000
_FEW = 8
_KEPT = 1024
_VERDICTS: dict[object, Diagnosis] = {}
#: How often nobody found the cause either, where no rule found anything.
_NOTHING_SCORE = 0.4


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
    if len(evidence.errors) == 1 and (verdict := verdict_on(evidence, lang, _JUDGE)) is not None:
        return verdict
    # Words and nothing else: the same reports come again and again.
    key = (evidence.errors, evidence.phase, evidence.runtime, lang, tuple(evidence.hardware.items()))
    known = _VERDICTS.get(key)
    if known is None:
        known = _diagnose(evidence, lang)
        if sum(len(error.message) + len(error.traceback) for error in evidence.errors) <= _SHORT:
            if len(_VERDICTS) >= _KEPT:
                _VERDICTS.clear()
            _VERDICTS[key] = known
    return known


def _diagnose(evidence: Evidence, lang: str) -> Diagnosis:
    scene, cut = stage(evidence)
    ranked, failed = _ranks(scene)
    verdict, _ = _words(scene, ranked, lang)
    return replace(verdict, notes=(*cut, *failed)) if cut or failed else verdict


def _ranks(scene: Scene) -> tuple[list[Ranked], list[str]]:
    """The categories that the rules speak for, and a note for each rule that failed."""
    votes, failed = collect(scene)
    return rank(scene, votes), failed


def _words(scene: Scene, ranked: list[Ranked], lang: str) -> tuple[Diagnosis, dict[str, FactValue]]:
    """The verdict that the ranks make, and the facts that its advice may name."""
    evidence = scene.evidence
    candidates = _candidates(ranked, scene, lang)
    category = candidates[0].category
    position = next((item.vote.position for item in ranked if item.category is category), -1)
    facts = facts_of(scene, category)
    status = facts.get("http.status")
    # A check's own words name the very object; they are English.
    found = next((error.message for error in evidence.errors if error.category is category), "").strip()
    verdict = Diagnosis(
        category=category,
        confidence=candidates[0].score,
        candidates=candidates,
        signature=signature(scene, category, position),
        summary=advice.finding(found)
        if found and lang != "es"
        else advice.summary(category, facts, scene.runtime, lang),
        retryable=advice.retryable(category, status if isinstance(status, int) else None),
        remedies=advice.remedies(category, facts, scene.runtime, lang, found),
        rules_version=RULES_VERSION,
    )
    return verdict, facts


_JUDGE = Judge(_ranks, _words)


def _candidates(ranked: list[Ranked], scene: Scene, lang: str) -> tuple[Candidate, ...]:
    """The best candidates in words; `unknown` first where there is nothing but priors."""
    spoken = tuple(
        Candidate(item.category, item.score, because(item.vote, scene, lang))
        for place, item in enumerate(ranked[:MAX_CANDIDATES])
        if place < _SHOWN or item.score >= FAINT
    )
    if ranked and ranked[0].score >= (GUESSED if ranked[0].vote.rule in _GUESSES else GUESS):
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
    return sentence(reason, found, lang)
