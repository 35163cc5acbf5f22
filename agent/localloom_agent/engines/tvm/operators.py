"""What the model is made of, in one version for CPUs and one that any device's default schedules can take."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from tvm import te, tirx
from tvm.relax import ShapeExpr
from tvm.relax.frontend.nn import Tensor, op

from localloom_agent.artifacts.architecture import CODES_PER_WORD, GROUP, Architecture, Quantization

from . import cpu_kernels
from .cache_kernels import rotate_and_store
from .cpu_attention import attention


def _f32(value: Any) -> Any:
    return value.astype("float32")


def _decode(weights: tuple[Any, ...], row: Any, col: Any) -> Any:
    """Element (row, col) of a matrix, plain (one tensor) or four-bit (words and scales), as float32."""
    if len(weights) == 1:
        return _f32(weights[0][row, col])
    words, scales = weights
    shift = tirx.floormod(col, CODES_PER_WORD).astype("uint32") * tirx.const(4, "uint32")
    word = words[row, tirx.floordiv(col, CODES_PER_WORD)]
    code = tirx.bitwise_and(tirx.shift_right(word, shift), tirx.const(15, "uint32"))
    return (_f32(code) - 7.0) * _f32(scales[row, tirx.floordiv(col, GROUP)])


def take_rows(ids: Tensor, weights: list[Tensor], cols: int) -> Tensor:
    """Rows `ids` of an embedding, as float32."""

    def compute(ids: Any, *w: Any) -> Any:
        return te.compute((ids.shape[0], cols), lambda i, k: _decode(w, ids[i], k), name="take")

    return op.tensor_expr_op(compute, "take", [ids, *weights])


def last_row(x: Tensor) -> Tensor:
    """The last token's row: only its logits are wanted."""

    def compute(x: Any) -> Any:
        return te.compute((1, x.shape[1]), lambda _, k: x[x.shape[0] - 1, k], name="last")

    return op.tensor_expr_op(compute, "last", [x])


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """RMSNorm of the last axis, in float32."""

    def compute(x: Any, weight: Any) -> Any:
        n, width = x.shape
        k = te.reduce_axis((0, width), "k")
        squares = te.compute((n,), lambda i: te.sum(x[i, k] * x[i, k], axis=k), name="squares")
        mean = 1.0 / width
        return te.compute(
            (n, width),
            lambda i, j: x[i, j] * te.rsqrt(squares[i] * mean + tirx.const(eps, "float32")) * _f32(weight[j]),
            name="normed",
        )

    return op.tensor_expr_op(compute, "rms_norm", [x, weight])


def swiglu(x: Tensor) -> Tensor:
    """`silu(gate) * up` of `x[n, 2 * width]`, which holds the gates first."""

    def compute(x: Any) -> Any:
        n, width = x.shape[0], x.shape[1] // 2
        return te.compute(
            (n, width), lambda i, k: x[i, k] / (1.0 + te.exp(-x[i, k])) * x[i, width + k], name="swiglu"
        )

    return op.tensor_expr_op(compute, "swiglu", [x])


