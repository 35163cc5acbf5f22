"""Finds, in one pass over a text, the few patterns whose literals occur in it, and where they match."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from threading import Lock
from typing import TypeAlias

from localloom_diagnosis.text import shape_of

from .rule import Branch, TextRule, branches_of, compiled, holds_all

Shape: TypeAlias = "tuple[dict[str, tuple[TextRule, int, int]], tuple[tuple[TextRule, Branch], ...]]"

#: A pattern with where it matches a text.
Watched: TypeAlias = "tuple[Branch, tuple[object, object]]"

_NOWHERE = (None, None)
_GRAM = 4
#: How many places of a pattern are tried before the rule is taken not to match.
_PLACES = 40
#: Longest text whose shape is remembered, in characters, and how many shapes are.
_REMEMBERED = 600
_SHAPES = 2048
_REPETITION = re.compile(r"\{\d*,?\d*\}")
#: Escapes, classes and repetitions of a pattern, each as a whole.
_ATOMS = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\})")
_RANGE = re.compile(r"\d-\d|\d")
#: What must not be there names a digit.
_MUST_NOT = re.compile(r"\(\?<?!(?:[^()]|\([^()]*\))*\d")
#: Sets of more literals are not looked through before a pattern runs.
_FEW = 8


class RuleIndex:
    """The branches of text rules by a rare four-letter piece of each literal that they need.

    Looking up the pieces of a text in a set costs the same for ten rules and for a thousand; only where a piece
    is there is the whole literal looked for, and only where the literal is there does a pattern run.
    """

    def __init__(self, rules: Iterable[TextRule]) -> None:
        self.rules = tuple(rules)
        self._built = False
        self._building = Lock()

    def _build(self) -> None:
        """Take the patterns apart: when the first text comes, because most programs that import the rules have none."""
        self._branches: list[tuple[TextRule, Branch, tuple[frozenset[str], ...]]] = []
        self._shapes: dict[bytes, Shape] = {}
        self._always: list[int] = []
        self._short: list[tuple[str, list[int]]] = []
        by_literal: dict[str, list[int]] = {}
        for rule in self.rules:
            for branch in rule.branches:
                number = len(self._branches)
                literals = branch.literals
                # Short literals are everywhere: they would cost more than they spare.
                more = tuple(
                    frozenset(map(_shape, one))
                    for one in branch.needed[1:]
                    if len(one) <= _FEW and min(map(len, one)) > 1
                )
                self._branches.append((rule, branch, more))
                if literals is None:
                    self._always.append(number)
                for literal in map(_shape, literals or ()):
                    by_literal.setdefault(literal, []).append(number)
        common = Counter(gram for literal in by_literal for gram in _grams(literal))
        self._by_gram: dict[int, list[tuple[str, list[int]]]] = {}
        for literal, numbers in by_literal.items():
            if len(literal) < _GRAM or not literal.isascii():
                self._short.append((literal, numbers))
            else:
                # A piece that few literals share sends few of them into the second look; ties go to the first.
                gram = min(_grams(literal), key=lambda piece: (common[piece], piece.isalpha()))
                (key,) = _pieces(gram)
                self._by_gram.setdefault(key, []).append((literal, numbers))
        self._keys = frozenset(self._by_gram)
        self._built = True

    def candidates(self, low: str) -> list[tuple[TextRule, re.Pattern[str]]]:
        """The patterns that can match the lower-cased text with their rules, in the order of the tables."""
        return [(rule, branch.pattern) for rule, branch in self._candidates(low)]

    def _candidates(self, low: str) -> list[tuple[TextRule, Branch]]:
        if not self._built:
            with self._building:
                if not self._built:
                    self._build()
        low = _shape(low)
        numbers = set(self._always)
        for literal, of in self._short:
            if literal in low:
                numbers.update(of)
        by_gram = self._by_gram
        for gram in _pieces(low) & self._keys:
            for literal, of in by_gram[gram]:
                if literal in low:
                    numbers.update(of)
        branches = self._branches
        found: list[tuple[TextRule, Branch]] = []
        for number in sorted(numbers):
            rule, branch, more = branches[number]
            if not more or holds_all(low, more):
                found.append((rule, branch))
        return found

    def places(self, text: str, low: str) -> Iterable[tuple[TextRule, int, int]]:
        """Where each rule's patterns match first, not counting places inside a word.

        Logs are many lines that differ in their figures. What can match a line of some shape, and where the
        patterns match that name no digit, is remembered by its shape.
        """
        shape = shape_of(text) if len(text) <= _REMEMBERED else b""
        known = self._shapes.get(shape) if shape and self._built else None
        if known is None:
            known = self._look(text, low, remember=bool(shape))
            if shape:
                if len(self._shapes) >= _SHAPES:
                    self._shapes.clear()
                self._shapes[shape] = known
        places, naming_digits = known
        if not naming_digits:
            return places.values()
        firsts: dict[str, tuple[TextRule, int, int]] = {}
        for rule, branch in naming_digits:
            if holds_all(low, branch.needed):
                _keep_first(firsts, rule, _first_place(compiled(branch.source), text, low))
        for name, place in places.items():
            if name not in firsts or place[1] < firsts[name][1]:
                firsts[name] = place
        asked = {rule.name for rule, _ in naming_digits}
        return [place for name, place in firsts.items() if name not in asked or place[0].allowed_by(low)]

    def watched(self, text: str, low: str) -> tuple[Watched, ...]:
        """The patterns that tell figures apart and may match a line of this text's shape, with where they match this one."""
        shape = shape_of(text)
        known = self._shapes.get(shape) if self._built else None
        if known is None:
            return ()
        low_shape = shape_of(low)
        branches: dict[Branch, None] = {}
        for rule, branch in known[1]:
            for one in (branch, *branches_of(rule.unless), *branches_of(rule.needs)):
                if (
                    one not in branches
                    and _names_digits(one.source)
                    and all(
                        any(shape_of(literal) in low_shape for literal in literals) for literals in one.needed
                    )
                ):
                    with_any = _with_any_digit(one.source)
                    if with_any is None or with_any.search(low):
                        branches[one] = None
        return tuple((one, found(one, text, low)) for one in branches)

    def _look(self, text: str, low: str, *, remember: bool) -> Shape:
        firsts: dict[str, tuple[TextRule, int, int]] = {}
        naming_digits: list[tuple[TextRule, Branch]] = []
        for rule, branch in self._candidates(low):
            if remember and (_names_digits(branch.source) or _names_digits(rule.unless + rule.needs)):
                naming_digits.append((rule, branch))
            else:
                _keep_first(firsts, rule, _first_place(compiled(branch.source), text, low))
        asked = {rule.name for rule, _ in naming_digits}
        return {
            name: place for name, place in firsts.items() if name in asked or place[0].allowed_by(low)
        }, tuple(naming_digits)


