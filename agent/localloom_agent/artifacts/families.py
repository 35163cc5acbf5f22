"""The families of models that can be built, and how each writes itself down in MLC's `model_config`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .architecture import Activation, Architecture, Names
from .config_keys import Keys
from .rotary import Llama3Scaling, LongRope, Rotary

_C_ATTN = Names(qkv="c_attn")
_PHI3 = Names(
    body="transformer",
    embedding="embd",
    layers="h",
    attention="mixer",
    attention_out="out_proj",
    first_norm="ln",
)
_ACTIVATIONS: Mapping[str, Activation] = {
    "silu": Activation.SILU,
    "swish": Activation.SILU,
    "gelu": Activation.GELU_TANH,  # Gemma's first configs say "gelu" and mean its approximation
    "gelu_pytorch_tanh": Activation.GELU_TANH,
}


def parse_architecture(model_type: str, keys: Keys) -> Architecture:
    """The architecture in `model_config`.

    Raises:
        EngineFault: artifact.incompatible for a type, an activation or a rope scaling that is not known;
            config.invalid for a key that is missing or holds a value that makes no sense.
    """
    if model_type not in _FAMILIES:
        known = ", ".join(MODEL_TYPES)
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"the tvm engine cannot build models of type {model_type!r}; choose one of: {known}",
            {"artifact.key": "model_type", "artifact.expected": known, "artifact.actual": model_type},
        )
    return _FAMILIES[model_type](_llama(model_type, keys), keys)


def _llama(model_type: str, keys: Keys) -> Architecture:
    """What all families have in common."""
    hidden, heads = keys.positive("hidden_size"), keys.positive("num_attention_heads")
    kv_heads = keys.positive("num_key_value_heads", heads)
    if heads % kv_heads:
        raise keys.invalid("num_key_value_heads", f"a divisor of the {heads} attention heads", kv_heads)
    head_dim = keys.positive("head_dim", hidden // heads)
    turned = int(head_dim * keys.number("partial_rotary_factor", 1.0))
    if turned % 2 or not 0 < turned <= head_dim:
        raise keys.invalid("head_dim", "a number of which the rotated part is even", head_dim)
    return Architecture(
        model_type=model_type,
        hidden_size=hidden,
        intermediate_size=keys.positive("intermediate_size"),
        num_layers=keys.positive("num_hidden_layers"),
        num_heads=heads,
        num_kv_heads=kv_heads,
        head_dim=head_dim,
        vocab_size=keys.positive("vocab_size"),
        norm_eps=keys.number("rms_norm_eps"),
        rotary=Rotary(
            turned,
            keys.number("position_embedding_base", 0) or keys.number("rope_theta", 10000.0),
            _rope_scaling(keys, turned),
        ),
        tied_embeddings=keys.flag("tie_word_embeddings", default=False),
        activation=_activation(keys, Activation.SILU),
    )


def _mistral(arch: Architecture, keys: Keys) -> Architecture:
    return replace(arch, window=_window(keys, "sliding_window_size", "sliding_window"))


def _qwen2(arch: Architecture, _: Keys) -> Architecture:
    return replace(arch, names=_C_ATTN, qkv_bias=True)


def _qwen3(arch: Architecture, keys: Keys) -> Architecture:
    if keys.flag("attention_bias", default=False):
        raise _unknown(keys, "attention_bias", "false", "true")
    return replace(arch, names=_C_ATTN, qk_norm=True)


def _phi3(arch: Architecture, _: Keys) -> Architecture:
    return replace(arch, names=_PHI3)


def _gemma(arch: Architecture, keys: Keys) -> Architecture:
    """MLC's converter has already added the 1 that Gemma's norms add to their weights."""
    if keys.flag("attention_bias", default=False):
        raise _unknown(keys, "attention_bias", "false", "true")
    return replace(
        arch,
        tied_embeddings=True,
        embedding_scale=math.sqrt(arch.hidden_size),
        activation=_activation(keys, Activation.GELU_TANH),
    )


def _gemma2(arch: Architecture, keys: Keys) -> Architecture:
    """As Gemma 2 was trained: MLC itself leaves out the cap of the scores and the windows of every other layer."""
    return replace(
        _gemma(arch, keys),
        post_norms=True,
        attention_scale=keys.number("query_pre_attn_scalar", float(arch.head_dim)) ** -0.5,
        attention_cap=keys.number("attn_logit_softcapping", 0) or None,
        logit_cap=keys.number("final_logit_softcapping", 0) or None,
        window=_window(keys, "sliding_window"),
        window_every=2,
    )


_FAMILIES: Mapping[str, Callable[[Architecture, Keys], Architecture]] = {
    "llama": lambda arch, _: arch,
    "mistral": _mistral,
    "qwen2": _qwen2,
    "qwen3": _qwen3,
    "phi3": _phi3,
    "gemma": _gemma,
    "gemma2": _gemma2,
}
MODEL_TYPES: tuple[str, ...] = tuple(_FAMILIES)
"""Values of `model_type` that can be compiled."""


def _activation(keys: Keys, usual: Activation) -> Activation:
    key = "hidden_activation" if keys.values.get("hidden_activation") is not None else "hidden_act"
    name = keys.text(key, usual.value)
    if name not in _ACTIVATIONS:
        raise _unknown(keys, key, ", ".join(_ACTIVATIONS), name)
    return _ACTIVATIONS[name]


def _window(keys: Keys, *names: str) -> int | None:
    """The sliding window under the first of `names` that is there; None and what is not above 0 mean none."""
    value = next((keys.values[name] for name in names if keys.values.get(name) is not None), 0)
    return value if isinstance(value, int) and value > 0 else None


def _rope_scaling(keys: Keys, turned: int) -> Llama3Scaling | LongRope | None:
    scaling = keys.sub_object("rope_scaling")
    if scaling is None:
        return None
    kind = scaling.values.get("rope_type", scaling.values.get("type"))
    if kind == "default":
        return None
    if kind == "llama3":
        return Llama3Scaling(
            factor=scaling.number("factor"),
            low_freq_factor=scaling.number("low_freq_factor"),
            high_freq_factor=scaling.number("high_freq_factor"),
            original_context=scaling.positive("original_max_position_embeddings"),
        )
    if kind in ("longrope", "su"):
        longest = keys.positive("max_position_embeddings")
        original = keys.positive("original_max_position_embeddings", longest)
        return LongRope(
            short_factors=scaling.numbers("short_factor", turned // 2),
            long_factors=scaling.numbers("long_factor", turned // 2),
            original_context=scaling.positive("original_max_position_embeddings", original),
            longest_context=longest,
        )
    raise _unknown(scaling, "rope_type", "llama3, longrope", str(kind))


def _unknown(keys: Keys, key: str, expected: str, actual: str) -> EngineFault:
    path = keys.path(key)
    return EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"the tvm engine cannot build a model whose {path} is {actual!r}, only: {expected}; choose another model",
        {"artifact.key": path, "artifact.expected": expected, "artifact.actual": actual},
    )
