"""The lexicon: single words that have their say where the rules do not know a text well."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from localloom_diagnosis import Category, ErrorRecord, Evidence, diagnose
from localloom_diagnosis.fusion_table import CALIBRATION_TOGETHER, SAY
from localloom_diagnosis.lexicon import FEWEST, MACHINE, circumstances_of, speaks_for, words_of
from localloom_diagnosis.lexicon_table import BIAS, CATEGORIES, WORDS
from localloom_diagnosis.scene import stage
from localloom_diagnosis.scoring import collect

C = Category


def spoken(text: str) -> dict[Category, float]:
    scene, _ = stage(Evidence.from_text(text))
    return speaks_for(scene).shares


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
        ("the browser gives no adapter: webgpu not available", C.GPU_UNSUPPORTED),
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


def test_parts_of_names_are_words() -> None:
    """A name that is written in one word says what its parts say, in lower case and without figures."""
    scene, _ = stage(Evidence.from_text("vk::ErrorOutOfHostMemory in load_shard_7 of HTTPServer"))
    assert {"erroroutofhostmemory", "error", "host", "memory", "load", "shard", "http", "server"} <= words_of(
        scene
    )


def test_what_is_known_beside_the_words_is_told_apart_from_them() -> None:
    """Phase, runtime, machine, frames and rules have forms that no word of the text has; of a long machine only the first words count."""
    report = {
        "message": 'Traceback (most recent call last):\n  File "/x/loading.py", line 3, in read_all\n    read()\nMemoryError',
        "phase": "load",
        "runtime": "vllm",
        "hardware": {"os": "Linux", "gpu": " ".join(3 * chr(97 + place) for place in range(26))},
    }
    scene, _ = stage(Evidence.from_report(report))
    votes, _ = collect(scene)
    around = circumstances_of(scene, votes)
    assert all("=" in one for one in around)
    assert {"phase=load", "runtime=vllm", "machine=linux", "frame=loading"} <= around
    assert any(one.startswith("rule=") and one.endswith(":host.out_of_memory") for one in around)
    assert sum(one.startswith("machine=") for one in around) == MACHINE
    assert not any(one.startswith("rule=") for one in circumstances_of(scene))


def test_a_rule_found_in_a_line_of_a_run_that_went_well_is_no_circumstance() -> None:
    """What a rule finds in a line that programs say while nothing is wrong teaches nothing."""
    scene, _ = stage(
        Evidence.from_text(
            "ggml_metal_init: skipping kernel_mul_mm_f32 (not supported)\nSegmentation fault\n"
        )
    )
    votes, _ = collect(scene)
    spoken = {one for one in circumstances_of(scene, votes) if one.startswith("rule=")}
    assert any(vote.category is C.GPU_FEATURE_MISSING for vote in votes)
    assert spoken
    assert not any(one.endswith(":gpu.feature_missing") for one in spoken)


def test_no_phrase_no_certainty() -> None:
    """Where no rule knows a phrase, the verdict is none to act upon, however sure the words are."""
    verdict = diagnose(Evidence.from_text("the tokenizer and its vocab: tokenizer merges, token ids"))
    assert verdict.category is C.ARTIFACT_TOKENIZER
    assert verdict.confidence < 0.9


def test_the_surer_the_rules_the_less_the_lexicon_counts() -> None:
    """Its weight falls as the rules' best score rises, and the calibration of both rises with the score."""
    says = [say for _, say in SAY]
    assert says == sorted(says, reverse=True)
    assert SAY[-1][0] > 1
    for column in zip(*CALIBRATION_TOGETHER, strict=True):
        assert list(column) == sorted(set(column))
    assert CALIBRATION_TOGETHER[-1][0] == 1


@pytest.fixture(scope="module")
def fitting() -> ModuleType:
    """The tool that writes the tables."""
    path = Path(__file__).parents[2] / "tools/fit_lexicon.py"
    spec = importlib.util.spec_from_file_location("fit_lexicon", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_fit_finds_the_words_that_tell_categories_apart(fitting: ModuleType) -> None:
    """Fitted to reports of two kinds, the words of each kind get weight for it, and words of one source are left out."""
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


def test_rules_teach_only_by_reports_that_they_were_not_made_for(fitting: ModuleType) -> None:
    """What a rule says of the reports that it was developed on is not learned from: it is always right there."""
    report = {"message": "CUDA out of memory", "category": "gpu.out_of_memory", "source": "x"}
    seen, unseen = fitting.judged_by_rules(report), fitting.judged_by_rules(report, unseen=True)
    rules = {one for one in seen.features if one.startswith("rule=")}
    assert rules
    assert unseen.lesson == unseen.features == seen.features
    assert seen.lesson == seen.features - rules


def test_lexicon_in_the_making_speaks_as_the_written_one(fitting: ModuleType) -> None:
    """The shares by which the fusion is fitted are those that the package gives with the same weights, but for their rounding."""
    reports = [
        {"message": f"{word} {word}s gone very wrong", "category": category, "source": f"{word}{place}"}
        for word, category in (("apple", "gpu.driver"), ("orange", "config.invalid"))
        for place in range(4)
    ]
    judged = [fitting.judged_by_rules(report, unseen=True) for report in reports]
    lexicon = fitting.learn(judged)
    with pytest.MonkeyPatch.context() as patch:
        rows = {
            word: tuple(map(float, row)) for word, row in zip(lexicon.words, lexicon.weights, strict=True)
        }
        patch.setattr("localloom_diagnosis.lexicon.WORDS", rows)
        patch.setattr("localloom_diagnosis.lexicon._weights", rows.__getitem__)
        patch.setattr("localloom_diagnosis.lexicon._bias", lambda: tuple(map(float, lexicon.bias)))
        for one in judged:
            assert lexicon.shares(one) == pytest.approx(speaks_for(one.scene, one.votes).shares, abs=1e-4)


def test_calibration_says_sure_only_where_it_is_right(fitting: ModuleType) -> None:
    """Of scores of which the higher half is always right and the lower every second time, only the higher are called sure."""
    scores = np.linspace(0.2, 0.9, 400)
    right = np.array([1.0 if score > 0.55 else float(place % 2) for place, score in enumerate(scores)])
    table = fitting.fit_calibration(scores, right, np.ones(400))
    cut = next(score for score, sure in table if sure >= fitting.SURE)
    assert 0.45 < cut < 0.72
    assert right[scores >= cut].mean() > 0.95
    for column in zip(*table, strict=True):
        assert list(column) == sorted(set(column))