def found(branch: Branch, text: str, low: str) -> tuple[object, object]:
    """Where a pattern matches first, and where it does so outside a word."""
    if not holds_all(low, branch.needed):
        return _NOWHERE
    pattern = compiled(branch.source)
    anywhere = pattern.search(low)
    if anywhere is None:
        return _NOWHERE
    span = anywhere.span()
    return span, _first_place(pattern, text, low) if _inside_word(text, span[0]) else span


def _shape(text: str) -> str:
    return shape_of(text).decode("utf-8", "surrogatepass")


@cache
def _names_digits(source: str) -> bool:
    """Whether a pattern tells one digit from another."""
    return any(char.isdigit() for char in _REPETITION.sub("", source))


@cache
def _with_any_digit(source: str) -> re.Pattern[str] | None:
    """The pattern with any digit in place of each that it names: what it does not match, the pattern itself matches in no line of that shape.

    None for a pattern in which that would allow less: one that names digits in what must not be there, or refers back.
    """
    if _MUST_NOT.search(_REPETITION.sub("", source)):
        return None
    parts: list[str] = []
    for part in _ATOMS.split(source):
        if part[:1] == "\\":
            if part[1] in "0123456789xuUN":
                return None
        elif part[:1] == "[":
            if part[1] == "^" and any(char.isdigit() for char in part):
                return None
            part = _RANGE.sub(r"\\d", part)  # noqa: PLW2901 - the class as it is wanted
        elif not _REPETITION.fullmatch(part):
            part = re.sub(r"\d", r"\\d", part)  # noqa: PLW2901 - the text as it is wanted
        parts.append(part)
    return compiled("".join(parts))


def _keep_first(
    firsts: dict[str, tuple[TextRule, int, int]], rule: TextRule, span: tuple[int, int] | None
) -> None:
    if span is not None and (rule.name not in firsts or span[0] < firsts[rule.name][1]):
        firsts[rule.name] = rule, *span


def _first_place(pattern: re.Pattern[str], text: str, low: str) -> tuple[int, int] | None:
    """Where the pattern matches first outside a word: "ENOTFOUND" is not in "FileNotFound"."""
    found = pattern.search(low)
    tries = _PLACES
    while found is not None and _inside_word(text, found.start()):
        tries -= 1
        found = pattern.search(low, found.start() + 1) if tries else None
    return found.span() if found is not None else None


def _inside_word(text: str, at: int) -> bool:
    if at == 0 or at >= len(text) or not (_in_a_word(text[at - 1]) and _in_a_word(text[at])):
        return False
    hump = text[at].isupper() and (text[at - 1].islower() or text[at + 1 : at + 2].islower())
    return not hump


def _in_a_word(letter: str) -> bool:
    """Whether it is a letter of a script with capitals: others are written without gaps between words."""
    return letter.isalpha() and (letter.islower() or letter.isupper())


def _pieces(text: str) -> set[int]:
    """Each run of four bytes of the text, as a number of the machine: four times faster than slicing the text."""
    raw = text.encode("utf-8", "replace")
    numbers: set[int] = set()
    for start in range(_GRAM):
        end = start + (len(raw) - start) // _GRAM * _GRAM
        numbers.update(memoryview(raw[start:end]).cast("I"))
    return numbers


def _grams(literal: str) -> list[str]:
    return [literal[i : i + _GRAM] for i in range(len(literal) - _GRAM + 1)]
