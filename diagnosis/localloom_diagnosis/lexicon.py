"""What the single words of a failure, the rules that know it and its circumstances speak for, by a table fitted to labelled reports."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from .chatter import usual, without_usual
from .lexicon_table import BIAS, CATEGORIES, STEP, WORDS, ZERO
from .rules import Reason, Scene, Vote
from .taxonomy import Category

#: So much of a text is looked at, in characters: reports are short, and the first failure comes first.
LOOK = 1500
#: So many words of the machine's description are looked at: those of long ones would outweigh the text's own.
MACHINE = 12
#: So much of the end of the first stack is looked at, in characters.
INNERMOST = 400
#: Fewer known words than this, besides phase and runtime, say nothing.
FEWEST = 3
#: A category less probable than this is not worth a candidate.
FAINTEST = 0.02

_WORD = re.compile(r"[A-Za-z_]{3,30}")
#: A name's parts: `ErrorOutOfDeviceMemory` is said of memory too.
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_REASON = Reason(
    "other reports with such words were of this kind",
    "otros informes con tales palabras fueron de este tipo",
)


def words_of(scene: Scene) -> set[str]:
    """The words of the text, of names their parts too, without figures, except of lines that programs say while nothing is wrong."""
    return _words(without_usual(scene.text[:LOOK]))


def circumstances_of(scene: Scene, votes: Iterable[Vote] = ()) -> set[str]:
    """Phase, runtime, what is said of the machine, the innermost frames and the rules that speak, in forms that no word has."""
    phase = scene.phase.value if scene.phase else "unknown"
    around = {f"phase={phase}", f"runtime={scene.runtime}"}
    around.update(
        f"rule={vote.rule}:{vote.category.value}"
        for vote in votes
        if vote.rule != "prior" and not _usual(scene, vote)
    )
    if scene.hardware:
        said = dict.fromkeys(_WORD.findall(scene.hardware))
        around.update(f"machine={word}" for word, _ in zip(said, range(MACHINE), strict=False))
    stack = next((error.traceback for error in scene.evidence.errors if error.traceback), "")
    if stack:
        around.update(f"frame={word}" for word in _words(stack[-INNERMOST:]))
    return around


def _words(text: str) -> set[str]:
    words = set()
    for word in set(_WORD.findall(text)):
        words.add(word.lower())
        if "_" in word or not (word.islower() or word.istitle() or word.isupper()):
            words.update(part.lower() for part in _PART.findall(word) if len(part) > 2)
    return words


def _usual(scene: Scene, vote: Vote) -> bool:
    """Whether it rests on a line that programs say while nothing is wrong."""
    return "\n" in scene.low and vote.end >= 0 and usual(scene.low, vote.position)


class Spoken(NamedTuple):
    """What the words say."""

    shares: dict[Category, float]
    """The probability of each category; empty where the words are not known."""
    words: int
    """How many words are known."""


def speaks_for(scene: Scene, votes: Iterable[Vote] = ()) -> Spoken:
    """What a multinomial logistic regression says of the words and what is known beside them.

    The features are which words are there, divided by the root of how many are known.
    """
    known = [word for word in words_of(scene) if word in WORDS]
    if len(known) < FEWEST:
        return Spoken({}, len(known))
    rows = [
        _weights(word) for word in (*sorted(known), *sorted(circumstances_of(scene, votes))) if word in WORDS
    ]
    scale = 1 / math.sqrt(len(rows))
    odds = [
        math.exp(bias + scale * sum(weights))
        for bias, weights in zip(_bias(), zip(*rows, strict=True), strict=True)
    ]
    total = sum(odds)
    shares = {
        category: share
        for category, odd in zip(_categories(), odds, strict=True)
        if (share := odd / total) >= FAINTEST
    }
    return Spoken(shares, len(known))


def vote(category: Category, share: float) -> Vote:
    """The words as a vote, for a category that no rule names."""
    return Vote("lexicon", category, share, _REASON, wrapper=True)


@cache
def _weights(word: str) -> tuple[float, ...]:
    return _read(WORDS[word])


@cache
def _bias() -> tuple[float, ...]:
    return _read(BIAS)


@cache
def _categories() -> tuple[Category, ...]:
    return tuple(Category(name) for name in CATEGORIES)


def _read(row: str) -> tuple[float, ...]:
    """One weight a letter."""
    return tuple((ord(letter) - ZERO) * STEP for letter in row)
