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
#: Longest sentence of a check that is repeated, in characters.
MAX_FINDING = 400
_QUOTING = {
    "en": "Put right what the check found: “{}”",
    "es": "Corrija lo que encontró la comprobación: «{}»",
}

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


def finding(message: str) -> str:
    """A check's own words as a sentence on one line."""
    words = " ".join(message.split())
    if len(words) > MAX_FINDING:
        words = words[: MAX_FINDING - 1].rstrip() + "…"
    return words if words.endswith((".", "…", "!", "?")) else words + "."


def remedies(
    category: Category, facts: Mapping[str, FactValue], runtime: str, lang: str, found: str = ""
) -> tuple[str, ...]:
    """What to do, most likely to help first.

    Args:
        category: the verdict.
        facts: the figures and objects at hand.
        runtime: the engine, in lower case.
        lang: "en" or "es".
        found: what a check of the probe found, quoted where no remedy can name the object.
    """
    if not facts and not found:
        return _plain_remedies(category, runtime, lang)
    lines = book(lang)[category].remedies
    said = [(line, text) for line in lines if (text := line.say(facts, runtime))]
    texts = [text for _, text in said]
    if found and not any(line.specific for line, _ in said[:2]):
        texts.insert(0, _QUOTING["es" if lang == "es" else "en"].format(finding(found)))
    return tuple(dict.fromkeys(texts))[:MAX_REMEDIES]


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
    "finding",
    "human_bytes",
    "remedies",
    "retryable",
    "summary",
]
