"""The index never hides a match: a pattern's literals are in each text that it matches."""

from __future__ import annotations

import pytest
from test_error_families import CASES

from localloom_diagnosis.rules import INDEX, TEXT_RULES
from localloom_diagnosis.rules.index import _with_any_digit
from localloom_diagnosis.rules.literals import branches


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("abcd", [{"abcd"}]),
        ("abcd|efgh", [{"abcd"}, {"efgh"}]),
        (r"ab(?:cd|ef)?gh", [{"ab"}]),
        (r"ab?cde", [{"cde"}]),
        (r"x\.so\d+", [{"x.so"}]),
        (r"a+bcde", [{"bcde"}]),
        (r"[a-z]+", [None]),
        (r"abc|\d", [{"abc"}, None]),
        (r"(?:abc|\d)", [None]),
        (r"(?!no)yes", [{"yes"}]),
        (r"a(?s:.{0,9})b", [{"a"}]),
        (r"(?:alphas|betas-or) \w+ ga", [{"alphas", "betas-or"}]),
    ],
)
def test_literals_of_a_pattern(pattern, expected):
    """The literal texts of a branch are those without which it cannot match, the most telling first."""
    assert [set(needed[0]) if needed else None for _, needed in branches(pattern)] == expected


def test_branches_of_a_pattern():
    """Only the outermost alternation is taken apart; what is not closed is no pattern."""
    assert [branch for branch, _ in branches("a(?:b|c)|d|[|]e")] == ["a(?:b|c)", "d", "[|]e"]
    with pytest.raises(ValueError, match="unbalanced"):
        list(branches("ab)|c"))


def test_every_pattern_has_literals():
    """No pattern has to run over every text."""
    assert [rule.name for rule in TEXT_RULES for branch in rule.branches if branch.literals is None] == []


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_index_finds_what_a_full_search_finds(text):
    """Skipping by literals loses no rule that a search with every pattern would find."""
    low = text.lower()
    full = {rule.name for rule in TEXT_RULES if any(branch.pattern.search(low) for branch in rule.branches)}
    fast = {rule.name for rule, pattern in INDEX.candidates(low) if pattern.search(low)}
    assert fast == full


@pytest.mark.parametrize(
    ("pattern", "widened"),
    [
        (r"error 40[13]\b", r"error \d\d[\d\d]\b"),
        (r"5\d\d{2}", r"\d\d\d{2}"),
        (r"[0-4a]{1,9}x", r"[\da]{1,9}x"),
        (r"http(?!2)", None),
        (r"(?<!v\d{1})exit", r"(?<!v\d{1})exit"),
        (r"code [^5]", None),
        (r"(a)\1", None),
    ],
)
def test_pattern_with_any_digit(pattern, widened):
    """Every digit that a pattern names gives way to any, but where that would make it match less."""
    found = _with_any_digit(pattern)
    assert (found and found.pattern) == widened


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_with_any_digit_no_match_is_lost(text):
    """What a pattern matches it also matches with any digits."""
    low = text.lower()
    for _, pattern in INDEX.candidates(low):
        widened = _with_any_digit(pattern.pattern)
        assert widened is None or not pattern.search(low) or widened.search(low), pattern.pattern
