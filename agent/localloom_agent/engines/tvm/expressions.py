"""The parts of a model that any device's default schedules can take, as plain tensor expressions in float32."""

from __future__ import annotations

import math
from typing import Any

from tvm import te, tirx
from tvm.relax.frontend.nn import Tensor, op

from localloom_agent.artifacts.architecture import CODES_PER_WORD, GROUP, Activation

from .scoring import tanh


def f32(value: Any) -> Any:
    """The expression as float32."""
    return value.astype("float32")


def element(weights: tuple[Any, ...], row: Any, col: Any) -> Any:
    """Element (row, col) of a matrix, plain (one tensor) or four-bit (words and scales), as float32."""
    if len(weights) == 1:
        return f32(weights[0][row, col])
    words, scales = weights
    shift = tirx.floormod(col, CODES_PER_WORD).astype("uint32") * tirx.const(4, "uint32")
    word = words[row, tirx.floordiv(col, CODES_PER_WORD)]
    code = tirx.bitwise_and(tirx.shift_right(word, shift), tirx.const(15, "uint32"))
    return (f32(code) - 7.0) * f32(scales[row, tirx.floordiv(col, GROUP)])


def take_rows(ids: Tensor, weights: list[Tensor], cols: int, scale: float) -> Tensor:
    """Rows `ids` of an embedding, times `scale`."""

    def compute(ids: Any, *w: Any) -> Any:
        def value(i: Any, k: Any) -> Any:
            plain = element(w, ids[i], k)
            return plain if scale == 1 else plain * float(scale)

        return te.compute((ids.shape[0], cols), value, name="take")

    return op.tensor_expr_op(compute, "take", [ids, *weights])


def linear(x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
    """`x[n, cols] @ w.T`: dequantisation is a stage of its own, which the schedules inline into the product."""

    def compute(x: Any, *w: Any) -> Any:
        k = te.reduce_axis((0, cols), "k")
        plain = te.compute((rows, cols), lambda o, i: element(w, o, i), name="plain")
        return te.compute(
            (x.shape[0], rows), lambda i, o: te.sum(x[i, k] * plain[o, k], axis=k), name="linear"
        )

    return op.tensor_expr_op(compute, "linear", [x, *weights])


def last_row(x: Tensor) -> Tensor:
    """The last token's row: only its logits are wanted."""

    def compute(x: Any) -> Any:
        return te.compute((1, x.shape[1]), lambda _, k: x[x.shape[0] - 1, k], name="last")

    return op.tensor_expr_op(compute, "last", [x])


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm of the last axis."""

    def compute(x: Any, weight: Any) -> Any:
        n, width = x.shape
        k = te.reduce_axis((0, width), "k")
        squares = te.compute((n,), lambda i: te.sum(x[i, k] * x[i, k], axis=k), name="squares")
        mean = 1.0 / width
        return te.compute(
            (n, width),
            lambda i, j: x[i, j] * te.rsqrt(squares[i] * mean + tirx.const(eps, "float32")) * f32(weight[j]),
            name="normed",
        )

    return op.tensor_expr_op(compute, "rms_norm", [x, weight])


def head_norms(qkv: Tensor, norms: list[Tensor], heads: tuple[int, int], eps: float) -> Tensor:
    """`qkv[n, (heads + 2 * kv_heads) * dim]` with an RMSNorm of every head's queries and keys; values are left.

    `norms` are the weights `[dim]` for queries and for keys; `heads` how many heads have queries and keys. Values get
    a square of theirs too, which is not used: the schedules for GPUs compute wrong results, without a word, where the
    stage after a reduction does not read it element by element.
    """
    queries, keys = heads

    def compute(qkv: Any, of_queries: Any, of_keys: Any) -> Any:
        shape = (qkv.shape[0], queries + 2 * keys, of_queries.shape[0])
        dim = shape[2]
        k = te.reduce_axis((0, dim), "k")
        squares = te.compute(
            shape[:2], lambda i, h: te.sum(qkv[i, h * dim + k] * qkv[i, h * dim + k], axis=k), name="squares"
        )

        def value(i: Any, head: Any, at: Any) -> Any:
            weight = tirx.if_then_else(head < queries, f32(of_queries[at]), f32(of_keys[at]))
            factor = te.rsqrt(squares[i, head] * (1.0 / dim) + tirx.const(eps, "float32")) * weight
            return qkv[i, head * dim + at] * tirx.if_then_else(
                head < queries + keys, factor, tirx.const(1, "float32")
            )

        return te.compute(shape, value, name="normed")

    return op.reshape(op.tensor_expr_op(compute, "head_norms", [qkv, *norms]), qkv.shape)


def add_row(x: Tensor, row: Tensor) -> Tensor:
    """`x[n, width] + row[width]`."""

    def compute(x: Any, row: Any) -> Any:
        return te.compute(x.shape, lambda i, k: x[i, k] + f32(row[k]), name="add_row")

    return op.tensor_expr_op(compute, "add_row", [x, row])


def gated(x: Tensor, activation: Activation) -> Tensor:
    """`activation(gate) * up` of `x[n, 2 * width]`, which holds the gates first."""

    def compute(x: Any) -> Any:
        n, width = x.shape[0], x.shape[1] // 2
        return te.compute(
            (n, width), lambda i, k: _activated(x[i, k], activation) * x[i, width + k], name="gated"
        )

    return op.tensor_expr_op(compute, "gated", [x])


def _activated(gate: Any, activation: Activation) -> Any:
    """Both are a gate times a sigmoid: half of one plus a hyperbolic tangent is one."""
    if activation is Activation.SILU:
        return gate / (1.0 + te.exp(-gate))
    bent = (gate + gate * gate * gate * 0.044715) * float(-2 * math.sqrt(2 / math.pi))
    return gate / (1.0 + te.exp(bent))


def capped(x: Tensor, cap: float) -> Tensor:
    """`x`, bent to lie between -cap and cap."""

    def compute(x: Any) -> Any:
        return te.compute(x.shape, lambda i, k: tanh(x[i, k] * float(1 / cap)) * float(cap), name="capped")

    return op.tensor_expr_op(compute, "capped", [x])
