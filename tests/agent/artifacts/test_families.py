from __future__ import annotations

import math

import pytest
from mlc_folder import chat_config
from small_models import SMALL_MODELS

from localloom_agent.artifacts.config_keys import Keys
from localloom_agent.artifacts.families import MODEL_TYPES, parse_architecture
from localloom_agent.artifacts.rotary import LongRope
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FACT_NAMES
from localloom_diagnosis.taxonomy import Category


def parse(model_type, **changes):
    small = next(c for c in SMALL_MODELS.values() if c.get("model_type", "llama") == model_type)
    config = chat_config(**small)["model_config"] | changes
    return parse_architecture(model_type, Keys(config, "mlc-chat-config.json", "model_config"))


def fault_of(model_type, **changes):
    with pytest.raises(EngineFault) as caught:
        parse(model_type, **changes)
    assert caught.value.facts.keys() <= FACT_NAMES
    return caught.value


@pytest.mark.parametrize("model_type", ["gpt_neox", "rwkv6", "llamazoid", ""])
def test_an_unknown_type_names_those_that_can_be_built(model_type):
    """A type that cannot be built is artifact.incompatible, and says which can."""
    with pytest.raises(EngineFault) as caught:
        parse_architecture(model_type, Keys(chat_config()["model_config"], "mlc-chat-config.json"))
    assert caught.value.category is Category.ARTIFACT_INCOMPATIBLE
    assert caught.value.facts["artifact.actual"] == model_type
    assert all(known in str(caught.value) for known in MODEL_TYPES)


@pytest.mark.parametrize(
    ("model_type", "changes", "key"),
    [
        (
            "llama",
            {"rope_scaling": {"rope_type": "yarn", "factor": 4}},
            "model_config.rope_scaling.rope_type",
        ),
        ("llama", {"hidden_act": "relu2"}, "model_config.hidden_act"),
        ("gemma", {"hidden_act": "quick_gelu"}, "model_config.hidden_act"),
        ("gemma", {"attention_bias": True}, "model_config.attention_bias"),
        ("qwen3", {"attention_bias": True}, "model_config.attention_bias"),
    ],
)
def test_a_variant_that_would_compute_nonsense_is_refused(model_type, changes, key):
    """What is not known of a family is artifact.incompatible with its key, and never run as something else."""
    fault = fault_of(model_type, **changes)
    assert fault.category is Category.ARTIFACT_INCOMPATIBLE
    assert fault.facts["artifact.key"] == key


@pytest.mark.parametrize("factors", [[1.0] * 11, [1.0] * 11 + [0], "many", [1.0] * 11 + ["1"]])
def test_rope_factors_must_fit(factors):
    """Too few factors, zero, or no numbers are config.invalid."""
    scaling = SMALL_MODELS["phi3, long"]["rope_scaling"] | {"long_factor": factors}
    changes = SMALL_MODELS["phi3, long"] | {"rope_scaling": scaling}
    fault = fault_of("phi3", **{k: v for k, v in changes.items() if k != "model_type"})
    assert fault.category is Category.CONFIG_INVALID
    assert fault.facts["artifact.key"] == "model_config.rope_scaling.long_factor"


def test_long_factors_begin_where_the_original_context_ends():
    """A cache no longer than the original context uses the short factors, a longer one the long ones."""
    long = {k: v for k, v in SMALL_MODELS["phi3, long"].items() if k != "model_type"}
    rotary = parse("phi3", **long).rotary
    assert isinstance(rotary.scaling, LongRope)
    plain = [rotary.theta ** (-2 * i / 24) for i in range(12)]
    for context, factors in ((64, rotary.scaling.short_factors), (65, rotary.scaling.long_factors)):
        ratios = [p / f for p, f in zip(plain, rotary.frequencies(context), strict=True)]
        assert ratios == pytest.approx(factors)
    assert rotary.magnitude == pytest.approx(math.sqrt(1 + math.log(8) / math.log(64)))


def test_windows_alternate_in_gemma2_only():
    """Gemma 2 has its window in every other layer from the first on, Mistral in all, Llama in none."""
    assert [parse("gemma2").window_of(i) for i in range(4)] == [5, None, 5, None]
    assert [parse("mistral").window_of(i) for i in range(2)] == [5, 5]
    assert parse("mistral", sliding_window_size=-1).window_of(0) is None
    assert parse("llama").window_of(0) is None


def test_a_sliding_window_in_place_of_a_context_bounds_the_cache(folder, edit):
    """A context of -1, as MLC writes it for Mistral, is one whole window, or what the model was trained for."""
    from localloom_agent.artifacts.chat_config import read_chat_config

    def slide(document):
        document["model_type"] = "mistral"
        for keys in (document, document["model_config"]):
            keys |= {"context_window_size": -1, "sliding_window_size": 4096}

    edit("mlc-chat-config.json", slide)
    config = read_chat_config(folder)
    assert (config.context_window, config.architecture.window) == (4096, 4096)
    edit("mlc-chat-config.json", lambda d: d["model_config"].update(max_position_embeddings=32768))
    assert read_chat_config(folder).context_window == 32768
