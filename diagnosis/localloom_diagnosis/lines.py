"""Verdicts on single lines, out of what is known of lines that differ from them in nothing but figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from .evidence import Evidence, FactValue
from .rules import HINTS, INDEX, Scene, Watched, found
from .scene import described, record_text
from .scoring import Ranked
from .text import clean, excerpt, lower
from .verdict import Candidate, Diagnosis, sentence

#: Longest line that is compared with others of its shape, in characters.
LONGEST = 500
_KEPT = 2048
_DIGITS = str.maketrans("123456789", "000000000")
#: Codes that rules read as numbers, and signatures keep.
_CODES = re.compile(
    r"0[xX][0-9a-fA-F]+|\d{8,}|[1-5]\d\d (?:[Cc]lient|[Ss]erver|[Nn]ot|[Ff]orb|[Uu]nauth|[Bb]ad|[Ss]ervice|[Tt]oo)|[Ss]tatus(?: code)?:? \d{3}"
)

_FIGURES = re.compile(r"\d+")


class _Known(NamedTuple):
    """The verdict on a line, and where in it the words are that its candidates quote."""

    verdict: Diagnosis
    quotes: tuple[tuple[str, int, int], ...]
    """For each candidate its reason with the place of the words; its whole sentence and -1 where no figure is in it."""
    watched: tuple[Watched, ...]
    """Patterns that name figures: a line in which one of them does not match as in this one is judged for itself."""


_KNOWN: dict[tuple[object, ...], _Known] = {}
_SAME: dict[tuple[object, ...], Diagnosis] = {}

Judge = Callable[[Scene, str], "tuple[Diagnosis, list[Ranked], dict[str, FactValue]]"]


def verdict_on(evidence: Evidence, lang: str, judge: Judge) -> Diagnosis | None:
    """The verdict on evidence that is one short line of text; None where it is more than that.

    Args:
        evidence: with one error.
        lang: "en" or "es".
        judge: gives the verdict, its ranks and the facts that its advice used where the line is the first of its shape.
    """
    error = evidence.errors[0]
    if len(error.message) > LONGEST or "\n" in error.message or error.category is not None or error.traceback:
        return None
    text = clean(record_text(error))
    low = lower(text)
    shape = text.translate(_DIGITS)
    codes = tuple(_CODES.findall(text))
    key = shape, codes, error.type, evidence.phase, evidence.runtime, lang, *evidence.hardware.items()
    known = _KNOWN.get(key)
    if known is None or any(found(one, text, low) != place for one, place in known.watched):
        return _judged(Scene(evidence, text, low, described(evidence)), codes, (text, *key), lang, judge)
    said = known.verdict
    return Diagnosis(
        said.category,
        said.confidence,
        tuple(
            [
                Candidate(c.category, c.score, sentence(reason, excerpt(text, start, end), lang))
                if end >= 0
                else c
                for c, (reason, start, end) in zip(said.candidates, known.quotes, strict=True)
            ]
        ),
        said.signature,
        said.summary,
        said.retryable,
        said.remedies,
        said.rules_version,
    )


def _judged(
    scene: Scene, codes: tuple[str, ...], key: tuple[object, ...], lang: str, judge: Judge
) -> Diagnosis:
    """The verdict on a line for itself, kept for the same line and, where it holds for them too, for its like."""
    same = _SAME.get(key)
    if same is not None:
        return same
    verdict, ranked, facts = judge(scene, lang)
    quotes = _quotes(scene.text, codes, verdict, ranked, facts=facts, lang=lang)
    if quotes is not None:
        watched = INDEX.watched(scene.text, scene.low) + HINTS.watched(scene.text, scene.low)
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        _KNOWN[key[1:]] = _Known(verdict, quotes, watched)
    if len(_SAME) >= _KEPT:
        _SAME.clear()
    _SAME[key] = verdict
    return verdict


def _quotes(
    text: str,
    codes: tuple[str, ...],
    verdict: Diagnosis,
    ranked: list[Ranked],
    *,
    facts: dict[str, FactValue],
    lang: str,
) -> tuple[tuple[str, int, int], ...] | None:
    """Where the words are that the candidates quote; None where figures other than the codes are in anything else."""
    rest = " ".join((verdict.signature, *map(str, facts.values()))).lower()
    for code in codes:
        for said in (code.lower(), *_FIGURES.findall(code)):
            rest = rest.replace(said, "")
    if verdict.notes or _has_digit(rest):
        return None
    votes = {item.category: item.vote for item in ranked}
    quotes: list[tuple[str, int, int]] = []
    for candidate in verdict.candidates:
        vote = votes.get(candidate.category)
        if not _has_digit(candidate.because):
            quotes.append((candidate.because, -1, -1))
        elif vote is None:
            return None
        else:
            start = vote.position if vote.end >= 0 else text.find(vote.found)
            end = vote.end if vote.end >= 0 else start + len(vote.found)
            reason = vote.reason.text(lang)
            if start < 0 or sentence(reason, excerpt(text, start, end), lang) != candidate.because:
                return None
            quotes.append((reason, start, end))
    return tuple(quotes)


def _has_digit(text: str) -> bool:
    return _FIGURES.search(text) is not None
