"""Finds, in one pass over a text, the few patterns whose literals occur in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from .rule import TextRule

_GRAM = 4


class RuleIndex:
    """The branches of text rules by a rare four-letter piece of each literal that they need.

    Looking up the pieces of a text in a set costs the same for ten rules and for a thousand; only where a piece
    is there is the whole literal looked for, and only where the literal is there does a pattern run.
    """

    def __init__(self, rules: Iterable[TextRule]) -> None:
        self.rules = tuple(rules)
        self._branches: list[tuple[TextRule, re.Pattern[str]]] = []
        self._always: list[int] = []
        self._short: list[tuple[str, list[int]]] = []
        by_literal: dict[str, list[int]] = {}
        for rule in self.rules:
            for branch in rule.branches:
                number = len(self._branches)
                self._branches.append((rule, branch.pattern))
                if branch.literals is None:
                    self._always.append(number)
                for literal in branch.literals or ():
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

    def candidates(self, low: str) -> list[tuple[TextRule, re.Pattern[str]]]:
        """The patterns that can match the lower-cased text with their rules, in the order of the tables."""
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
        return [branches[number] for number in sorted(numbers)]


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
