"""The lexicon: single words that have their say where the rules do not know a text well."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from localloom_diagnosis import Category, ErrorRecord, Evidence, diagnose
from localloom_diagnosis.lexicon import FEWEST, speaks_for
from localloom_diagnosis.lexicon_table import BIAS, CATEGORIES, WORDS
from localloom_diagnosis.scene import stage

C = Category


def spoken(text: str) -> dict[Category, float]:
    scene, _ = stage(Evidence.from_text(text))
    return dict(speaks_for(scene))


def test_table_has_a_letter_for_each_category() -> None:
    """Each word of the table has one weight for each category, in the order that the table names."""
    assert [category.value for category in Category] == list(CATEGORIES)
    assert {len(row) for row in (*WORDS.values(), BIAS)} == {len(CATEGORIES)}


def test_table_holds_words_only() -> None:
    """No figure, path or sentence is in the table: nothing of anybody's report but words that several share."""
    words = [word for word in WORDS if "=" not in word]
    assert len(words) > 500
    assert all(word.replace("_", "").isalpha() and word.islower() for word in words if word.strip("_"))


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("no adapter and no compatible device in this browser", C.GPU_UNSUPPORTED),
        ("tokens of the prompt go over the window of the context by far", C.GENERATE_CONTEXT_OVERFLOW),
    ],
)
def test_words_speak_for_a_category(text: str, category: Category) -> None:
    """Words that reports of a category share make it probable, without any phrase that a rule knows."""
    shares = spoken(text)
    assert max(shares, key=shares.__getitem__) is category
    assert sum(shares.values()) <= 1.000001


def test_unknown_words_say_nothing() -> None:
    """A text of which fewer words are known than are needed gets no probabilities at all."""
    assert FEWEST > 1
    assert spoken("zyx wvu tsr") == {}


def test_words_do_not_outvote_a_check() -> None:
    """What the probe's own check declared stands, whatever its words are mostly said of."""
    words = "no adapter and no compatible device in this browser"
    assert diagnose(
        Evidence(errors=(ErrorRecord("CheckError", words, category=C.STORAGE_PERMISSION),))
    ).category is (C.STORAGE_PERMISSION)


def test_words_do_not_outvote_what_was_seen() -> None:
    """Where more than words is known, words of the log change nothing of the verdict."""
    words = Evidence.from_text("no adapter and no compatible device in this browser").errors
    assert diagnose(Evidence(errors=words, hung=True)).category is C.PROCESS_HUNG


def test_figures_change_nothing() -> None:
    """The lexicon reads words: lines that differ in figures get the same probabilities."""
    assert spoken("shard 7 of 12 was not fetched") == spoken("shard 9 of 99 was not fetched")


def test_fit_finds_the_words_that_tell_categories_apart() -> None:
    """Fitted to reports of two kinds, the words of each kind get weight for it, and words of one source are left out."""
    path = Path(__file__).parents[2] / "tools/fit_lexicon.py"
    spec = importlib.util.spec_from_file_location("fit_lexicon", path)
    assert spec is not None
    assert spec.loader is not None
    fitting = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fitting)
    reports = [
        {"message": f"{word} gone wrong", "category": category, "source": f"{word}{place}"}
        for word, category in (("apples", "gpu.driver"), ("oranges", "config.invalid"))
        for place in range(4)
    ]
    reports.append({"message": "pears gone wrong", "category": "unknown", "source": "once"})
    words, weights, _ = fitting.learn([fitting.judged_by_rules(report) for report in reports])
    names = [category.value for category in Category]
    assert "pears" not in words
    assert names[int(weights[words.index("apples")].argmax())] == "gpu.driver"
    assert names[int(weights[words.index("oranges")].argmax())] == "config.invalid"
    assert len(fitting.written(weights[0])) == len(names)
