"""A small model of every family that the embedded engine builds: what sets each apart, at a size that tests can run."""

from __future__ import annotations

from typing import Any

_LONG = {
    "max_position_embeddings": 512,
    "rope_scaling": {
        "type": "longrope",
        "short_factor": [1.0 + i / 100 for i in range(12)],
        "long_factor": [1.0 + i / 3 for i in range(12)],
    },
    "partial_rotary_factor": 0.75,
}
SMALL_MODELS: dict[str, dict[str, Any]] = {
    "llama": {},
    "llama, Llama 3's rope": {
        "position_embedding_base": 500000,
        "rope_scaling": {
            "rope_type": "llama3",
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        },
    },
    "llama as SmolLM2": {
        "hidden_size": 96,
        "num_attention_heads": 3,
        "num_key_value_heads": 1,
        "tie_word_embeddings": True,
        "position_embedding_base": 100000,
    },
    "mistral": {"model_type": "mistral", "sliding_window_size": 5, "attention_sink_size": 4},
    "qwen2": {
        "model_type": "qwen2",
        "hidden_size": 128,
        "hidden_act": "silu",
        "rope_theta": 1000000,
        "position_embedding_base": None,
        "tie_word_embeddings": True,
    },
    "qwen3": {
        "model_type": "qwen3",
        "attention_bias": False,
        "hidden_act": "silu",
        "rope_theta": 1000000,
        "position_embedding_base": None,
    },
    "phi3": {"model_type": "phi3", "hidden_size": 128, "original_max_position_embeddings": 512},
    "phi3, long": {
        "model_type": "phi3",
        "hidden_size": 128,
        "original_max_position_embeddings": 64,
        **_LONG,
    },
    "phi3, long but short": {
        "model_type": "phi3",
        "hidden_size": 128,
        "original_max_position_embeddings": 256,
        **_LONG,
    },
    "gemma": {
        "model_type": "gemma",
        "hidden_activation": None,
        "hidden_act": "gelu",
        "attention_bias": False,
        "num_key_value_heads": 1,
    },
    "gemma2": {
        "model_type": "gemma2",
        "hidden_activation": "gelu_pytorch_tanh",
        "attention_bias": False,
        "attn_logit_softcapping": 2.0,
        "final_logit_softcapping": 3.0,
        "query_pre_attn_scalar": 24,
        "sliding_window": 5,
    },
}
"""Arguments of `mlc_folder.chat_config`. Windows and caps are small enough to matter in a dozen tokens."""
