"""What happened and what to do, for a person: by category, in English and Spanish, with the figures at hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category

from .english import ENGLISH
from .line import SMALLER_MODEL, Book, Line, Words, human_bytes
from .spanish import SPANISH

#: At most this many remedies: more are not read.
MAX_REMEDIES = 5

#: Categories where the same attempt can succeed later without anybody's doing.
_RETRYABLE = frozenset(
    {
        Category.NETWORK_UNREACHABLE,
        Category.NETWORK_TIMEOUT,
        Category.GPU_DEVICE_LOST,
        Category.WORKER_CRASHED,
        Category.PROCESS_HUNG,
    }
)


def book(lang: str) -> Book:
    """The words of a language; anything but "es" is English."""
    return SPANISH if lang == "es" else ENGLISH


def summary(category: Category, facts: Mapping[str, FactValue], runtime: str, lang: str) -> str:
    """What happened, to what, in one sentence: the most specific for which there are facts."""
    if not facts:
        return _plain_summary(category, runtime, lang)
    return next(said for line in book(lang)[category].summary if (said := line.say(facts, runtime)))


@lru_cache(maxsize=1024)
def _plain_summary(category: Category, runtime: str, lang: str) -> str:
    return next(said for line in book(lang)[category].summary if (said := line.say({}, runtime)))


def remedies(category: Category, facts: Mapping[str, FactValue], runtime: str, lang: str) -> tuple[str, ...]:
    """What to do, most likely to help first."""
    if not facts:
        return _plain_remedies(category, runtime, lang)
    said = [text for line in book(lang)[category].remedies if (text := line.say(facts, runtime))]
    return tuple(dict.fromkeys(said))[:MAX_REMEDIES]


@lru_cache(maxsize=1024)
def _plain_remedies(category: Category, runtime: str, lang: str) -> tuple[str, ...]:
    said = [text for line in book(lang)[category].remedies if (text := line.say({}, runtime))]
    return tuple(dict.fromkeys(said))[:MAX_REMEDIES]


def retryable(category: Category, status: int | None) -> bool:
    """Whether the same attempt can succeed later: a 404 stays, a 429 or 503 passes."""
    if category is Category.NETWORK_HTTP_ERROR:
        return status is None or status in (408, 425, 429) or status >= 500
    return category in _RETRYABLE


__all__ = [
    "MAX_REMEDIES",
    "SMALLER_MODEL",
    "Book",
    "Line",
    "Words",
    "book",
    "human_bytes",
    "remedies",
    "retryable",
    "summary",
]
