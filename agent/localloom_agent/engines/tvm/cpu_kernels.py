"""Hand-scheduled kernels for CPUs: matrix products over MLC's parameters.

Every kernel works in float32. Loops over lanes are vectorised by TVM; LLVM keeps the small `local` buffers in
registers. Work is spread over threads only where it is worth waking them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tvm import tirx
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script.builder import ir as T  # noqa: N812  (the name that TVM's own code gives it)

from localloom_agent.artifacts.architecture import CODES_PER_WORD, GROUP

LANES = 8
"""Float32 in a vector register of AVX2; wider machines run two of them at once."""
PARALLEL_WORK = 1 << 18
"""Multiplications below which waking the other threads costs more than they save."""
ROWS_PER_TASK = 32
TILE_ROWS, TILE_TOKENS = 4, 3
"""Of a product's register tile: its twelve sums, and what they are made of, fit in 16 vector registers."""
_ZERO = 7
"""The four-bit code of the value 0."""


def f32(value: Any) -> Any:
    """The expression as float32."""
    return value.astype("float32")


def tree_sum(terms: list[Any]) -> Any:
    """The sum as a balanced tree: short dependency chains, and less rounding."""
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        terms = [a + b for a, b in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0]


def open_kernel(name: str) -> None:
    """Begin a kernel whose buffers do not overlap, and that the compiler must not fuse with others."""
    T.func_name(name)
    T.func_attr({"tirx.noalias": True, "op_pattern": 8})


def each(extent: Any, work: int) -> Any:
    """A loop over tasks: over threads where `work` multiplications are worth it."""
    return T.parallel(extent) if work >= PARALLEL_WORK else T.serial(extent)


def fill(buffer: Any, start: Any, lanes: int, value: Callable[[Any], Any]) -> None:
    """Store `value(lane)` in `lanes` places of a flat buffer from `start`."""
    with T.vectorized(lanes) as lane:
        T.buffer_store(buffer, value(lane), [start + lane])


def nibble(word: Any, j: int) -> Any:
    """Code `j` of a packed word, as float32; its zero point is still in it."""
    shifted = tirx.shift_right(word, tirx.const(4 * j, "uint32")) if j else word
    masked = tirx.bitwise_and(shifted, tirx.const(15, "uint32")) if j < CODES_PER_WORD - 1 else shifted
    return f32(masked.astype("int32"))  # signed: AVX2 converts no unsigned integers


