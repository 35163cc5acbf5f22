"""The hand-scheduled attention kernel for GPUs: a block of threads for every head of every token."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tvm import tirx
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script.builder import ir as T  # noqa: N812  (the name that TVM's own code gives it)

from .cpu_kernels import f32, open_kernel
from .scoring import LOWEST, Scoring

THREADS = 256
"""In a block: every kind of GPU can have as many, and no instruction of a particular one is used."""
LANES = 4
"""Float32 in the widest load there is."""


def attention(heads: int, kv_heads: int, head_dim: int, context: int, scoring: Scoring) -> Any:
    """What `cpu_attention.attention` computes, a run of `THREADS` positions at a time.

    Each thread scores one position of the run; the block brings its sums up to date with the highest score so far;
    then each thread adds up one dimension of the values, over every so many positions of the run.
    """
    parts = max(1, THREADS // head_dim)
    """How many threads share a dimension."""
    columns = -(-head_dim // THREADS)
    """How many dimensions a thread has, in heads wider than a block."""
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("attention")
        T.func_attr({"tirx.is_scheduled": True})
        q_handle, kv_handle = T.arg("q", T.handle()), T.arg("kv", T.handle())
        total = T.arg("total", tirx.Var("total", "int64"))
        out_handle = T.arg("out", T.handle())
        n = tirx.Var("n", "int64")
        q = T.match_buffer(q_handle, (n, heads, head_dim), "float32")
        kv = T.match_buffer(kv_handle, (2, kv_heads, context, head_dim), "float32")
        out = T.match_buffer(out_handle, (n, heads * head_dim), "float32")
        with T.thread_binding(n * heads, thread="blockIdx.x") as block, _threads() as thread:
            i, head = tirx.floordiv(block, heads), tirx.floormod(block, heads)
            group = tirx.floordiv(head, heads // kv_heads)
            end = total - n + i + 1
            start = scoring.first_position(end)
            weights = T.alloc_buffer((THREADS,), "float32", scope="shared")
            shared = T.alloc_buffer((THREADS,), "float32", scope="shared")
            mixed = T.alloc_buffer((columns,), "float32", scope="local")
            state = T.alloc_buffer((4,), "float32", scope="local")
            highest, sum_of_weights, correction, score = range(4)
            T.buffer_store(state, tirx.const(LOWEST, "float32"), [highest])
            T.buffer_store(state, f32(tirx.const(0)), [sum_of_weights])
            for column in range(columns):
                T.buffer_store(mixed, f32(tirx.const(0)), [column])
            with T.serial(tirx.floordiv(end - start + THREADS - 1, THREADS)) as run:
                first = start + run * THREADS
                mine = first + thread
                T.buffer_store(state, tirx.const(LOWEST, "float32"), [score])
                with T.If(mine < end), T.Then():
                    _dot(state, score, head_dim, lambda k: q[i, head, k] * kv[0, group, mine, k])
                    T.buffer_store(state, scoring.score(state[score]), [score])
                _reduce(shared, thread, state[score], tirx.max)
                T.buffer_store(
                    state, tirx.exp(state[highest] - tirx.max(state[highest], shared[0])), [correction]
                )
                T.buffer_store(state, tirx.max(state[highest], shared[0]), [highest])
                weight = tirx.if_then_else(
                    mine < end, tirx.exp(state[score] - state[highest]), tirx.const(0, "float32")
                )
                T.buffer_store(weights, weight, [thread])
                _barrier()
                _reduce(shared, thread, weights[thread], lambda a, b: a + b)
                T.buffer_store(state, state[sum_of_weights] * state[correction] + shared[0], [sum_of_weights])
                for column in range(columns):
                    k, part = _place(thread, column, head_dim)
                    T.buffer_store(mixed, mixed[column] * state[correction], [column])
                    with T.If(tirx.all(k < head_dim, part < parts)), T.Then():
                        left = tirx.min(end - first, THREADS)
                        with T.serial(tirx.floordiv(left - part + parts - 1, parts)) as j:
                            at = j * parts + part
                            T.buffer_store(
                                mixed, mixed[column] + weights[at] * kv[1, group, first + at, k], [column]
                            )
                _barrier()
            for column in range(columns):
                k, _ = _place(thread, column, head_dim)
                T.buffer_store(shared, mixed[column], [thread])
                _barrier()
                with T.If(tirx.all(k < head_dim, thread < head_dim)), T.Then():
                    terms = [shared[thread + part * head_dim] for part in range(parts)]
                    T.buffer_store(
                        out, sum(terms[1:], terms[0]) / state[sum_of_weights], [i, head * head_dim + k]
                    )
                _barrier()
    return builder.get()


def _threads() -> Any:
    return T.thread_binding(THREADS, thread="threadIdx.x")


def _barrier() -> None:
    T.evaluate(T.tvm_storage_sync("shared"))


def _place(thread: Any, column: int, head_dim: int) -> tuple[Any, Any]:
    """The dimension that a thread adds up, and its part of the positions."""
    if head_dim > THREADS:
        return thread + column * THREADS, tirx.const(0, "int64")
    return tirx.floormod(thread, head_dim), tirx.floordiv(thread, head_dim)


def _dot(into: Any, at: int, extent: int, product: Callable[[Any], Any]) -> None:
    """Sum `product(k)` over k, a vector at a time."""
    lanes = math.gcd(extent, LANES)
    sums = T.alloc_buffer((lanes,), "float32", scope="local")
    with T.vectorized(lanes) as lane:
        T.buffer_store(sums, f32(tirx.const(0)), [lane])
    with T.serial(extent // lanes) as c, T.vectorized(lanes) as lane:
        T.buffer_store(sums, sums[lane] + product(c * lanes + lane), [lane])
    terms = [sums[lane] for lane in range(lanes)]
    T.buffer_store(into, sum(terms[1:], terms[0]), [at])


def _reduce(shared: Any, thread: Any, value: Any, combine: Callable[[Any, Any], Any]) -> None:
    """`value` of all threads, combined in `shared[0]`: halves are folded onto each other."""
    _barrier()  # what `shared` held may still be read
    T.buffer_store(shared, value, [thread])
    _barrier()
    width = THREADS // 2
    while width:
        with T.If(thread < width), T.Then():
            T.buffer_store(shared, combine(shared[thread], shared[thread + width]), [thread])
        _barrier()
        width //= 2
