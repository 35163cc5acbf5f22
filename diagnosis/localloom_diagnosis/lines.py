"""Verdicts on single lines, out of what is known of lines that differ from them in nothing but figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from .evidence import Evidence, FactValue
from .rules import HINTS, INDEX, Scene, Watched, found
from .scene import described, record_text
from .scoring import Ranked
from .text import clean, excerpt, lower, shape_of
from .verdict import Candidate, Diagnosis, sentence

#: Longest line that is compared with others of its shape, in characters.
LONGEST = 500
_KEPT = 2048
#: Codes that rules read as numbers, and signatures keep.
_CODES = re.compile(
    r"0[xX][0-9a-fA-F]+|\d{8,}|[1-5]\d\d (?:[Cc]lient|[Ss]erver|[Nn]ot|[Ff]orb|[Uu]nauth|[Bb]ad|[Ss]ervice|[Tt]oo)|[Ss]tatus(?: code)?:? \d{3}"
)

_FIGURES = re.compile(r"\d+")


class _Known(NamedTuple):
    """The verdict on a line, and what of it is each line's own that differs from this one in figures only."""

    verdict: Diagnosis
    quotes: tuple[tuple[str, int, int], ...] | None
    """For each candidate its reason with the place of the words; its whole sentence and -1 where no figure is in it.
    None: figures are in the signature or the facts, and the words of each line are found from the ranks."""
    ranked: list[Ranked]
    watched: tuple[Watched, ...]
    """Patterns that name figures: a line in which one of them does not match as in this one is judged for itself."""
    placed: tuple[Watched, ...]
    """Those of them that must be looked at even in a line without any of `figures`."""
    figures: tuple[str, ...]
    """In a line without any of these the other patterns match nowhere, as in this one."""

    def holds(self, text: str, low: str) -> bool:
        """Whether the patterns that tell figures apart match in this line as they did in the first."""
        watched = self.placed
        for figure in self.figures:
            if figure in low:
                watched = self.watched
                break
        return all(found(branch, text, low) == place for branch, place in watched)


_KNOWN: dict[tuple[object, ...], _Known] = {}
_SAME: dict[tuple[object, ...], Diagnosis] = {}


class Judge(NamedTuple):
    """How a line is judged that none of its like was judged before, and put into words where one was."""

    ranks: Callable[[Scene], tuple[list[Ranked], list[str]]]
    """The ranked categories, and a note for each rule that failed."""
    words: Callable[[Scene, list[Ranked], str], tuple[Diagnosis, dict[str, FactValue]]]
    """The verdict in a language, and the facts that its advice may name."""


def verdict_on(evidence: Evidence, lang: str, judge: Judge) -> Diagnosis | None:
    """The verdict on evidence that is one short line of text; None where it is more than that.

    Args:
        evidence: with one error.
        lang: "en" or "es".
        judge: gives the verdict where the line is the first of its shape.
    """
    error = evidence.errors[0]
    if len(error.message) > LONGEST or "\n" in error.message or error.category is not None or error.traceback:
        return None
    text = clean(record_text(error))
    low = lower(text)
    shape = shape_of(text)
    codes = tuple(_CODES.findall(text)) if b"0" in shape else ()
    key = shape, codes, error.type, evidence.phase, evidence.runtime, lang, *evidence.hardware.items()
    known = _KNOWN.get(key)
    if known is None or not known.holds(text, low):
        return _judged(Scene(evidence, text, low, described(evidence)), (text, *key), codes, lang, judge)
    quotes = known.quotes
    if quotes is None:
        own = (text, *key)
        verdict = _SAME.get(own)
        if verdict is None:
            verdict, _ = judge.words(Scene(evidence, text, low, described(evidence)), known.ranked, lang)
            _keep(own, verdict)
        return verdict
    said = known.verdict
    return Diagnosis(
        said.category,
        said.confidence,
        tuple(
            [
                Candidate(c.category, c.score, sentence(reason, excerpt(text, start, end), lang))
                if end >= 0
                else c
                for c, (reason, start, end) in zip(said.candidates, quotes, strict=True)
            ]
        ),
        said.signature,
        said.summary,
        said.retryable,
        said.remedies,
        said.rules_version,
    )


def _judged(
    scene: Scene, key: tuple[object, ...], codes: tuple[str, ...], lang: str, judge: Judge
) -> Diagnosis:
    """The verdict on a line for itself, kept for the same line and, where it holds for them too, for its like."""
    same = _SAME.get(key)
    if same is not None:
        return same
    ranked, notes = judge.ranks(scene)
    verdict, facts = judge.words(scene, ranked, lang)
    if notes:
        verdict = replace(verdict, notes=tuple(notes))
    else:
        own = " ".join((verdict.signature, *map(str, facts.values()))).lower()
        quotes = None if _has_own_digit(own, codes) else _quotes(scene.text, verdict, ranked, lang)
        if quotes is not None or all(
            item.vote.end >= 0 or not _has_digit(item.vote.found) for item in ranked
        ):
            if len(_KNOWN) >= _KEPT:
                _KNOWN.clear()
            _KNOWN[key[1:]] = _Known(verdict, quotes, ranked, *_watched(scene))
    _keep(key, verdict)
    return verdict


def _keep(key: tuple[object, ...], verdict: Diagnosis) -> None:
    if len(_SAME) >= _KEPT:
        _SAME.clear()
    _SAME[key] = verdict


def _watched(scene: Scene) -> tuple[tuple[Watched, ...], tuple[Watched, ...], tuple[str, ...]]:
    """The patterns that tell figures apart, those that any line is searched for, and the figures that the others need."""
    watched = INDEX.watched(scene.text, scene.low) + HINTS.watched(scene.text, scene.low)
    placed: list[Watched] = []
    figures: dict[str, None] = {}
    for one in watched:
        lacking = next((s for s in one[0].needed if not any(literal in scene.low for literal in s)), None)
        if lacking is None:
            placed.append(one)
        else:
            figures.update(dict.fromkeys(literal for literal in sorted(lacking) if _has_digit(literal)))
    return watched, tuple(placed), tuple(figures)


def _quotes(
    text: str, verdict: Diagnosis, ranked: list[Ranked], lang: str
) -> tuple[tuple[str, int, int], ...] | None:
    """Where the words are that the candidates quote; None where they are not found in the line."""
    votes = {item.category: item.vote for item in ranked}
    quotes: list[tuple[str, int, int]] = []
    for candidate in verdict.candidates:
        vote = votes.get(candidate.category)
        if vote is None or not _has_digit(candidate.because):
            quotes.append((candidate.because, -1, -1))
            continue
        start = vote.position if vote.end >= 0 else text.find(vote.found)
        end = vote.end if vote.end >= 0 else start + len(vote.found)
        reason = vote.reason.text(lang)
        if start < 0 or sentence(reason, excerpt(text, start, end), lang) != candidate.because:
            return None
        quotes.append((reason, start, end))
    return tuple(quotes)


def _has_own_digit(text: str, codes: tuple[str, ...]) -> bool:
    """Whether figures are in it other than those of the codes, which all lines with the same verdict share."""
    for code in codes:
        for said in (code.lower(), *_FIGURES.findall(code)):
            text = text.replace(said, "")
    return _has_digit(text)


def _has_digit(text: str) -> bool:
    return _FIGURES.search(text) is not None
