from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from decoder_float64 import Decoder64
from llama_float64 import Llama64
from small_models import SMALL_MODELS

from localloom_agent.artifacts.families import MODEL_TYPES

IDS = [1, 354, 201, 59, 298, 261, 511, 0, 2, 201, 351]
QUANTIZATIONS = ("q0f32", "q4f32_1", "q0f16", "q4f16_1")
TOLERANCE = 1e-5
"""Largest error of a logit, relative to the largest logit, for every quantization: weights are dequantised exactly, and
all arithmetic is float32; the reference rounds nothing."""
SHAPES = {
    "tied, one kv head, odd rows": {"tie_word_embeddings": True, "num_key_value_heads": 1, "vocab_size": 513},
    "as many kv heads as heads": {"num_key_value_heads": 4, "hidden_size": 96, "intermediate_size": 160},
    "wide": {"hidden_size": 512, "intermediate_size": 1024, "num_attention_heads": 8, "head_dim": 128},
}


def error(actual, expected):
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def last(steps):
    return [logits for _, logits in steps][-1]


@pytest.fixture(scope="module")
def four_bit(make_folder, open_session):
    path = make_folder("q4f16_1")
    return open_session(path), Llama64.from_folder(path)


@pytest.mark.parametrize("portable", [False, True], ids=["cpu", "portable"])
@pytest.mark.parametrize("quantization", QUANTIZATIONS)
def test_logits_are_those_of_float64(quantization, portable, make_folder, open_session):
    """Prefilling, and decoding token by token, give the logits of an independent float64 pass."""
    path = make_folder(quantization)
    session, expected = open_session(path, portable=portable), Llama64.from_folder(path).logits(IDS)
    assert error(last(session.prefill(IDS)), expected[-1]) <= TOLERANCE
    session.reset()
    for position, token in enumerate(IDS):
        assert error(session.decode(token), expected[position]) <= TOLERANCE


FAMILIES = [*((name, "q4f16_1") for name in SMALL_MODELS), ("qwen2", "q0f32"), ("gemma2", "q0f16")]


@pytest.mark.parametrize(("name", "quantization"), FAMILIES)
def test_every_family_gives_the_logits_of_float64(name, quantization, make_folder, open_session):
    """Each family's small model, prefilled in part and then decoded, gives the logits of an independent float64 pass."""
    path = make_folder(quantization, **SMALL_MODELS[name])
    session, expected = open_session(path), Decoder64.from_folder(path).logits(IDS)
    assert error(last(session.prefill(IDS[:8])), expected[7]) <= TOLERANCE
    for position in range(8, len(IDS)):
        assert error(session.decode(IDS[position]), expected[position]) <= TOLERANCE


def test_every_type_that_can_be_built_is_compared():
    """No family is without its small model."""
    assert {config.get("model_type", "llama") for config in SMALL_MODELS.values()} == set(MODEL_TYPES)


@pytest.mark.parametrize(
    ("name", "key", "other"),
    [
        ("mistral", "sliding_window_size", -1),
        ("gemma2", "attn_logit_softcapping", None),
        ("gemma2", "final_logit_softcapping", None),
        ("gemma2", "sliding_window", 100),
        ("gemma2", "query_pre_attn_scalar", 32),
        ("phi3, long", "original_max_position_embeddings", 256),
        ("llama, Llama 3's rope", "rope_scaling", None),
    ],
)
def test_what_sets_a_family_apart_can_be_seen(name, key, other, make_folder):
    """The small models are made so that leaving out what is peculiar to a family changes logits beyond any tolerance."""
    path = make_folder("q0f32", **SMALL_MODELS[name])
    model = Decoder64.from_folder(path)
    without = replace(model, config=model.config | {key: other})
    assert error(without.logits(IDS), model.logits(IDS)) > 0.01


def test_exact_float32_parameters_need_no_rounding(make_folder, open_session):
    """Float32 parameters that are stored raw are used as they are."""
    path = make_folder("q0f32", encoding="raw")
    expected = Llama64.from_folder(path).logits(IDS)
    assert error(last(open_session(path).prefill(IDS)), expected[-1]) <= TOLERANCE


