"""What the single words of a failure, its phase and its runtime speak for, by a table fitted to labelled reports."""

from __future__ import annotations

import math
import re
from functools import cache

from .chatter import without_usual
from .lexicon_table import BIAS, CATEGORIES, STEP, WORDS, ZERO
from .rules import Reason, Scene, Vote
from .taxonomy import Category

#: So much of a text is looked at, in characters: reports are short, and the first failure comes first.
LOOK = 1500
#: Fewer known words than this, besides phase and runtime, say nothing.
FEWEST = 2
#: A category less probable than this is not worth a candidate.
FAINTEST = 0.02

_WORD = re.compile(r"[a-z_]{3,30}")
_REASON = Reason(
    "reports with such words in this phase are mostly of this kind",
    "los informes con tales palabras en esta fase suelen ser de este tipo",
)


def words_of(scene: Scene) -> set[str]:
    """The words of the text, of names their parts too, without figures, except of lines that programs say while nothing is wrong."""
    words = set(_WORD.findall(without_usual(scene.low[:LOOK])))
    for word in tuple(words):
        if "_" in word:
            words.update(part for part in word.split("_") if len(part) > 2)
    return words


def circumstances_of(scene: Scene) -> set[str]:
    """Phase and runtime, in a form that no word has."""
    phase = scene.phase.value if scene.phase else "unknown"
    return {f"phase={phase}", f"runtime={scene.runtime}"}


def speaks_for(scene: Scene) -> list[tuple[Category, float]]:
    """The probability of each category, by a multinomial logistic regression; empty where the words are not known.

    The features are which words are there, divided by the root of how many are known.
    """
    known = [word for word in words_of(scene) if word in WORDS]
    if len(known) < FEWEST:
        return []
    rows = [_weights(word) for word in (*sorted(known), *sorted(circumstances_of(scene))) if word in WORDS]
    scale = 1 / math.sqrt(len(rows))
    odds = [
        math.exp(bias + scale * sum(weights))
        for bias, weights in zip(_bias(), zip(*rows, strict=True), strict=True)
    ]
    total = sum(odds)
    return [
        (category, share)
        for category, odd in zip(_categories(), odds, strict=True)
        if (share := odd / total) >= FAINTEST
    ]


def weights_of_table() -> tuple[dict[str, tuple[float, ...]], tuple[float, ...]]:
    """The weights of each word of the table, and the biases, both by the table's order of categories."""
    return {word: _weights(word) for word in WORDS}, _bias()


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
