"""Reads out of an error text the objects that advice names: the module, the host, the file, the figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .evidence import FactValue
from .rules import Scene
from .taxonomy import Category

_MB = 1_000_000

_Reader = Callable[[re.Match[str]], FactValue]


def _word(found: re.Match[str]) -> FactValue:
    return found[1]


def _whole(found: re.Match[str]) -> FactValue:
    return int(found[1])


def _megabytes(found: re.Match[str]) -> FactValue:
    return int(float(found[1]) * _MB)


#: For each category, where the facts that its advice uses stand in a text. Linear patterns, tried on the bounded text.
_READERS: Mapping[Category, tuple[tuple[str, re.Pattern[str], _Reader], ...]] = {
    Category.HOST_MISSING_DEPENDENCY: (
        ("module.missing", re.compile(r"No module named '?([\w.]{1,80})"), _word),
        (
            "module.missing",
            re.compile(r"\b(lib[\w.+-]{1,60}\.(?:so|dylib)[\w.]{0,12}): cannot open shared"),
            _word,
        ),
        ("module.missing", re.compile(r"Cannot find (?:module|package) '([^'\n]{1,80})'"), _word),
        ("module.missing", re.compile(r"No such file or directory: '([\w.+-]{1,30})'"), _word),
        ("module.missing", re.compile(r"\b(GLIBC(?:XX)?_[\d.]{1,10})"), _word),
        ("module.missing", re.compile(r"\b([\w.+-]{1,30}): command not found"), _word),
    ),
    Category.GPU_OUT_OF_MEMORY: (
        ("gpu.memory.free", re.compile(r"available single GPU memory is ([\d.]{1,20}) MB"), _megabytes),
    ),
    Category.ARTIFACT_INCOMPATIBLE: (
        (
            "artifact.quantization",
            re.compile(r"\b(q\d[a-z]{1,4}\d{1,2}(?:_\d)?) that the config claims"),
            _word,
        ),
    ),
    Category.GENERATE_CONTEXT_OVERFLOW: (
        (
            "prompt.tokens",
            re.compile(r"(?:prompt|Prompt|prompt is|prompt has)[ (]{1,2}(?:is |has )?(\d{1,9}) tokens"),
            _whole,
        ),
        (
            "context.window",
            re.compile(r"(?:context (?:window|length) (?:is|of)|limit(?: of)?) (\d{1,9})"),
            _whole,
        ),
    ),
}
_NETWORK = frozenset(category for category in Category if category.value.startswith("network."))
_HOST = re.compile(
    r"(?:host='|https?://(?:[^\s/@'\"]{0,80}@)?|dial tcp: lookup |resolve host:? '?)([A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,12})\b"
)
_STATUS = re.compile(
    r"\b([1-5]\d\d) (?:Client Error|Server Error|Not Found|Forbidden|Unauthorized|Too Many Requests|Bad Gateway|Service Unavailable)|[Ss]tatus(?: code)?:? ([1-5]\d\d)\b"
)


def facts_of(scene: Scene, category: Category) -> dict[str, FactValue]:
    """The facts of the evidence, with those that the text tells where the evidence has none."""
    facts = dict(scene.evidence.facts)
    for name, pattern, read in _READERS.get(category, ()):
        if name not in facts and (found := pattern.search(scene.text)):
            facts[name] = read(found)
    if category in _NETWORK:
        exchange = next(iter(scene.evidence.exchanges), None)
        if "http.host" not in facts:
            found = _HOST.search(exchange.url if exchange else scene.text[:8000])
            if found:
                facts["http.host"] = found[1]
        if "http.status" not in facts:
            found = _STATUS.search(scene.text[:8000])
            if exchange is not None and exchange.status is not None:
                facts["http.status"] = exchange.status
            elif found:
                facts["http.status"] = int(found[1] or found[2])
    return facts
