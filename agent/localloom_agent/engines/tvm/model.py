"""A decoder of the Llama family over MLC's parameters, as a TVM module with one function to prefill, one to decode."""

from __future__ import annotations

from typing import Any

from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor

from localloom_agent.artifacts.architecture import CODES_PER_WORD, GROUP, Architecture

from .operators import Operators, last_row, rms_norm, swiglu, take_rows


class Matrix(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """A (rows, cols) parameter, plain or four-bit; the names of its parts are MLC's."""

    def __init__(self, ops: Operators, rows: int, cols: int) -> None:
        self.ops, self.rows, self.cols = ops, rows, cols
        kind = ops.quantization
        if kind.four_bit:
            self.q_weight = nn.Parameter((rows, cols // CODES_PER_WORD), "uint32")
            self.q_scale = nn.Parameter((rows, cols // GROUP), kind.dtype)
        else:
            self.weight = nn.Parameter((rows, cols), kind.dtype)

    def parts(self) -> list[Tensor]:
        """Codes and scales, or the plain matrix."""
        return [self.q_weight, self.q_scale] if self.ops.quantization.four_bit else [self.weight]

    def forward(self, x: Tensor) -> Tensor:
        """`x @ self.T`."""
        return self.ops.linear(x, self.parts(), self.rows, self.cols)

    def take(self, ids: Tensor) -> Tensor:
        """Rows `ids`."""
        return take_rows(ids, self.parts(), self.cols)


class Norm(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """RMSNorm in float32."""

    def __init__(self, ops: Operators) -> None:
        self.weight = nn.Parameter((ops.arch.hidden_size,), ops.quantization.dtype)
        self.eps = ops.arch.norm_eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis."""
        return rms_norm(x, self.weight, self.eps)


class Attention(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Grouped-query attention over one layer's cache."""

    def __init__(self, ops: Operators) -> None:
        arch = ops.arch
        self.ops = ops
        self.qkv_proj = Matrix(ops, arch.qkv_rows, arch.hidden_size)
        self.o_proj = Matrix(ops, arch.hidden_size, arch.num_heads * arch.head_dim)

    def forward(self, x: Tensor, rope: Tensor, kv: Tensor, total: Any) -> Tensor:
        """Attend to the first `total` positions, the last of which are those of `x`."""
        q, kv = self.ops.rotate_and_store(self.qkv_proj(x), rope, kv, total)
        return self.o_proj(self.ops.attend(q, kv, total))


class FeedForward(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """SwiGLU."""

    def __init__(self, ops: Operators) -> None:
        arch = ops.arch
        self.gate_up_proj = Matrix(ops, 2 * arch.intermediate_size, arch.hidden_size)
        self.down_proj = Matrix(ops, arch.hidden_size, arch.intermediate_size)

    def forward(self, x: Tensor) -> Tensor:
        """`down(silu(gate(x)) * up(x))`."""
        return self.down_proj(swiglu(self.gate_up_proj(x)))


class Layer(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Attention and feed-forward, each behind a norm and beside a residual."""

    def __init__(self, ops: Operators) -> None:
        self.self_attn = Attention(ops)
        self.mlp = FeedForward(ops)
        self.input_layernorm = Norm(ops)
        self.post_attention_layernorm = Norm(ops)

    def forward(self, x: Tensor, rope: Tensor, kv: Tensor, total: Any) -> Tensor:
        """One layer."""
        x = x + self.self_attn(self.input_layernorm(x), rope, kv, total)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Everything below the head; its name in the parameters is "model"."""

    def __init__(self, ops: Operators) -> None:
        self.embed_tokens = Matrix(ops, ops.arch.vocab_size, ops.arch.hidden_size)
        self.layers = nn.ModuleList([Layer(ops) for _ in range(ops.arch.num_layers)])
        self.norm = Norm(ops)


class Decoder(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """The whole model: token ids in, logits of the last one out."""

    def __init__(self, ops: Operators) -> None:
        self.ops = ops
        self.model = Body(ops)
        if not ops.arch.tied_embeddings:
            self.lm_head = Matrix(ops, ops.arch.vocab_size, ops.arch.hidden_size)

    def prefill(self, ids: Tensor, total: Any, rope: Tensor, kv: list[Tensor]) -> Tensor:
        """Logits `[1, vocab]` after `ids[n]`, which stand at positions `total - n … total - 1`.

        Keys and values of these positions are written into `kv`, one tensor a layer, in place.
        """
        x = self.model.embed_tokens.take(ids)
        for layer, cache in zip(self.model.layers, kv, strict=True):
            x = layer(x, rope, cache, total)
        head = self.model.embed_tokens if self.ops.arch.tied_embeddings else self.lm_head
        # The norm first: so it is the kernel that every layer has.
        return self.ops.single_linear(last_row(self.model.norm(x)), head.parts(), head.rows, head.cols)

    def decode(self, ids: Tensor, total: Any, rope: Tensor, kv: list[Tensor]) -> Tensor:
        """The same for a single token, with products of its own."""
        with self.ops.single_token():
            return self.prefill(ids, total, rope, kv)


def export(arch: Architecture, ops: Operators) -> tuple[Any, list[str]]:
    """The model as an IRModule, and the names of its parameters in the order in which it takes them."""
    kv = [
        nn.spec.Tensor([2, arch.num_kv_heads, ops.context, arch.head_dim], "float32")
        for _ in range(arch.num_layers)
    ]
    rope = nn.spec.Tensor([2, ops.context, arch.head_dim // 2], "float32")
    mode = {"param_mode": "packed", "effect_mode": "none"}

    def spec(n: int | str) -> dict[str, Any]:
        return {
            "ids": nn.spec.Tensor([n], "int32"),
            "total": nn.spec.Int(),
            "rope": rope,
            "kv": kv,
            "$": mode,
        }

    module, parameters, _ = Decoder(ops).export_tvm(
        spec={"prefill": spec("n"), "decode": spec(ops.decode_extent)}, allow_extern=True
    )
    return module, [name for name, _ in parameters]
