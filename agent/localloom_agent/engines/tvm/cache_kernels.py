"""The kernel that turns queries and keys by their position and writes keys and values into the cache, in place."""

from __future__ import annotations

from typing import Any

from tvm import tirx
from tvm.script.ir_builder import IRBuilder
from tvm.tirx.script.builder import ir as T  # noqa: N812  (the name that TVM's own code gives it)


def rotate_and_store(heads: int, kv_heads: int, head_dim: int, rotary_dim: int, context: int) -> Any:
    """`q[n, heads, head_dim]` from the fused projection `qkv`; rows `total - n … total - 1` of `kv` are written.

    `rope[0]` and `rope[1]` hold the cosine and sine of every position and rotated pair: the first `rotary_dim`
    dimensions of a head are turned, the others are copied. Written as two spatial
    blocks, so that the schedules of every kind of device can take it.
    """
    half = rotary_dim // 2
    with IRBuilder() as builder, T.prim_func(is_private=True, s_tir=True):
        T.func_name("rotate_and_store")
        T.func_attr({"tirx.noalias": True, "op_pattern": 8})
        handles = [T.arg(a, T.handle()) for a in ("qkv", "rope", "kv")]
        total = T.arg("total", tirx.Var("total", "int64"))
        q_handle = T.arg("q", T.handle())
        n = tirx.Var("n", "int64")
        qkv = T.match_buffer(handles[0], (n, (heads + 2 * kv_heads) * head_dim), "float32")
        rope = T.match_buffer(handles[1], (2, context, half), "float32")
        kv = T.match_buffer(handles[2], (2, kv_heads, context, head_dim), "float32")
        q = T.match_buffer(q_handle, (n, heads, head_dim), "float32")

        def turned(i: Any, head: Any, k: Any) -> Any:
            pair, start = tirx.floormod(k, half), head * head_dim
            low, high = qkv[i, start + pair], qkv[i, start + pair + half]
            cos, sin = rope[0, total - n + i, pair], rope[1, total - n + i, pair]
            pairs = tirx.if_then_else(k < half, low * cos - high * sin, high * cos + low * sin)
            return (
                pairs
                if rotary_dim == head_dim
                else tirx.if_then_else(k < rotary_dim, pairs, qkv[i, start + k])
            )

        with T.grid(n, heads, head_dim) as loops, T.sblock("rotate"):
            i, head, k = (T.axis.spatial(e, v) for e, v in zip((n, heads, head_dim), loops, strict=True))
            T.buffer_store(q, turned(i, head, k), [i, head, k])
        with T.grid(n, 2, kv_heads, head_dim) as loops, T.sblock("store"):
            i, side, head, k = (
                T.axis.spatial(e, v) for e, v in zip((n, 2, kv_heads, head_dim), loops, strict=True)
            )
            value = qkv[i, (heads + kv_heads + head) * head_dim + k]
            T.buffer_store(
                kv,
                tirx.if_then_else(side == 0, turned(i, heads + head, k), value),
                [side, head, total - n + i, k],
            )
    return builder.get()
