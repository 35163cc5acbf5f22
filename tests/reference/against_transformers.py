"""Compares the float64 reference of every family with the transformers library, over the same random weights.

Not part of the tests, which must not need torch; run it in an environment of its own after a change to the reference:

    python -m venv /tmp/transformers
    /tmp/transformers/bin/pip install torch transformers
    /tmp/transformers/bin/python tests/reference/against_transformers.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

sys.path.insert(0, str(Path(__file__).parent))
from decoder_float64 import Decoder64
from mlc_folder import chat_config, random_weights, write_folder
from small_models import SMALL_MODELS

CLASSES = {
    "llama": "Llama",
    "mistral": "Mistral",
    "qwen2": "Qwen2",
    "qwen3": "Qwen3",
    "phi3": "Phi3",
    "gemma": "Gemma",
    "gemma2": "Gemma2",
}
TOKENS = 100
"""More than the original context of the model that is stretched to a long one."""


def hub_config(family: str, model: dict[str, Any]) -> dict[str, Any]:
    """The keys that the published config of such a model would have."""
    config = {k: v for k, v in model.items() if v is not None}
    theta = config.pop("position_embedding_base", None) or config.pop("rope_theta", 10000)
    rope = {"rope_type": "default", **config.pop("rope_scaling", {}), "rope_theta": float(theta)}
    rope["rope_type"] = rope.pop("type", rope["rope_type"])
    if "partial_rotary_factor" in config:
        rope["partial_rotary_factor"] = config["partial_rotary_factor"]
    if rope["rope_type"] == "longrope":
        rope["original_max_position_embeddings"] = config["original_max_position_embeddings"]
    config.setdefault("max_position_embeddings", 512)
    if "sliding_window_size" in config:
        config["sliding_window"] = config.pop("sliding_window_size")
    if family.startswith("gemma"):
        config |= {"tie_word_embeddings": True, "hidden_activation": "gelu_pytorch_tanh"}
    return {**config, "rope_parameters": rope, "attn_implementation": "eager", "pad_token_id": 0}


def hub_weights(family: str, weights: dict[str, Any], model: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The same weights under the library's names: projections apart, Gemma's norms less the 1 that it adds."""
    heads, kv_heads, dim = model["num_attention_heads"], model["num_key_value_heads"], model["head_dim"]
    cuts = [heads * dim, (heads + kv_heads) * dim]
    out: dict[str, Any] = {}
    for name, values in weights.items():
        if family != "phi3" and ".qkv_proj." in name:
            for part, of in zip("qkv", np.split(values, cuts), strict=True):
                out[name.replace("qkv_proj", f"{part}_proj")] = of
        elif family != "phi3" and ".gate_up_proj." in name:
            for part, of in zip(("gate", "up"), np.split(values, 2), strict=True):
                out[name.replace("gate_up", part)] = of
        else:
            out[name] = values - 1 if family.startswith("gemma") and "norm" in name else values
    return {name: torch.tensor(values, dtype=torch.float64) for name, values in out.items()}


def main() -> None:
    """Prints the largest difference of a logit, relative to the largest logit, for each small model."""
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, {TOKENS} tokens")
    ids = [(7 * i * i + 3) % 512 for i in range(TOKENS)]
    for name, arguments in SMALL_MODELS.items():
        chat = chat_config(**arguments)
        family, model = chat["model_type"], chat["model_config"]
        with tempfile.TemporaryDirectory() as folder:
            write_folder(Path(folder), chat, random_weights(chat, 1), "q0f32", encoding="raw")
            reference = Decoder64.from_folder(Path(folder))
        config = getattr(transformers, f"{CLASSES[family]}Config")(**hub_config(family, model))
        theirs = getattr(transformers, f"{CLASSES[family]}ForCausalLM")(config).double().eval()
        missing, unexpected = theirs.load_state_dict(
            hub_weights(family, reference.weights, model), strict=False
        )
        assert not unexpected, unexpected
        assert set(missing) <= {"lm_head.weight"}, missing
        theirs.tie_weights()
        tokens = ids[:60] if name.endswith("but short") or name == "phi3" else ids
        with torch.no_grad():
            expected = theirs(torch.tensor([tokens])).logits[0].numpy()
        actual = reference.logits(tokens)
        off = np.abs(actual - expected).max() / np.abs(expected).max()
        print(f"{name:26} {off:.1e}")


if __name__ == "__main__":
    main()