@pytest.mark.parametrize("name", SHAPES)
def test_other_shapes_compute_the_same(name, make_folder, open_session):
    """Tied embeddings, any grouping of heads, rows that fill no tile, and work spread over threads are right too."""
    path = make_folder("q4f32_1", **SHAPES[name])
    session, expected = open_session(path), Llama64.from_folder(path).logits(IDS)
    assert error(last(session.prefill(IDS[:-1])), expected[-2]) <= TOLERANCE
    assert error(session.decode(IDS[-1]), expected[-1]) <= TOLERANCE


def test_plain_parameters_of_odd_shapes_compute_the_same(make_folder, open_session):
    """Plain matrices whose columns are no multiple of a vector register's lanes are right too."""
    path = make_folder(
        "q0f16",
        hidden_size=60,
        intermediate_size=42,
        num_attention_heads=3,
        num_key_value_heads=1,
        head_dim=20,
    )
    session, expected = open_session(path), Llama64.from_folder(path).logits(IDS)
    assert error(last(session.prefill(IDS[:-1])), expected[-2]) <= TOLERANCE
    assert error(session.decode(IDS[-1]), expected[-1]) <= TOLERANCE


def test_rope_scaling_slows_long_wavelengths_only(make_folder):
    """Llama 3's scaling divides slow frequencies by its factor, keeps fast ones, and falls steadily between."""
    from localloom_agent.artifacts import open_folder

    def frequencies(**dimensions):
        return open_folder(make_folder("q0f16", **dimensions)).config.architecture.rotary.frequencies(128)

    plain = frequencies(position_embedding_base=500000)
    scaled = frequencies(**SMALL_MODELS["llama, Llama 3's rope"])
    ratios = [a / b for a, b in zip(plain, scaled, strict=True)]
    assert ratios[0] == pytest.approx(1)
    assert ratios[-1] == pytest.approx(8)
    assert ratios == sorted(ratios)


@pytest.mark.parametrize("chunk", [1, 3, 4, 11])
def test_prefilling_in_steps_changes_nothing(chunk, four_bit):
    """However the prompt is cut into steps, the logits after it are the same."""
    session, reference = four_bit
    session.reset()
    steps = list(session.prefill(IDS, chunk))
    assert [fed for fed, _ in steps][-1] == session.position == len(IDS)
    assert error(steps[-1][1], reference.logits(IDS)[-1]) <= TOLERANCE


def test_a_reset_session_remembers_nothing(four_bit):
    """After a reset, what was fed before has no influence, though its keys are still in the cache."""
    session, _ = four_bit
    session.reset()
    fresh = last(session.prefill(IDS))
    last(session.prefill(list(range(60))))
    session.reset()
    assert np.array_equal(last(session.prefill(IDS)), fresh)


def test_the_cache_can_be_filled_to_its_last_position(four_bit):
    """The last position of the context computes like any other; one more is refused before the kernels see it."""
    session, reference = four_bit
    ids = [(7 * i) % 512 for i in range(128)]
    session.reset()
    last(session.prefill(ids[:127]))
    assert error(session.decode(ids[127]), reference.logits(ids)[-1]) <= 1e-4
    with pytest.raises(ValueError, match="129 tokens"):
        session.decode(1)


def test_four_bit_weights_are_not_copied(make_folder):
    """On a CPU, parameters that lie aligned in their shard stay in the page cache."""
    from localloom_agent.artifacts import open_folder
    from localloom_agent.engines.tvm.devices import choose_device
    from localloom_agent.engines.tvm.weights import load_parameters

    folder = open_folder(make_folder("q4f16_1"))
    names = [spec.name for spec in folder.parameters]
    seen = []
    tensors, mapped = load_parameters(folder, names, choose_device("cpu").handle, seen.append)
    assert len(tensors) == len(names)
    assert mapped == sum(seen) == folder.tensors.nbytes
