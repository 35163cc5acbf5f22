"""How a pasted log is taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localloom_diagnosis import Evidence, chain
from localloom_diagnosis.chain import split


def types(text):
    return [error.type for error in Evidence.from_text(text).errors if error.type]


PYTHON = """Traceback (most recent call last):
  File "a.py", line 3, in f
    g()
  File "b.py", line 4, in g
    raise ValueError("bad")
ValueError: bad
  and a second line

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "a.py", line 9, in <module>
    f()
RuntimeError: wrapped
"""


def test_python_chain_has_its_first_error_first():
    """Chained exceptions are records in order of time, their frames apart from their messages."""
    first, second = Evidence.from_text(PYTHON).errors
    assert (first.type, first.message) == ("ValueError", "bad\n  and a second line")
    assert 'File "b.py", line 4' in first.traceback
    assert (second.type, second.message) == ("RuntimeError", "wrapped")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Uncaught (in promise) TypeError: Failed to fetch\n    at f (a.js:1:2)\n    at async g (a.js:3:4)",
            ["TypeError"],
        ),
        (
            "TypeError: fetch failed\n    at f (a.js:1:2) {\n  [cause]: ConnectTimeoutError: too late",
            ["ConnectTimeoutError", "TypeError"],
        ),
        (
            "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no",
            ["runtime_error"],
        ),
        (
            "libc++abi: terminating due to uncaught exception of type tvm::runtime::InternalError: no",
            ["InternalError"],
        ),
        ("thread 'main' panicked at src/a.rs:1:2:\nno", ["panic"]),
        ("huggingface_hub.errors.GatedRepoError: 401", ["GatedRepoError"]),
        ("plain words", []),
    ],
)
def test_types_of_errors_in_order_of_time(text, expected):
    """Each runtime's way to print an error gives its type; a cause printed after its effect comes first."""
    assert types(text) == expected


def test_log_lines_between_errors_are_kept():
    """What a program logged before it failed is a record of its own, before the error."""
    before, error = Evidence.from_text("INFO one\nINFO two\nValueError: bad").errors
    assert (before.type, before.message) == ("", "INFO one\nINFO two")
    assert error.type == "ValueError"


@given(st.lists(st.sampled_from(["alpha", "ValueError: beta", "Caused by:", "Caused by: gamma", "", "E: delta", "what():  eps",
                                 "terminate called after throwing an instance of 'zeta'", "[cause]: Error: eta"]), max_size=12))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost(lines):
    """Whatever order the lines are in, each word of an error is in some record."""
    errors = Evidence.from_text("\n".join(lines)).errors
    said = "\n".join(f"{error.type}: {error.message}" for error in errors)
    for word in ("alpha", "beta", "gamma", "delta", "eps", "zeta", "eta"):
        assert (word in said) or not any(word in line for line in lines)


def test_many_errors_are_bounded():
    """A log with thousands of errors gives a bounded number of records."""
    assert len(Evidence.from_text("ValueError: x\n" * 5000).errors) <= 61


@pytest.mark.parametrize(
    "line",
    [
        "ValueError: shard 7 of 12 is short",
        "Error: Error: 5",
        "  E   pkg1.mod2.Some3Error: 42",
        "(Worker pid=31) ValueError: 31",
        "[12:00:07] layer 5 loaded",
        "Error 12",
    ],
)
def test_lines_that_differ_in_figures_are_split_alike(line: str) -> None:
    """What is remembered of a line's form gives what reading the line itself gives."""
    for figures in ("0123456789", "5555555555", "1029384756", "9999999999"):
        said = line.translate(str.maketrans("0123456789", figures))
        assert split(said) == chain._split(said)
