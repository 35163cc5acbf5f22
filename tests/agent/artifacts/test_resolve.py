from __future__ import annotations

import pytest

from localloom_agent.artifacts import local_model
from localloom_agent.artifacts.fetching import parse_reference
from localloom_agent.canary import CANARY_DIR, CANARY_ID
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category


@pytest.mark.parametrize("reference", ["canary", CANARY_ID])
def test_the_canary_has_two_names(reference):
    """The canary is found by its short name and by its id."""
    model = local_model(parse_reference(reference))
    assert (model.id, model.path, model.is_canary) == (CANARY_ID, CANARY_DIR, True)


def test_a_folder_is_found_by_its_path(tmp_path):
    """An existing folder is a model, named after itself, whose answers are not known."""
    model = local_model(parse_reference(str(tmp_path)))
    assert (model.id, model.path, model.is_canary) == (tmp_path.name, tmp_path.resolve(), False)


@pytest.mark.parametrize("reference", ["", "zzzzzzzz", "/nowhere/at/all", "x" * 5000])
def test_a_name_like_no_other_has_no_nearest(reference):
    """A name that is like no known id, even an absurd one, is still a plain model_not_found."""
    with pytest.raises(EngineFault) as caught:
        parse_reference(reference)
    assert caught.value.category is Category.ARTIFACT_MODEL_NOT_FOUND
    assert "model.nearest" not in caught.value.facts
