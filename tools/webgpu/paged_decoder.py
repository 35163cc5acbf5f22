"""The engine's own decoder in the calling convention of MLC's libraries: embeddings in, and a paged KV cache."""

from __future__ import annotations

from typing import Any

from tvm import relax, tirx
from tvm.relax.frontend.nn import Tensor, op
from tvm.relax.frontend.nn.llm.kv_cache import PagedKVCache, RopeMode, TIRPagedKVCache

from localloom_agent.artifacts.architecture import Architecture, Quantization
from localloom_agent.engines.tvm.model import Decoder
from localloom_agent.engines.tvm.operators import PortableOperators


class PagedOperators(PortableOperators):
    """Products as everywhere; positions, the cache and attention are the runtime's."""

    def rotate_and_store(self, qkv: Tensor, rope: Any, kv: Any, total: Any) -> tuple[Tensor, Any]:
        """Nothing yet: the cache turns what it stores."""
        del rope, total
        return qkv, kv

    def attend(self, q: Tensor, kv: PagedKVCache, total: Any, layer: int) -> Tensor:
        """Attention over the cache of the fused projection `q[n, (heads + 2 * kv_heads) * head_dim]`."""
        del total
        arch = self.arch
        fused = op.reshape(q, (1, q.shape[0], arch.num_heads + 2 * arch.num_kv_heads, arch.head_dim))
        mixed = kv.attention_with_fused_qkv(layer, fused, arch.num_heads, sm_scale=arch.score_scale)
        return op.reshape(mixed, (q.shape[0], arch.num_heads * arch.head_dim))


class PagedDecoder(Decoder):
    """What WebLLM calls to make a cache and to run the model over it."""

    def __init__(self, arch: Architecture, quantization: Quantization, context: int, target: Any) -> None:
        """`target` is the tvm.target.Target: the cache's kernels are written for it."""
        super().__init__(PagedOperators(arch, quantization, context, _no_attention))
        self.target = target

    def prefill(self, x: Tensor, cache: PagedKVCache) -> tuple[Tensor, PagedKVCache]:  # type: ignore[override]
        """Logits `[1, 1, vocab]` after the last of the embedded tokens `x[1, n, hidden]`."""
        arch = self.ops.arch
        rows = op.reshape(x, (x.shape[1], arch.hidden_size))
        logits = self.logits(rows, None, [cache] * arch.num_layers, None)
        return op.reshape(logits, (1, 1, arch.vocab_size)), cache

    def decode(self, x: Tensor, cache: PagedKVCache) -> tuple[Tensor, PagedKVCache]:  # type: ignore[override]
        """The same for a single token."""
        with self.ops.single_token():
            return self.prefill(x, cache)

    def create_tir_paged_kv_cache(
        self, batch: tirx.Var, total: tirx.Var, chunk: tirx.Var, page: tirx.Var, sliding: tirx.Var
    ) -> PagedKVCache:
        """An empty cache of `total` positions in pages of `page`; `chunk` tokens are fed at a time."""
        arch = self.ops.arch
        return TIRPagedKVCache(
            attn_kind="mha",
            max_batch_size=batch,
            max_total_seq_len=total,
            prefill_chunk_size=chunk,
            page_size=page,
            support_sliding_window=sliding,
            layer_partition=relax.ShapeExpr([0, arch.num_layers]),
            num_hidden_layers=arch.num_layers,
            num_attention_heads=arch.num_heads,
            num_key_value_heads=arch.num_kv_heads,
            qk_head_dim=arch.head_dim,
            v_head_dim=arch.head_dim,
            mla_original_qk_head_dim=0,
            mla_original_v_head_dim=0,
            rope_mode=RopeMode.NORMAL,
            rope_scale=1,
            rope_theta=arch.rotary.theta,
            rope_scaling={},
            rope_ext_factors=relax.prim_value(0),
            rotary_dim=arch.rotary.dim,
            enable_disaggregation=False,
            dtype="float32",
            target=self.target,
        )


def _no_attention(*_: Any) -> Any:
    raise AssertionError("attention is the cache's")
