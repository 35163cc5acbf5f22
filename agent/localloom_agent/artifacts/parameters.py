"""The parameters that a model must have, by MLC's names, with shape and data type as stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .architecture import CODES_PER_WORD, GROUP, Architecture, Quantization


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A parameter as the model must find it."""

    name: str
    shape: tuple[int, ...]
    dtype: str


def expected_parameters(arch: Architecture, quantization: Quantization) -> Iterator[ParameterSpec]:
    """Every parameter of the model.

    Raises:
        EngineFault: artifact.incompatible for a four-bit matrix whose columns are no whole number of groups.
    """
    names, hidden, dtype = arch.names, arch.hidden_size, quantization.dtype
    yield from _matrix(quantization, f"{names.body}.{names.embedding}", arch.vocab_size, hidden)
    for i in range(arch.num_layers):
        yield from _layer(arch, quantization, f"{names.body}.{names.layers}.{i}")
    yield ParameterSpec(f"{names.body}.norm.weight", (hidden,), dtype)
    if not arch.tied_embeddings:
        yield from _matrix(quantization, "lm_head", arch.vocab_size, hidden)


def _layer(arch: Architecture, quantization: Quantization, layer: str) -> Iterator[ParameterSpec]:
    names, hidden, dtype = arch.names, arch.hidden_size, quantization.dtype
    attention = f"{layer}.{names.attention}"
    yield from _matrix(quantization, f"{attention}.{names.qkv}", arch.qkv_rows, hidden)
    if arch.qkv_bias:
        yield ParameterSpec(f"{attention}.{names.qkv}.bias", (arch.qkv_rows,), dtype)
    if arch.qk_norm:
        yield ParameterSpec(f"{attention}.q_norm.weight", (arch.head_dim,), dtype)
        yield ParameterSpec(f"{attention}.k_norm.weight", (arch.head_dim,), dtype)
    yield from _matrix(
        quantization, f"{attention}.{names.attention_out}", hidden, arch.num_heads * arch.head_dim
    )
    yield from _matrix(quantization, f"{layer}.mlp.gate_up_proj", 2 * arch.intermediate_size, hidden)
    yield from _matrix(quantization, f"{layer}.mlp.down_proj", hidden, arch.intermediate_size)
    norms = [names.first_norm, "post_attention_layernorm"]
    if arch.post_norms:
        norms += ["pre_feedforward_layernorm", "post_feedforward_layernorm"]
    for norm in norms:
        yield ParameterSpec(f"{layer}.{norm}.weight", (hidden,), dtype)


def _matrix(quantization: Quantization, stem: str, rows: int, cols: int) -> Iterator[ParameterSpec]:
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
