"""A decoder over MLC's parameters, as a TVM module with one function to prefill and one to decode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor

from localloom_agent.artifacts.architecture import CODES_PER_WORD, GROUP, Architecture

from .expressions import add_row, capped, gated, head_norms, last_row, rms_norm, take_rows
from .operators import Operators


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
        """Rows `ids`, scaled as an embedding."""
        return take_rows(ids, self.parts(), self.cols, self.ops.arch.embedding_scale)


class BiasedMatrix(Matrix):
    """The same with a vector that is added to the product."""

    def __init__(self, ops: Operators, rows: int, cols: int) -> None:
        super().__init__(ops, rows, cols)
        self.bias = nn.Parameter((rows,), ops.quantization.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """`x @ self.T + bias`."""
        return add_row(super().forward(x), self.bias)


class Norm(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """RMSNorm in float32."""

    def __init__(self, ops: Operators, width: int) -> None:
        self.weight = nn.Parameter((width,), ops.quantization.dtype)
        self.eps = ops.arch.norm_eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis."""
        return rms_norm(x, self.weight, self.eps)


class Attention(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Grouped-query attention over one layer's cache."""

    def __init__(self, ops: Operators, layer: int) -> None:
        arch = ops.arch
        self.ops, self.layer = ops, layer
        qkv = BiasedMatrix if arch.qkv_bias else Matrix
        # An attribute's name is the parameter's.
        setattr(self, arch.names.qkv, qkv(ops, arch.qkv_rows, arch.hidden_size))
        setattr(self, arch.names.attention_out, Matrix(ops, arch.hidden_size, arch.num_heads * arch.head_dim))
        if arch.qk_norm:
            self.q_norm = Norm(ops, arch.head_dim)
            self.k_norm = Norm(ops, arch.head_dim)

    def forward(self, x: Tensor, rope: Tensor, kv: Tensor, total: Any) -> Tensor:
        """Attend to the first `total` positions, the last of which are those of `x`."""
        arch = self.ops.arch
        qkv = getattr(self, arch.names.qkv)(x)
        if arch.qk_norm:
            norms = [self.q_norm.weight, self.k_norm.weight]
            qkv = head_norms(qkv, norms, (arch.num_heads, arch.num_kv_heads), arch.norm_eps)
        q, kv = self.ops.rotate_and_store(qkv, rope, kv, total)
        return getattr(self, arch.names.attention_out)(self.ops.attend(q, kv, total, self.layer))


class FeedForward(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """The gated feed-forward block."""

    def __init__(self, ops: Operators) -> None:
        arch = ops.arch
        self.activation = arch.activation
        self.gate_up_proj = Matrix(ops, 2 * arch.intermediate_size, arch.hidden_size)
        self.down_proj = Matrix(ops, arch.hidden_size, arch.intermediate_size)

    def forward(self, x: Tensor) -> Tensor:
        """`down(activation(gate(x)) * up(x))`."""
        return self.down_proj(gated(self.gate_up_proj(x), self.activation))


class Layer(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Attention and feed-forward, each behind a norm and beside a residual."""

    def __init__(self, ops: Operators, index: int) -> None:
        arch = ops.arch
        self.names, self.post_norms = arch.names, arch.post_norms
        setattr(self, arch.names.attention, Attention(ops, index))
        self.mlp = FeedForward(ops)
        setattr(self, arch.names.first_norm, Norm(ops, arch.hidden_size))
        self.post_attention_layernorm = Norm(ops, arch.hidden_size)
        if arch.post_norms:
            self.pre_feedforward_layernorm = Norm(ops, arch.hidden_size)
            self.post_feedforward_layernorm = Norm(ops, arch.hidden_size)

    def forward(self, x: Tensor, rope: Tensor, kv: Tensor, total: Any) -> Tensor:
        """One layer; with norms after the blocks too, the one after attention is what its name says."""
        attend, first_norm = getattr(self, self.names.attention), getattr(self, self.names.first_norm)
        attended = attend(first_norm(x), rope, kv, total)
        if not self.post_norms:
            x = x + attended
            return x + self.mlp(self.post_attention_layernorm(x))
        x = x + self.post_attention_layernorm(attended)
        return x + self.post_feedforward_layernorm(self.mlp(self.pre_feedforward_layernorm(x)))


class Body(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """Everything below the head."""

    def __init__(self, ops: Operators) -> None:
        arch = ops.arch
        setattr(self, arch.names.embedding, Matrix(ops, arch.vocab_size, arch.hidden_size))
        setattr(self, arch.names.layers, nn.ModuleList([Layer(ops, i) for i in range(arch.num_layers)]))
        self.norm = Norm(ops, arch.hidden_size)


class Decoder(nn.Module):  # type: ignore[misc]  # TVM hands out untyped classes
    """The whole model: token ids in, logits of the last one out."""

    def __init__(self, ops: Operators) -> None:
        self.ops = ops
        setattr(self, ops.arch.names.body, Body(ops))
        if not ops.arch.tied_embeddings:
            self.lm_head = Matrix(ops, ops.arch.vocab_size, ops.arch.hidden_size)

    def prefill(self, ids: Tensor, total: Any, rope: Tensor, kv: list[Tensor]) -> Tensor:
        """Logits `[1, vocab]` after `ids[n]`, which stand at positions `total - n … total - 1`.

        Keys and values of these positions are written into `kv`, one tensor a layer, in place.
        """
        return self.logits(self.embed(ids), rope, kv, total)

    def embed(self, ids: Tensor) -> Tensor:
        """Rows `[n, hidden]` of the embedding."""
        return self.embedding.take(ids)

    @property
    def embedding(self) -> Matrix:
        """The embedding: in some models the head too."""
        names = self.ops.arch.names
        matrix: Matrix = getattr(getattr(self, names.body), names.embedding)
        return matrix

    def logits(self, x: Tensor, rope: Any, kv: Sequence[Any], total: Any) -> Tensor:
        """Logits `[1, vocab]` after the last of the embedded tokens `x[n, hidden]`; see `prefill`."""
        arch = self.ops.arch
        body = getattr(self, arch.names.body)
        for layer, cache in zip(getattr(body, arch.names.layers), kv, strict=True):
            x = layer(x, rope, cache, total)
        head = self.embedding if arch.tied_embeddings else self.lm_head
        # The norm first: so it is the kernel that every layer has.
        logits = self.ops.single_linear(last_row(body.norm(x)), head.parts(), head.rows, head.cols)
        return logits if arch.logit_cap is None else capped(logits, arch.logit_cap)

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
    rope = nn.spec.Tensor([2, ops.context, arch.rotary.dim // 2], "float32")
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
