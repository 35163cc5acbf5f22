"""The one test that stands before every rule: whether a text holds any of a few pieces."""

from __future__ import annotations


def any_in(marks: tuple[str, ...], text: str) -> bool:
    """Whether one of the marks is in the text."""
    for mark in marks:  # noqa: SIM110 - any() with a generator takes three times as long
        if mark in text:
            return True
    return False
