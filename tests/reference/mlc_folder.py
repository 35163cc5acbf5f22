"""Small MLC model folders of any Llama shape and quantisation, with random weights, for tests of engines and loaders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools" / "canary"))
from mlc_format import QUANTIZATIONS, convert_q4f16_to_q4f32, write_folder

__all__ = ["QUANTIZATIONS", "chat_config", "convert_q4f16_to_q4f32", "random_weights", "write_folder"]


def chat_config(**model_config: Any) -> dict[str, Any]:
    """An `mlc-chat-config.json` of a two-layer Llama; `model_config` overrides its dimensions."""
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
        "model_type": "llama",
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

    def matrix(rows: int, cols: int) -> npt.NDArray[np.float32]:
        return (random.standard_normal((rows, cols)) / np.sqrt(cols)).astype(np.float32)

    def norm() -> npt.NDArray[np.float32]:
        return random.uniform(0.5, 1.5, hidden).astype(np.float32)

    weights = {"model.embed_tokens.weight": matrix(vocabulary, hidden)}
    for index in range(model["num_hidden_layers"]):
        name = f"model.layers.{index}"
        weights[f"{name}.self_attn.qkv_proj.weight"] = matrix((heads + 2 * kv_heads) * dim, hidden)
        weights[f"{name}.self_attn.o_proj.weight"] = matrix(hidden, heads * dim)
        weights[f"{name}.mlp.gate_up_proj.weight"] = matrix(2 * inner, hidden)
        weights[f"{name}.mlp.down_proj.weight"] = matrix(hidden, inner)
        weights[f"{name}.input_layernorm.weight"] = norm()
        weights[f"{name}.post_attention_layernorm.weight"] = norm()
    weights["model.norm.weight"] = norm()
    if not model["tie_word_embeddings"]:
        weights["lm_head.weight"] = matrix(vocabulary, hidden)
    return weights
