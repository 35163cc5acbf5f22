"""Model architectures as MLC's configs describe them, and the parameters that each must have."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .config_keys import Keys

GROUP = 32
"""Columns of a q4 matrix that share a scale."""
CODES_PER_WORD = 8
"""Four-bit codes in a uint32."""


@dataclass(frozen=True, slots=True)
class Quantization:
    """How a quantisation of MLC stores parameters."""

    name: str
    dtype: str
    """Of scales and of everything that is not quantised."""
    four_bit: bool


QUANTIZATIONS: Mapping[str, Quantization] = {
    q.name: q
    for q in (
        Quantization("q0f32", "float32", four_bit=False),
        Quantization("q0f16", "float16", four_bit=False),
        Quantization("q4f32_1", "float32", four_bit=True),
        Quantization("q4f16_1", "float16", four_bit=True),
    )
}

MODEL_TYPES: tuple[str, ...] = ("llama",)
"""Values of `model_type` that can be compiled."""


@dataclass(frozen=True, slots=True)
class RopeScaling:
    """Llama 3's stretching of the rotary frequencies."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_context: int


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder of the Llama family: RMSNorm, rotary positions, grouped-query attention, SwiGLU."""

    model_type: str
    hidden_size: int
    intermediate_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    vocab_size: int
    norm_eps: float
    rope_theta: float
    rope_scaling: RopeScaling | None
    tied_embeddings: bool

    @property
    def qkv_rows(self) -> int:
        """Rows of the fused projection: queries, then keys, then values."""
        return (self.num_heads + 2 * self.num_kv_heads) * self.head_dim

    def kv_bytes(self, positions: int) -> int:
        """Bytes of a float32 KV cache of `positions`."""
        return 2 * 4 * self.num_layers * self.num_kv_heads * self.head_dim * positions


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A parameter as the model must find it."""

    name: str
    shape: tuple[int, ...]
    dtype: str


def parse_architecture(model_type: str, keys: Keys) -> Architecture:
    """The architecture in `model_config`.

    Raises:
        EngineFault: artifact.incompatible for a type or a rope scaling that is not known; config.invalid for a
            key that is missing or holds a value that makes no sense.
    """
    if model_type not in MODEL_TYPES:
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"the tvm engine cannot build models of type {model_type!r}; choose one of: {', '.join(MODEL_TYPES)}",
            {
                "artifact.key": "model_type",
                "artifact.expected": ", ".join(MODEL_TYPES),
                "artifact.actual": model_type,
            },
        )
    hidden, heads = keys.positive("hidden_size"), keys.positive("num_attention_heads")
    kv_heads = keys.positive("num_key_value_heads", heads)
    if heads % kv_heads:
        raise keys.invalid("num_key_value_heads", f"a divisor of the {heads} attention heads", kv_heads)
    head_dim = keys.positive("head_dim", hidden // heads)
    if head_dim % 2:
        raise keys.invalid("head_dim", "an even number", head_dim)
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
        rope_theta=keys.number("position_embedding_base", 0) or keys.number("rope_theta", 10000.0),
        rope_scaling=_rope_scaling(keys),
        tied_embeddings=keys.flag("tie_word_embeddings", default=False),
    )


def _rope_scaling(keys: Keys) -> RopeScaling | None:
    scaling = keys.sub_object("rope_scaling")
    if scaling is None:
        return None
    kind = scaling.values.get("rope_type", scaling.values.get("type"))
    if kind == "default":
        return None
    if kind != "llama3":
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"the tvm engine does not know the rotary scaling {kind!r} of this model; choose another model",
            {
                "artifact.key": scaling.path("rope_type"),
                "artifact.expected": "llama3",
                "artifact.actual": str(kind),
            },
        )
    return RopeScaling(
        factor=scaling.number("factor"),
        low_freq_factor=scaling.number("low_freq_factor"),
        high_freq_factor=scaling.number("high_freq_factor"),
        original_context=scaling.positive("original_max_position_embeddings"),
    )


def expected_parameters(arch: Architecture, quantization: Quantization) -> Iterator[ParameterSpec]:
    """Every parameter of the model by MLC's names, with shape and data type as stored.

    Raises:
        EngineFault: artifact.incompatible for a four-bit matrix whose columns are no whole number of groups.
    """

    def matrix(stem: str, rows: int, cols: int) -> Iterator[ParameterSpec]:
        if not quantization.four_bit:
            yield ParameterSpec(f"{stem}.weight", (rows, cols), quantization.dtype)
            return
        if cols % GROUP:
            raise EngineFault(
                Category.ARTIFACT_INCOMPATIBLE,
                f"{stem} has {cols} columns: a {quantization.name} matrix needs a multiple of {GROUP}",
                {"artifact.expected": f"a multiple of {GROUP} columns", "artifact.actual": f"{stem}: {cols}"},
            )
        yield ParameterSpec(f"{stem}.q_weight", (rows, cols // CODES_PER_WORD), "uint32")
        yield ParameterSpec(f"{stem}.q_scale", (rows, cols // GROUP), quantization.dtype)

    def norm(stem: str) -> ParameterSpec:
        return ParameterSpec(f"{stem}.weight", (arch.hidden_size,), quantization.dtype)

    hidden = arch.hidden_size
    yield from matrix("model.embed_tokens", arch.vocab_size, hidden)
    for i in range(arch.num_layers):
        layer = f"model.layers.{i}"
        yield from matrix(f"{layer}.self_attn.qkv_proj", arch.qkv_rows, hidden)
        yield from matrix(f"{layer}.self_attn.o_proj", hidden, arch.num_heads * arch.head_dim)
        yield from matrix(f"{layer}.mlp.gate_up_proj", 2 * arch.intermediate_size, hidden)
        yield from matrix(f"{layer}.mlp.down_proj", hidden, arch.intermediate_size)
        yield norm(f"{layer}.input_layernorm")
        yield norm(f"{layer}.post_attention_layernorm")
    yield norm("model.norm")
    if not arch.tied_embeddings:
        yield from matrix("lm_head", arch.vocab_size, hidden)


def rotary_frequencies(arch: Architecture) -> list[float]:
    """Radians per position of each of the `head_dim / 2` rotated pairs, scaled where the model says so.

    The scaling is the one of Llama 3.1's reference code: long wavelengths are slowed by `factor`, short ones are
    kept, those between are interpolated.
    """
    frequencies = [arch.rope_theta ** (-2 * i / arch.head_dim) for i in range(arch.head_dim // 2)]
    scaling = arch.rope_scaling
    if scaling is None:
        return frequencies
    scaled = []
    for frequency in frequencies:
        turns = scaling.original_context * frequency / (2 * math.pi)
        share = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
        kept = min(max(share, 0.0), 1.0)
        scaled.append(frequency * (kept + (1 - kept) / scaling.factor))
    return scaled
