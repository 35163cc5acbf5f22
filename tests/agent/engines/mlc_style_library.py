"""A small unquantised Llama compiled in MLC's calling convention: `embed`, `prefill`, `decode` over a paged KV cache."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from tvm import relax, te, tirx
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn import Tensor, op
from tvm.relax.frontend.nn.llm.kv_cache import PagedKVCache, RopeMode, TIRPagedKVCache
from tvm.target import Target


class Attention(nn.Module):
    """Attention that leaves positions and the cache to the runtime."""

    def __init__(self, c: dict[str, Any]) -> None:
        self.heads, self.kv_heads, self.dim = (
            c["num_attention_heads"],
            c["num_key_value_heads"],
            c["head_dim"],
        )
        rows = (self.heads + 2 * self.kv_heads) * self.dim
        self.qkv_proj = nn.Linear(c["hidden_size"], rows, bias=False)
        self.o_proj = nn.Linear(self.heads * self.dim, c["hidden_size"], bias=False)

    def forward(self, x: Tensor, cache: PagedKVCache, layer: int) -> Tensor:
        """One layer's attention."""
        b, s, _ = x.shape
        qkv = op.reshape(self.qkv_proj(x), (b, s, self.heads + 2 * self.kv_heads, self.dim))
        mixed = cache.attention_with_fused_qkv(layer, qkv, self.heads, sm_scale=self.dim**-0.5)
        return self.o_proj(op.reshape(mixed, (b, s, self.heads * self.dim)))


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, c: dict[str, Any]) -> None:
        self.gate_up_proj = nn.Linear(c["hidden_size"], 2 * c["intermediate_size"], bias=False)
        self.down_proj = nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """The block."""
        gate, up = op.split(self.gate_up_proj(x), 2, axis=-1)
        return self.down_proj(op.silu(gate) * up)


class Layer(nn.Module):
    """One layer."""

    def __init__(self, c: dict[str, Any]) -> None:
        self.self_attn, self.mlp = Attention(c), FeedForward(c)
        self.input_layernorm = nn.RMSNorm(c["hidden_size"], -1, c["rms_norm_eps"], bias=False)
        self.post_attention_layernorm = nn.RMSNorm(c["hidden_size"], -1, c["rms_norm_eps"], bias=False)

    def forward(self, x: Tensor, cache: PagedKVCache, layer: int) -> Tensor:
        """Attention and feed-forward with their residuals."""
        x = x + self.self_attn(self.input_layernorm(x), cache, layer)
        return x + self.mlp(self.post_attention_layernorm(x))


class Body(nn.Module):
    """Everything below the head."""

    def __init__(self, c: dict[str, Any]) -> None:
        self.embed_tokens = nn.Embedding(c["vocab_size"], c["hidden_size"])
        self.layers = nn.ModuleList([Layer(c) for _ in range(c["num_hidden_layers"])])
        self.norm = nn.RMSNorm(c["hidden_size"], -1, c["rms_norm_eps"], bias=False)


def _last(x: Any) -> Any:
    return te.compute((1, 1, x.shape[2]), lambda i, j, k: x[i, x.shape[1] - 1 + j, k], name="last")


class Model(nn.Module):
    """The functions that a library of MLC's has."""

    def __init__(self, c: dict[str, Any]) -> None:
        self.c = c
        self.model = Body(c)
        self.lm_head = nn.Linear(c["hidden_size"], c["vocab_size"], bias=False)

    def embed(self, ids: Tensor) -> Tensor:
        """Rows of the embedding, `[n, hidden]`."""
        return self.model.embed_tokens(ids)

    def _forward(self, x: Tensor, cache: PagedKVCache) -> tuple[Tensor, PagedKVCache]:
        for index, layer in enumerate(self.model.layers):
            x = layer(x, cache, index)
        return self.lm_head(op.tensor_expr_op(_last, "last", [self.model.norm(x)])), cache

    def prefill(self, x: Tensor, cache: PagedKVCache) -> tuple[Tensor, PagedKVCache]:
        """Logits after the last of `x[1, n, hidden]`."""
        return self._forward(x, cache)

    def decode(self, x: Tensor, cache: PagedKVCache) -> tuple[Tensor, PagedKVCache]:
        """The same for one token."""
        return self._forward(x, cache)

    def create_tir_paged_kv_cache(
        self, batch: tirx.Var, total: tirx.Var, chunk: tirx.Var, page: tirx.Var, sliding: tirx.Var
    ) -> PagedKVCache:
        """An empty cache."""
        c = self.c
        return TIRPagedKVCache(
            attn_kind="mha",
            max_batch_size=batch,
            max_total_seq_len=total,
            prefill_chunk_size=chunk,
            page_size=page,
            support_sliding_window=sliding,
            layer_partition=relax.ShapeExpr([0, c["num_hidden_layers"]]),
            num_hidden_layers=c["num_hidden_layers"],
            num_attention_heads=c["num_attention_heads"],
            num_key_value_heads=c["num_key_value_heads"],
            qk_head_dim=c["head_dim"],
            v_head_dim=c["head_dim"],
            mla_original_qk_head_dim=0,
            mla_original_v_head_dim=0,
            rope_mode=RopeMode.NORMAL,
            rope_scale=1,
            rope_theta=c["position_embedding_base"],
            rope_scaling={},
            rope_ext_factors=relax.prim_value(0),
            rotary_dim=c["head_dim"],
            enable_disaggregation=False,
            dtype="float32",
            target=Target("llvm"),
        )


def build(config: dict[str, Any], leave_out: Collection[str] = ()) -> Any:
    """The executable for an `mlc-chat-config.json` of a q0f32 Llama, without the functions `leave_out`."""
    import tvm

    c = config["model_config"]
    hidden, mode = c["hidden_size"], {"param_mode": "packed", "effect_mode": "none"}
    cache = nn.spec.Object(object_type=PagedKVCache)
    sizes = dict.fromkeys(("batch", "total", "chunk", "page", "sliding"), int)
    spec = {
        "embed": {"ids": nn.spec.Tensor(["n"], "int32"), "$": mode},
        "prefill": {"x": nn.spec.Tensor([1, "n", hidden], "float32"), "cache": cache, "$": mode},
        "decode": {"x": nn.spec.Tensor([1, 1, hidden], "float32"), "cache": cache, "$": mode},
        "create_tir_paged_kv_cache": {**sizes, "$": {"param_mode": "none", "effect_mode": "none"}},
    }
    for name in leave_out:
        del spec[name]
    module, parameters, _ = Model(c).export_tvm(spec=spec, allow_extern=True)
    document = {
        "model_type": config["model_type"],
        "quantization": config["quantization"],
        "context_window_size": c["context_window_size"],
        "prefill_chunk_size": c["prefill_chunk_size"],
        "params": [
            {"name": name, "shape": [int(s) for s in value.shape], "dtype": value.dtype, "preprocs": []}
            for name, value in parameters
        ],
    }
    builder = relax.BlockBuilder(module)
    with builder.function("_metadata", params=[]):
        builder.emit_func_output(tvm.ir.StringImm(json.dumps(document)))
    module = builder.finalize()
    target = Target("llvm")
    with target:
        return tvm.compile(module, target=target)


def export(executable: Any, path: Path) -> None:
    """Write it as a shared library: needs a C compiler."""
    executable.export_library(str(path))
