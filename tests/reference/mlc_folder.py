"""Small MLC model folders of any family, shape and quantisation, with random weights, for tests of engines and loaders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "canary"))
from mlc_format import QUANTIZATIONS, convert_q4f16_to_q4f32, write_folder

__all__ = ["QUANTIZATIONS", "chat_config", "convert_q4f16_to_q4f32", "random_weights", "write_folder"]


def chat_config(model_type: str = "llama", **model_config: Any) -> dict[str, Any]:
    """An `mlc-chat-config.json` of a two-layer model; `model_config` overrides a small Llama's dimensions."""
    model = {
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "num_hidden_layers": 2,
        "rms_norm_eps": 1e-5,
        "vocab_size": 512,
        "tie_word_embeddings": False,
        "position_embedding_base": 10000,
        "context_window_size": 128,
        "prefill_chunk_size": 128,
        "tensor_parallel_shards": 1,
        **model_config,
    }
    return {
        "version": "0.1.0",
        "model_type": model_type,
        "quantization": "q0f32",
        "model_config": model,
        "vocab_size": model["vocab_size"],
        "context_window_size": model["context_window_size"],
        "sliding_window_size": -1,
        "prefill_chunk_size": model["prefill_chunk_size"],
        "attention_sink_size": -1,
        "tensor_parallel_shards": 1,
        "temperature": 0.0,
        "top_p": 1.0,
        "tokenizer_files": ["tokenizer.json", "tokenizer_config.json"],
        "tokenizer_info": {
            "token_postproc_method": "byte_level",
            "prepend_space_in_encode": False,
            "strip_space_in_decode": False,
        },
        "conv_template": {
            "name": "plain",
            "system_template": "{system_message}",
            "system_message": "",
            "roles": {"user": "user", "assistant": "assistant"},
            "role_templates": {"user": "{user_message}", "assistant": "{assistant_message}"},
            "seps": ["\n"],
            "role_content_sep": ": ",
            "role_empty_sep": ": ",
            "stop_str": [],
            "stop_token_ids": [2],
        },
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
    }


def random_weights(config: dict[str, Any], seed: int) -> dict[str, npt.NDArray[np.float32]]:
    """Draws weights for a chat config's shape, by MLC's unquantised names, scaled so that activations stay near 1."""
    random = np.random.default_rng(seed)
    model = config["model_config"]
    hidden, inner, vocabulary = model["hidden_size"], model["intermediate_size"], model["vocab_size"]
    heads, kv_heads, dim = model["num_attention_heads"], model["num_key_value_heads"], model["head_dim"]
    family = config["model_type"]
    extra = ["pre_feedforward_layernorm", "post_feedforward_layernorm"] if family == "gemma2" else []

    def matrix(rows: int, cols: int) -> npt.NDArray[np.float32]:
        return (random.standard_normal((rows, cols)) / np.sqrt(cols)).astype(np.float32)

    def vector(size: int, low: float = 0.5, high: float = 1.5) -> npt.NDArray[np.float32]:
        return random.uniform(low, high, size).astype(np.float32)

    weights = {"model.embed_tokens.weight": matrix(vocabulary, hidden)}
    for index in range(model["num_hidden_layers"]):
        name = f"model.layers.{index}"
        weights[f"{name}.self_attn.qkv_proj.weight"] = matrix((heads + 2 * kv_heads) * dim, hidden)
        if family == "qwen2":
            weights[f"{name}.self_attn.qkv_proj.bias"] = vector((heads + 2 * kv_heads) * dim, -1, 1)
        if family == "qwen3":
            weights[f"{name}.self_attn.q_norm.weight"] = vector(dim)
            weights[f"{name}.self_attn.k_norm.weight"] = vector(dim)
        weights[f"{name}.self_attn.o_proj.weight"] = matrix(hidden, heads * dim)
        weights[f"{name}.mlp.gate_up_proj.weight"] = matrix(2 * inner, hidden)
        weights[f"{name}.mlp.down_proj.weight"] = matrix(hidden, inner)
        for norm in ("input_layernorm", "post_attention_layernorm", *extra):
            weights[f"{name}.{norm}.weight"] = vector(hidden)
    weights["model.norm.weight"] = vector(hidden)
    if not model["tie_word_embeddings"] and not family.startswith("gemma"):
        weights["lm_head.weight"] = matrix(vocabulary, hidden)
    return {mlc_name(family, name): weight for name, weight in weights.items()}


def mlc_name(family: str, name: str) -> str:
    """What MLC calls a family's parameter that it would call `name` in a Llama."""
    if family in ("qwen2", "qwen3"):
        return name.replace(".qkv_proj.", ".c_attn.")
    if family == "phi3":
        for ours, theirs in _PHI3.items():
            name = name.replace(ours, theirs)
    return name


_PHI3 = {
    "model.embed_tokens.": "transformer.embd.",
    "model.layers.": "transformer.h.",
    "model.norm.": "transformer.norm.",
    ".self_attn.o_proj.": ".mixer.out_proj.",
    ".self_attn.": ".mixer.",
    ".input_layernorm.": ".ln.",
}
