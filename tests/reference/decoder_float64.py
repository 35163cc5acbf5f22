"""A float64 pass of every family that the embedded engine builds, in numpy: `llama_float64` with what sets each apart.

Each difference is written from the family's paper or from its published code, in the plainest form, and reads MLC's
own keys. `against_transformers.py` beside it compares it with the transformers library.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from llama_float64 import Cache, Float64, Llama64, Shape, float64_weights

NAMES: dict[str, dict[str, str]] = {
    "qwen2": {".c_attn.": ".qkv_proj."},
    "qwen3": {".c_attn.": ".qkv_proj."},
    "phi3": {
        "transformer.embd.": "model.embed_tokens.",
        "transformer.h.": "model.layers.",
        "transformer.norm.": "model.norm.",
        ".mixer.out_proj.": ".self_attn.o_proj.",
        ".mixer.": ".self_attn.",
        ".ln.": ".input_layernorm.",
    },
}
"""What MLC calls a part in a family, and what it calls it in a Llama."""


def llama_name(family: str, name: str) -> str:
    """A parameter's name as a Llama would have it."""
    for theirs, ours in NAMES.get(family, {}).items():
        name = name.replace(theirs, ours)
    return name


@dataclass(frozen=True, slots=True)
class Decoder64(Llama64):
    """A decoder of any of the families; weights are held under a Llama's names."""

    family: str
    config: dict[str, Any]
    """The folder's `model_config`."""
    context: int

    @classmethod
    def from_folder(cls, path: Path) -> Decoder64:
        """Reads an MLC folder."""
        config = json.loads((path / "mlc-chat-config.json").read_text(encoding="utf-8"))
        family = config["model_type"]
        weights = {llama_name(family, name): weight for name, weight in float64_weights(path).items()}
        model = config["model_config"]
        return cls(Shape.from_config(model), weights, family, model, config["context_window_size"])

    @property
    def gemma(self) -> bool:
        """Whether this is one of Gemma's two generations."""
        return self.family.startswith("gemma")

    def logits(self, token_ids: Sequence[int], cache: Cache | None = None) -> Float64:
        """Returns `(n, vocab)` logits of `n` tokens; with `cache`, they follow what it holds, and join it."""
        cache = Cache() if cache is None else cache
        position = cache.length
        if not cache.keys:
            empty = np.empty((0, self.shape.num_key_value_heads, self.shape.head_dim))
            cache.keys.extend([empty] * self.shape.num_hidden_layers)
            cache.values.extend([empty] * self.shape.num_hidden_layers)
        embedding = self.weights["model.embed_tokens.weight"]
        x = embedding[np.asarray(token_ids, dtype=np.int64)]
        if self.gemma:
            x = x * math.sqrt(self.shape.hidden_size)
        for index in range(self.shape.num_hidden_layers):
            x = self._layer(index, x, position, cache)
        tied = self.gemma or self.shape.tie_word_embeddings
        scores = self._norm(x, "model.norm") @ (embedding if tied else self.weights["lm_head.weight"]).T
        cap = self.config.get("final_logit_softcapping")
        return cap * np.tanh(scores / cap) if cap else scores

    def _layer(self, index: int, x: Float64, position: int, cache: Cache) -> Float64:
        name = f"model.layers.{index}"
        attended = self._attention(index, self._norm(x, f"{name}.input_layernorm"), position, cache)
        if self.family != "gemma2":
            x = x + attended
            return x + self._mlp(f"{name}.mlp", self._norm(x, f"{name}.post_attention_layernorm"))
        x = x + self._norm(attended, f"{name}.post_attention_layernorm")
        inner = self._mlp(f"{name}.mlp", self._norm(x, f"{name}.pre_feedforward_layernorm"))
        return x + self._norm(inner, f"{name}.post_feedforward_layernorm")

    def _mlp(self, name: str, x: Float64) -> Float64:
        if not self.gemma:
            return Llama64._mlp(self, name, x)
        gate, up = np.split(x @ self.weights[f"{name}.gate_up_proj.weight"].T, 2, axis=-1)
        gelu = gate / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (gate + 0.044715 * gate**3)))
        return (gelu * up) @ self.weights[f"{name}.down_proj.weight"].T

    def _rope(self, x: Float64, position: int) -> Float64:
        """Rotates the first part of each of `(n, heads, head_dim)`: dimension `k` pairs with one half a part away."""
        dim = int(x.shape[-1] * self.config.get("partial_rotary_factor", 1.0))
        half = dim // 2
        base = self.config.get("position_embedding_base") or self.config.get("rope_theta") or 10000
        wavelength = 2 * np.pi * base ** (np.arange(half) / half)
        magnitude, scaling = 1.0, self.config.get("rope_scaling")
        if scaling and scaling.get("rope_type") == "llama3":
            # Wavelengths between original / high and original / low are mixed from both ends.
            original, low, high = (
                scaling[key]
                for key in ("original_max_position_embeddings", "low_freq_factor", "high_freq_factor")
            )
            smooth = np.clip((original / wavelength - low) / (high - low), 0, 1)
            wavelength = 1 / ((1 - smooth) / (wavelength * scaling["factor"]) + smooth / wavelength)
        elif scaling:
            original = self.config["original_max_position_embeddings"]
            side = "long_factor" if self.context > original else "short_factor"
            wavelength = wavelength * np.array(scaling[side])
            ratio = self.config["max_position_embeddings"] / original
            magnitude = math.sqrt(1 + math.log(ratio) / math.log(original)) if ratio > 1 else 1.0
        angle = 2 * np.pi * np.arange(position, position + len(x))[:, None, None] / wavelength
        low, high, rest = x[..., :half], x[..., half:dim], x[..., dim:]
        cos, sin = magnitude * np.cos(angle), magnitude * np.sin(angle)
        return np.concatenate([low * cos - high * sin, high * cos + low * sin, rest], axis=-1)

    def _attention(self, index: int, x: Float64, position: int, cache: Cache) -> Float64:
        shape, name = self.shape, f"model.layers.{index}.self_attn"
        heads, kv_heads, dim = shape.num_attention_heads, shape.num_key_value_heads, shape.head_dim
        qkv = x @ self.weights[f"{name}.qkv_proj.weight"].T + self.weights.get(f"{name}.qkv_proj.bias", 0)
        qkv = qkv.reshape(len(x), heads + 2 * kv_heads, dim)
        query, key, value = np.split(qkv, [heads, heads + kv_heads], axis=1)
        if self.family == "qwen3":
            query, key = self._norm(query, f"{name}.q_norm"), self._norm(key, f"{name}.k_norm")
        query = self._rope(query, position).reshape(len(x), kv_heads, heads // kv_heads, dim)
        keys = cache.keys[index] = np.concatenate([cache.keys[index], self._rope(key, position)])
        values = cache.values[index] = np.concatenate([cache.values[index], value])
        scores = np.einsum("igrd,tgd->grit", query, keys) / math.sqrt(
            self.config.get("query_pre_attn_scalar") or dim
        )
        if cap := self.config.get("attn_logit_softcapping"):
            scores = cap * np.tanh(scores / cap)
        ago = position + np.arange(len(x))[:, None] - np.arange(len(keys))
        scores = np.where((ago >= 0) & (ago < self._window(index)), scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = np.einsum("grit,tgd->igrd", weights, values).reshape(len(x), heads * dim)
        return mixed @ self.weights[f"{name}.o_proj.weight"].T

    def _window(self, index: int) -> float:
        """How many positions a token sees, itself included."""
        if self.family == "mistral" and self.config.get("sliding_window_size", -1) > 0:
            return self.config["sliding_window_size"]
        if self.family == "gemma2" and index % 2 == 0:
            return self.config["sliding_window"]
        return math.inf
