"""One name for one processor: without marks, clock rates, core counts and the graphics beside it."""

from __future__ import annotations

import re
from functools import lru_cache

_MARKS = re.compile(r"\((?:R|TM|C)\)|[®™©]", re.IGNORECASE)
_GENERATION = re.compile(r"^\d{1,2}(?:st|nd|rd|th) Gen\s+", re.IGNORECASE)
_CLOCK = re.compile(r"\s*@\s*[\d.]+\s*[GM]Hz.*$", re.IGNORECASE)
_GRAPHICS = re.compile(
    r",?\s*(?:\bw/|\bwith|\+)\s*(?:AMD\s+)?Radeon\b.*$|,?\s*with\s+\w+\s+Graphics$", re.IGNORECASE
)
_CORES = re.compile(
    r"\s+(?:Radeon R\d, )?(?:(?:\d+|Two|Dual|Triple|Quad|Six|Eight|Twelve|Sixteen)[- ]Cores?|\d+ Compute Cores.*|APU)(?:\s+(?:Processor|CPU))?\b",
    re.IGNORECASE,
)
_NOISE = re.compile(r"\b(?:CPU|Processor|processor)\b(?! \w*version)")


def cpu_model(said: str | None) -> str | None:
    """The processor's name as people say it: "Intel Core i5-12400", "AMD Ryzen 7 5800X3D", "Apple M2 Pro".

    Never raises, and idempotent; None where nothing is said.
    """
    return _settled(str(said)[:300]) if said else None


@lru_cache(maxsize=4096)
def _settled(said: str) -> str | None:
    # What one pass uncovers, as a generation behind a generation, is the next one's business.
    name = _cleaned(said)
    for _ in range(len(said)):
        if name is None or (again := _cleaned(name)) == name:
            break
        name = again
    return name


def _cleaned(said: str) -> str | None:
    text = " ".join(_MARKS.sub(" ", said).split())
    if re.match(r"(?:Common|QEMU Virtual|Virtual)\b", text):
        return text  # hypervisors' own
    for junk in (_GENERATION, _CLOCK, _GRAPHICS, _CORES, _CLOCK):
        text = junk.sub("", text)
    plain = " ".join(_NOISE.sub(" ", text).split()).strip(" ,-")
    # "Apple processor" and the like would lose everything but the maker.
    text = plain if " " in plain else " ".join(text.split())
    text = re.sub(r"\bCore2\b", "Core 2", re.sub(r"\s+-(?=\d)", "-", text))
    text = re.sub(r"^(?=Snapdragon\b)", "Qualcomm ", text)
    text = re.sub(r"\s+-\s+(X\w+-?\w*)\s+-\s+Qualcomm.*$", r" \1", text)
    text = re.sub(r"^(?=(?:Xeon|Core (?:i\d|Ultra|2|\d)|Celeron|Pentium|Atom)\b)", "Intel ", text)
    text = re.sub(r"^(?=(?:Ryzen|EPYC|Threadripper|Athlon)\b)", "AMD ", text)
    return text or None


def cpu_vendor(said: str | None, model: str | None) -> str | None:
    """The processor's maker in lower case, from what CPUID or a tool calls it, else from the model's name."""
    known = {
        "genuineintel": "intel",
        "authenticamd": "amd",
        "hygongenuine": "hygon",
        "centaurhauls": "via",
        "advanced micro devices": "amd",
        "advanced micro devices, inc.": "amd",
        "intel corporation": "intel",
        "qualcomm technologies inc": "qualcomm",
    }
    text = (said or "").strip().lower()[:100]
    if text:
        return known.get(text, text)
    first = (model or "").partition(" ")[0].lower()
    return first if first in ("intel", "amd", "apple", "qualcomm", "arm", "ampere") else None
