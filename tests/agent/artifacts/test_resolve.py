from __future__ import annotations

import pytest

from localloom_agent.artifacts import resolve
from localloom_agent.canary import CANARY_DIR, CANARY_ID
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category


@pytest.mark.parametrize("reference", ["canary", CANARY_ID])
def test_the_canary_has_two_names(reference):
    """The canary is found by its short name and by its id."""
    model = resolve(reference)
    assert (model.id, model.path, model.is_canary) == (CANARY_ID, CANARY_DIR, True)


def test_a_folder_is_found_by_its_path(tmp_path):
    """An existing folder is a model, named after itself, whose answers are not known."""
    model = resolve(str(tmp_path))
    assert (model.id, model.path, model.is_canary) == (tmp_path.name, tmp_path.resolve(), False)


@pytest.mark.parametrize(
    ("reference", "nearest"),
    [
        ("cannary", "canary"),
        ("TinyLama-1.1B-Chat-v1.0-q4f16_1-MLC", "TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC"),
        ("HF://mlc-ai/qwen2.5-0.5b-instruct-q4f16-MLC", "Qwen2.5-0.5B-Instruct-q4f16_1-MLC"),
    ],
)
def test_a_mistyped_id_comes_with_the_nearest(reference, nearest):
    """An id that nobody knows is artifact.model_not_found, with the known ids that are close to it."""
    with pytest.raises(EngineFault) as caught:
        resolve(reference)
    assert caught.value.category is Category.ARTIFACT_MODEL_NOT_FOUND
    assert nearest in caught.value.facts["model.nearest"].split(",")
    assert caught.value.facts["model.id"] == reference


def test_a_known_model_that_is_not_here_says_what_can_be_probed():
    """A known id that is not on disk says that only the canary and folders can be probed."""
    with pytest.raises(EngineFault, match="only the canary") as caught:
        resolve("TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC")
    assert caught.value.category is Category.ARTIFACT_MODEL_NOT_FOUND


@pytest.mark.parametrize("reference", ["", "zzzzzzzz", "/nowhere/at/all", "x" * 5000])
def test_a_name_like_no_other_has_no_nearest(reference):
    """A name that is like no known id, even an absurd one, is still a plain model_not_found."""
    with pytest.raises(EngineFault) as caught:
        resolve(reference)
    assert caught.value.category is Category.ARTIFACT_MODEL_NOT_FOUND
    assert "model.nearest" not in caught.value.facts
