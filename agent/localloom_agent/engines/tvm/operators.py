"""The operations that are worth a schedule of their own: one version for CPUs, one for everything else."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from tvm.relax import ShapeExpr
from tvm.relax.frontend.nn import Tensor, op

from localloom_agent.artifacts.architecture import CODES_PER_WORD, Architecture, Quantization

from . import cpu_kernels, expressions
from .cache_kernels import rotate_and_store
from .scoring import Scoring


class Operators(ABC):
    """What a model is built with, for one architecture, quantisation and length of the cache."""

    decode_extent: ClassVar[int | str]
    """How many tokens decoding declares: 1, or a variable, so that it shares its kernels with prefilling."""

    def __init__(
        self, arch: Architecture, quantization: Quantization, context: int, attention: Callable[..., Any]
    ) -> None:
        """`attention` makes the attention kernel of the device: that of `cpu_attention` or `gpu_attention`."""
        self.arch = arch
        self.quantization = quantization
        self.context = context
        self._attention = attention
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

    def attend(self, q: Tensor, kv: Tensor, total: Any, layer: int) -> Tensor:
        """Causal attention over the first `total` positions of one layer's cache: `[n, heads * head_dim]`."""
        arch = self.arch
        scoring = Scoring(arch.score_scale, arch.attention_cap, arch.window_of(layer))
        kernel = self.kernel(
            self._attention, arch.num_heads, arch.num_kv_heads, arch.head_dim, self.context, scoring
        )
        out = Tensor.placeholder([q.shape[0], arch.num_heads * arch.head_dim], "float32")
        return op.tensor_ir_op(kernel, "attention", [q, kv, ShapeExpr([total])], out)

    def rotate_and_store(self, qkv: Tensor, rope: Tensor, kv: Tensor, total: Any) -> tuple[Tensor, Tensor]:
        """The turned queries, and the cache with the new keys and values in it."""
        arch = self.arch
        kernel = self.kernel(
            rotate_and_store, arch.num_heads, arch.num_kv_heads, arch.head_dim, arch.rotary.dim, self.context
        )
        kv, q = op.tensor_ir_inplace_op(
            kernel,
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
    """Products scheduled by hand. Few kernels: each costs a tenth of a second to compile."""

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


class PortableOperators(Operators):
    """Products as tensor expressions, left to the device's default schedules."""

    decode_extent = 1  # the schedules know a matrix-vector product by its constant extent

    def single_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """The same expression: its extent tells the schedules."""
        return expressions.linear(x, weights, rows, cols)

    def many_linear(self, x: Tensor, weights: list[Tensor], rows: int, cols: int) -> Tensor:
        """The plain expression."""
        return expressions.linear(x, weights, rows, cols)
