"""What a decoder of the Llama family is made of, and how MLC stores its numbers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from .rotary import Rotary

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


class Activation(enum.Enum):
    """What the gates of the feed-forward block go through."""

    SILU = "silu"
    GELU_TANH = "gelu_pytorch_tanh"
    """GELU by its approximation with a hyperbolic tangent."""


@dataclass(frozen=True, slots=True)
class Names:
    """What MLC calls the parts of a model where families differ."""

    body: str = "model"
    embedding: str = "embed_tokens"
    layers: str = "layers"
    attention: str = "self_attn"
    qkv: str = "qkv_proj"
    attention_out: str = "o_proj"
    first_norm: str = "input_layernorm"


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder with RMSNorm, rotary positions, grouped-query attention and a gated feed-forward block.

    The defaults are Llama's; every further family is a few of these fields set otherwise.
    """

    model_type: str
    hidden_size: int
    intermediate_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    vocab_size: int
    norm_eps: float
    rotary: Rotary
    tied_embeddings: bool
    names: Names = Names()
    activation: Activation = Activation.SILU
    qkv_bias: bool = False
    qk_norm: bool = False
    """Whether each head's queries and keys are normalised before they are turned."""
    post_norms: bool = False
    """Whether what attention and feed-forward give is normalised before it joins the residual."""
    embedding_scale: float = 1.0
    attention_scale: float = 0.0
    """Of the product of query and key; 0 means one over the root of `head_dim`."""
    attention_cap: float | None = None
    """Scores are bent to lie between -cap and cap."""
    logit_cap: float | None = None
    window: int | None = None
    """Positions that a token attends to, itself included."""
    window_every: int = 1
    """Of so many layers the first has the window, the others see everything."""

    @property
    def qkv_rows(self) -> int:
        """Rows of the fused projection: queries, then keys, then values."""
        return (self.num_heads + 2 * self.num_kv_heads) * self.head_dim

    @property
    def score_scale(self) -> float:
        """What the product of a query and a key is multiplied with."""
        return self.attention_scale or self.head_dim**-0.5

    def window_of(self, layer: int) -> int | None:
        """Positions that a token attends to in that layer; None means all."""
        return self.window if layer % self.window_every == 0 else None

    def kv_bytes(self, positions: int) -> int:
        """Bytes of a float32 KV cache of `positions`."""
        return 2 * 4 * self.num_layers * self.num_kv_heads * self.head_dim * positions