class Operators(ABC):
    """The operations that are worth a schedule of their own."""

    decode_extent: ClassVar[int | str]
    """How many tokens decoding declares: 1, or a variable, so that it shares its kernels with prefilling."""

    def __init__(self, arch: Architecture, quantization: Quantization, context: int) -> None:
        self.arch = arch
        self.quantization = quantization
        self.context = context
        self._single = False
        self._kernels: dict[Any, Any] = {}

    def kernel(self, build: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """`build(…)`, built once: every layer asks for the same kernels."""
        key = (build, args, tuple(kwargs.items()))
        if key not in self._kernels:
            self._kernels[key] = build(*args, **kwargs)
        return self._kernels[key]

    @contextmanager
    def single_token(self) -> Iterator[None]:
        """While open, what is built may rely on there being one token."""
        self._single = True
        try:
            yield
        finally:
            self._single = False

    def linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """`x[n, cols] @ w.T`."""
        build = self.single_linear if self._single else self.many_linear
        return build(x, weights, rows, cols)

    @abstractmethod
    def single_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """The same for a single token."""

    @abstractmethod
    def many_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """The same for any number of tokens."""

    @abstractmethod
    def attend(self, q: Tensor, kv: Tensor, total: Any) -> Tensor:
        """Causal attention over the first `total` positions of one layer's cache: `[n, heads * head_dim]`."""

    def rotate_and_store(self, qkv: Tensor, rope: Tensor, kv: Tensor, total: Any) -> tuple[Tensor, Tensor]:
        """The turned queries, and the cache with the new keys and values in it."""
        arch = self.arch
        kv, q = op.tensor_ir_inplace_op(
            self.kernel(rotate_and_store, arch.num_heads, arch.num_kv_heads, arch.head_dim, self.context),
            "rotate_and_store",
            [qkv, rope, kv, ShapeExpr([total])],
            [2, -1],
            [
                Tensor.placeholder(kv.shape, "float32"),
                Tensor.placeholder([qkv.shape[0], arch.num_heads, arch.head_dim], "float32"),
            ],
        )
        return q, kv


class CpuOperators(Operators):
    """Kernels scheduled by hand. Few of them: each costs a tenth of a second to compile."""

    decode_extent = "n"

    def single_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """A matrix-vector product, made for these extents."""
        build = cpu_kernels.matvec_q4 if self.quantization.four_bit else cpu_kernels.matvec
        out = Tensor.placeholder([x.shape[0], rows], "float32")
        return op.tensor_ir_op(
            self.kernel(build, rows, cols, self.quantization.dtype), "matvec", [x, *weights], out
        )

    def many_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """A tiled product, one kernel for all extents."""
        four_bit = self.quantization.four_bit
        if four_bit:
            x = op.tensor_ir_op(
                cpu_kernels.by_place(), "by_place", [x], Tensor.placeholder(x.shape, "float32")
            )
        width = cols // CODES_PER_WORD if four_bit else cols
        kernel = self.kernel(
            cpu_kernels.matmul,
            math.gcd(rows, cpu_kernels.TILE_ROWS),
            math.gcd(width, cpu_kernels.LANES),
            self.quantization.dtype,
            four_bit=four_bit,
        )
        out = Tensor.placeholder([x.shape[0], rows], "float32")
        return op.tensor_ir_op(kernel, "matmul", [x, *weights], out)

    def attend(self, q: Tensor, kv: Tensor, total: Any) -> Tensor:
        """One pass over the filled part of the cache per head and token."""
        arch = self.arch
        kernel = self.kernel(attention, arch.num_heads, arch.num_kv_heads, arch.head_dim, self.context)
        out = Tensor.placeholder([q.shape[0], arch.num_heads * arch.head_dim], "float32")
        return op.tensor_ir_op(kernel, "attention", [q, kv, ShapeExpr([total])], out)


class PortableOperators(Operators):
    """Plain tensor expressions, left to the device's default schedules."""

    decode_extent = 1  # the schedules know a matrix-vector product by its constant extent

    def single_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """The same expression: its extent tells the schedules."""
        return self.many_linear(x, weights, rows, cols)

    def many_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """Dequantisation is a stage of its own, which the schedules inline into the product."""

        def compute(x: Any, *w: Any) -> Any:
            k = te.reduce_axis((0, cols), "k")
            plain = te.compute((rows, cols), lambda o, i: _decode(w, o, i), name="plain")
            return te.compute(
                (x.shape[0], rows), lambda i, o: te.sum(x[i, k] * plain[o, k], axis=k), name="linear"
            )

        return op.tensor_expr_op(compute, "linear", [x, *weights])

    def attend(self, q: Tensor, kv: Tensor, total: Any) -> Tensor:
        """Scores, softmax and mixture as three kernels over the filled part of the cache."""
        arch, n = self.arch, q.shape[0]
        heads, dim, shared = arch.num_heads, arch.head_dim, arch.num_heads // arch.num_kv_heads

        def scores(q: Any, kv: Any, total: Any) -> Any:
            k = te.reduce_axis((0, dim), "k")
            raw = te.compute(
                (heads, n, total),
                lambda h, i, t: te.sum(q[i, h, k] * kv[0, tirx.floordiv(h, shared), t, k], axis=k),
                name="scores",
            )
            return te.compute(
                raw.shape,
                lambda h, i, t: tirx.if_then_else(
                    t <= total - n + i, raw[h, i, t] * float(dim**-0.5), tirx.const(-3e38, "float32")
                ),
                name="masked",
            )

        def mix(p: Any, kv: Any) -> Any:
            t = te.reduce_axis((0, p.shape[2]), "t")
            return te.compute(
                (n, heads, dim),
                lambda i, h, k: te.sum(p[h, i, t] * kv[1, tirx.floordiv(h, shared), t, k], axis=t),
                name="mix",
            )

        weights = op.softmax(op.tensor_expr_op(scores, "scores", [q, kv, total]), -1)
        return op.reshape(op.tensor_expr_op(mix, "mix", [weights, kv]), (n, heads * dim))