def scale_of(scales: Any, row: Any, word: Any) -> Any:
    """The scale of all codes of a packed word, as float32."""
    return f32(scales[row, tirx.floordiv(word, GROUP // CODES_PER_WORD)])


def matvec_q4(rows: int, cols: int, dtype: str) -> Any:
    """`y[0] = x[0] @ w.T` for four-bit `w[rows, cols]`, dequantised in registers.

    Eight packed words are loaded at once, and code `j` of all eight is taken by one shift and one mask; the vector
    that they meet holds the elements `j, j + 8, j + 16, …`, which is why x is first laid out by its place inside a
    word. The zero point is subtracted once per word, not once per code: `-7 * sum(x)` is kept as a ninth row.
    """
    words = cols // CODES_PER_WORD
    lanes = math.gcd(words, LANES)
    per_task = math.gcd(rows, ROWS_PER_TASK)
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("matvec_q4")
        handles = [T.arg(name, T.handle()) for name in ("x", "w", "s", "y")]
        n = tirx.Var("n", "int64")
        x = T.match_buffer(handles[0], (n, cols), "float32")
        w = T.match_buffer(handles[1], (rows, words), "uint32")
        s = T.match_buffer(handles[2], (rows, cols // GROUP), dtype)
        y = T.match_buffer(handles[3], (n, rows), "float32")
        by_place = T.sblock_alloc_buffer((CODES_PER_WORD + 1, words), "float32")
        with T.serial(words) as i:
            parts = [x[0, i * CODES_PER_WORD + j] for j in range(CODES_PER_WORD)]
            for j, part in enumerate(parts):
                T.buffer_store(by_place, part, [j, i])
            T.buffer_store(by_place, tree_sum(parts) * float(-_ZERO), [CODES_PER_WORD, i])
        with each(rows // per_task, rows * cols) as task, T.serial(per_task) as r:
            row = task * per_task + r
            total = T.alloc_buffer((lanes,), "float32", scope="local")
            fill(total, 0, lanes, lambda _: f32(tirx.const(0)))
            with T.serial(words // lanes) as i, T.vectorized(lanes) as lane:
                word = i * lanes + lane
                terms = [nibble(w[row, word], j) * by_place[j, word] for j in range(CODES_PER_WORD)]
                # Two chains of fused multiply-adds: one would wait for itself, more would not stay fused.
                even = by_place[CODES_PER_WORD, word] + terms[0] + terms[2] + terms[4] + terms[6]
                odd = terms[1] + terms[3] + terms[5] + terms[7]
                T.buffer_store(total, total[lane] + (even + odd) * scale_of(s, row, word), [lane])
            T.buffer_store(y, tree_sum([total[lane] for lane in range(lanes)]), [0, row])
    return builder.get()


def matvec(rows: int, cols: int, dtype: str) -> Any:
    """`y[0] = x[0] @ w.T` for plain `w[rows, cols]`; up to four sums run side by side."""
    lanes = math.gcd(cols, LANES)
    chains = math.gcd(cols // lanes, 4)
    step = chains * lanes
    per_task = math.gcd(rows, ROWS_PER_TASK)
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("matvec")
        handles = [T.arg(name, T.handle()) for name in ("x", "w", "y")]
        n = tirx.Var("n", "int64")
        x = T.match_buffer(handles[0], (n, cols), "float32")
        w = T.match_buffer(handles[1], (rows, cols), dtype)
        y = T.match_buffer(handles[2], (n, rows), "float32")
        with each(rows // per_task, rows * cols) as task, T.serial(per_task) as r:
            row = task * per_task + r
            total = T.alloc_buffer((step,), "float32", scope="local")
            fill(total, 0, step, lambda _: f32(tirx.const(0)))
            with T.serial(cols // step) as i:
                fill(total, 0, step, lambda k: total[k] + x[0, i * step + k] * f32(w[row, i * step + k]))
            T.buffer_store(y, tree_sum([total[k] for k in range(step)]), [0, row])
    return builder.get()


def matmul(tile: int, lanes: int, dtype: str, *, four_bit: bool) -> Any:
    """`y[n, rows] = x[n, cols] @ w.T` for any extents: `tile` rows at a time are dequantised once for all tokens.

    `rows` is a multiple of `tile`, the vectors of a row (for four-bit `w`, of its words) one of `lanes`. A four-bit
    `w` wants the columns of `x` as `by_place` orders them.
    """
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("matmul_q4" if four_bit else "matmul")
        names = ("x", "w", "s", "y") if four_bit else ("x", "w", "y")
        handles = [T.arg(name, T.handle()) for name in names]
        n, rows, width = (tirx.Var(name, "int64") for name in ("n", "rows", "width"))
        cols = width * CODES_PER_WORD if four_bit else width
        x = T.match_buffer(handles[0], (n, cols), "float32")
        w = T.match_buffer(handles[1], (rows, width), "uint32" if four_bit else dtype)
        s = T.match_buffer(handles[2], (rows, tirx.Var("groups", "int64")), dtype) if four_bit else None
        y = T.match_buffer(handles[-1], (n, rows), "float32")
        with T.parallel(tirx.floordiv(rows, tile)) as task:
            plain = T.alloc_buffer((tile, cols), "float32")
            with T.serial(tile) as r, T.serial(tirx.floordiv(width, lanes)) as i:
                row = task * tile + r
                for j in range(CODES_PER_WORD if four_bit else 1):
                    with T.vectorized(lanes) as lane:
                        at = i * lanes + lane
                        value = f32(w[row, at])
                        if four_bit:
                            value = (nibble(w[row, at], j) - float(_ZERO)) * scale_of(s, row, at)
                        T.buffer_store(plain, value, [r, j * width + at])
            _multiply_tile(x, plain, y, task * tile, (tile, lanes))
    return builder.get()


def _multiply_tile(x: Any, plain: Any, y: Any, first_row: Any, shape: tuple[int, int]) -> None:
    """`y[:, first_row + r] = x @ plain[r]` for the rows of a tile, a few tokens at a time."""
    tile, lanes = shape
    n, cols = x.shape
    cells = [(r, t) for r in range(tile) for t in range(TILE_TOKENS)]
    with T.serial(tirx.floordiv(n + TILE_TOKENS - 1, TILE_TOKENS)) as i:
        # The last tile may hold the last token several times: it is computed as often, to the same place.
        tokens = [tirx.min(i * TILE_TOKENS + t, n - 1) for t in range(TILE_TOKENS)]
        total = T.alloc_buffer((len(cells) * lanes,), "float32", scope="local")
        fill(total, 0, len(cells) * lanes, lambda _: f32(tirx.const(0)))
        with T.serial(tirx.floordiv(cols, lanes)) as k:
            for c, (r, t) in enumerate(cells):
                with T.vectorized(lanes) as lane:
                    product = x[tokens[t], k * lanes + lane] * plain[r, k * lanes + lane]
                    T.buffer_store(total, total[c * lanes + lane] + product, [c * lanes + lane])
        for c, (r, t) in enumerate(cells):
            T.buffer_store(
                y, tree_sum([total[c * lanes + lane] for lane in range(lanes)]), [tokens[t], first_row + r]
            )


def by_place() -> Any:
    """The columns of `x[n, cols]` ordered by their place inside a packed word first, then by word."""
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("by_place")
        x_handle, y_handle = T.arg("x", T.handle()), T.arg("y", T.handle())
        n, cols = tirx.Var("n", "int64"), tirx.Var("cols", "int64")
        x = T.match_buffer(x_handle, (n, cols), "float32")
        y = T.match_buffer(y_handle, (n, cols), "float32")
        words = tirx.floordiv(cols, CODES_PER_WORD)
        extents = (n, words, CODES_PER_WORD)
        with T.grid(*extents) as loops, T.sblock("by_place"):
            i, word, j = (T.axis.spatial(e, v) for e, v in zip(extents, loops, strict=True))
            T.buffer_store(y, x[i, word * CODES_PER_WORD + j], [i, j * words + word])
    return builder.get()
