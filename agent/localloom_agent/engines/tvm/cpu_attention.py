"""The hand-scheduled attention kernel for CPUs: it reads the filled part of the KV cache, and nothing else."""

from __future__ import annotations

import math
from typing import Any

from tvm import tirx
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script.builder import ir as T  # noqa: N812  (the name that TVM's own code gives it)

from .cpu_kernels import LANES, each, f32, fill, open_kernel, tree_sum
from .scoring import LOWEST, Scoring


def attention(heads: int, kv_heads: int, head_dim: int, context: int, scoring: Scoring) -> Any:
    """`out[n, heads * head_dim]`: causal attention of `q[n, heads, head_dim]` over the first `total` positions.

    The last of the n tokens stands at position `total - 1`. Each task is one head of one token: its scores, their
    softmax, and the mixture of values, whose sums stay in registers while the positions go by.
    """
    lanes = math.gcd(head_dim, LANES)
    chunk = math.gcd(head_dim, LANES * lanes)
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        open_kernel("attention")
        q_handle, kv_handle = T.arg("q", T.handle()), T.arg("kv", T.handle())
        total = T.arg("total", tirx.Var("total", "int64"))
        out_handle = T.arg("out", T.handle())
        n = tirx.Var("n", "int64")
        q = T.match_buffer(q_handle, (n, heads, head_dim), "float32")
        kv = T.match_buffer(kv_handle, (2, kv_heads, context, head_dim), "float32")
        out = T.match_buffer(out_handle, (n, heads * head_dim), "float32")
        with each(n * heads, heads * head_dim * context) as task:
            i, head = tirx.floordiv(task, heads), tirx.floormod(task, heads)
            group = tirx.floordiv(head, heads // kv_heads)
            end = total - n + i + 1
            start = scoring.first_position(end)
            filled = end - start
            scores = T.alloc_buffer((context,), "float32")
            highest = T.alloc_buffer((1,), "float32", scope="local")
            weight = T.alloc_buffer((1,), "float32", scope="local")
            sums = T.alloc_buffer((chunk,), "float32", scope="local")
            T.buffer_store(highest, tirx.const(LOWEST, "float32"), [0])
            T.buffer_store(weight, f32(tirx.const(0)), [0])
            with T.serial(filled) as t:
                fill(sums, 0, lanes, lambda k: q[i, head, k] * kv[0, group, start + t, k])
                with T.serial(head_dim // lanes - 1) as c:
                    at = (c + 1) * lanes
                    fill(
                        sums,
                        0,
                        lanes,
                        lambda k: sums[k] + q[i, head, at + k] * kv[0, group, start + t, at + k],
                    )
                T.buffer_store(scores, scoring.score(tree_sum([sums[k] for k in range(lanes)])), [t])
                T.buffer_store(highest, tirx.max(highest[0], scores[t]), [0])
            with T.serial(filled) as t:
                T.buffer_store(scores, tirx.exp(scores[t] - highest[0]), [t])
                T.buffer_store(weight, weight[0] + scores[t], [0])
            with T.serial(head_dim // chunk) as c:
                first = c * chunk
                fill(sums, 0, chunk, lambda _: f32(tirx.const(0)))
                with T.serial(filled) as t:
                    fill(sums, 0, chunk, lambda k: sums[k] + scores[t] * kv[1, group, start + t, first + k])
                with T.vectorized(chunk) as k:
                    T.buffer_store(out, sums[k] / weight[0], [i, head * head_dim + first + k])
    return builder.get()
