"""The literal texts of which a pattern needs at least one: what lets a scan skip most patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Characters that stand for themselves.
_PLAIN = re.compile(r"[^\\\[\](){}.^$|?*+]+")

_ZERO_WIDTH = "bBAZ"
_CLASSES = "dDsSwW"
#: What most error messages hold says nothing about which one it is.
_EVERYWHERE = frozenset(
    (
        "cannot", "cannot be", "cannot find", "cannot load", "cannot open", "code", "connect", "connection",
        "could not", "could not find", "could not load", "cuda", "device", "directory", "does not",
        "does not exist", "download", "error", "errors", "exception", "fail", "failed", "failed to",
        "failed to allocate", "failed to create", "failed to load", "failed to open", "failure", "fetch",
        "file", "files", "for", "found", "from", "gpu", "host", "http", "https", "insufficient memory",
        "invalid", "is not", "library", "load", "loading", "memory", "missing", "model", "models", "must",
        "no such", "no such file", "no such file or directory", "not", "not enough memory", "not found",
        "not supported", "null", "open", "out of", "out of memory", "path", "process", "read", "request",
        "resolve", "runtime", "server", "shard", "status", "support", "supported", "tensor", "the", "time",
        "time out", "timed out", "timeout", "token", "type", "unable", "unable to", "unable to load",
        "unsupported", "url", "version", "weight", "with", "worker",
    )
)  # fmt: skip


def branches(pattern: str) -> Iterator[tuple[str, tuple[frozenset[str], ...]]]:
    """The branches of the pattern's outermost alternation: `a(b|c)|d` is `a(b|c)` and `d`.

    Each with sets of texts of each of which one is in every text that the branch matches, the most selective first.
    Understands the part of the regular expression language that the rules use: literals, escapes, classes,
    groups, look-arounds, alternation and quantifiers. It may miss a literal, but never demands a wrong one.
    """
    start = at = 0
    while at < len(pattern):
        sets, at = _sets(pattern, at)
        if at < len(pattern) and pattern[at] == ")":
            raise ValueError(f"unbalanced pattern at {at}: {pattern}")
        first = _best(sets)
        needed = () if first is None else (first, *(one for one in dict.fromkeys(sets) if one != first))
        yield pattern[start:at], needed
        at += 1
        start = at


def _alternation(pattern: str, at: int) -> tuple[frozenset[str] | None, int]:
    branches: list[frozenset[str] | None] = []
    while True:
        branch, at = _sequence(pattern, at)
        branches.append(branch)
        if at >= len(pattern) or pattern[at] == ")":
            break
        at += 1
    if any(branch is None for branch in branches):
        return None, at
    return frozenset().union(*(branch for branch in branches if branch is not None)), at


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """The more selective of two sets: the one whose least telling text tells more."""
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda texts: (min(map(_telling, texts)), -len(texts)))


def _telling(text: str) -> float:
    """How rarely the text is met in logs: longer is rarer, and the words of every error message are not."""
    core = text.strip(" :'(")
    return len(text) if len(core) > 2 and core not in _EVERYWHERE else len(core) / 100


def _best(sets: list[frozenset[str]]) -> frozenset[str] | None:
    best: frozenset[str] | None = None
    for one in sets:
        best = _better(best, one)
    return best


def _sequence(pattern: str, at: int) -> tuple[frozenset[str] | None, int]:
    sets, at = _sets(pattern, at)
    return _best(sets), at


def _sets(pattern: str, at: int) -> tuple[list[frozenset[str]], int]:
    sets: list[frozenset[str]] = []
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        plain = _PLAIN.match(pattern, at)
        if plain:
            # All but the last, to which a quantifier would belong, are there as they stand.
            run += pattern[at : plain.end() - 1]
            at = plain.end() - 1
        literal, group, at = _atom(pattern, at)
        least, at, quantified = _quantifier(pattern, at)
        if literal and least and not quantified:
            run += literal
            continue
        if literal and least:
            run += literal
        if run:
            sets.append(frozenset({run}))
        run = ""
        if group and least:
            sets.append(group)
    if run:
        sets.append(frozenset({run}))
    return sets, at


def _atom(pattern: str, at: int) -> tuple[str, frozenset[str] | None, int]:
    """One atom at `at`: its literal character or "", the literals of a group or None, and where it ends."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1]
        known = escaped in _ZERO_WIDTH or escaped in _CLASSES or escaped.isalnum()
        return ("" if known else escaped), None, at + 2
    if char == "[":
        end = at + 1
        if pattern[end] == "^":
            end += 1
        if pattern[end] == "]":
            end += 1
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return "", None, end + 1
    if char == "(":
        start, counts = at + 1, True
        for prefix, consumes in (
            ("?:", True),
            ("?s:", True),
            ("?!", False),
            ("?=", False),
            ("?<!", False),
            ("?<=", False),
        ):
            if pattern.startswith(prefix, start):
                start, counts = start + len(prefix), consumes
                break
        else:
            if pattern.startswith("?P<", start):
                start = pattern.index(">", start) + 1
        literals, end = _alternation(pattern, start)
        return "", (literals if counts else None), end + 1
    if char in ".^$":
        return "", None, at + 1
    return char, None, at + 1


def _quantifier(pattern: str, at: int) -> tuple[int, int, bool]:
    """How often the atom before `at` must be there at least, where the quantifier ends, and whether there is one."""
    least, quantified = 1, False
    if at < len(pattern) and pattern[at] in "?*+":
        least, quantified = (1 if pattern[at] == "+" else 0), True
        at += 1
    elif at < len(pattern) and pattern[at] == "{":
        end = pattern.index("}", at)
        least, quantified = int(pattern[at + 1 : end].split(",", maxsplit=1)[0] or "0"), True
        at = end + 1
    if quantified and at < len(pattern) and pattern[at] == "?":
        at += 1
    return least, at, quantified
