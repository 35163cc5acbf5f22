"""A float64 Llama in numpy, read straight from an MLC model folder: what any engine's logits are measured against.

It shares nothing with the engines it judges: it parses `tensor-cache.json`, unpacks the quantised weights and runs
RMSNorm, RoPE, grouped-query attention and SwiGLU by itself, without rounding anything to float32 or float16.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]


def read_parameters(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """Reads every record of a folder's `tensor-cache.json`, by name, in its own data type and shape."""
    parameters: dict[str, npt.NDArray[Any]] = {}
    for shard in json.loads((folder / "tensor-cache.json").read_text(encoding="utf-8"))["records"]:
        raw = (folder / shard["dataPath"]).read_bytes()
        for record in shard["records"]:
            data = raw[record["byteOffset"] : record["byteOffset"] + record["nbytes"]]
            if record["format"] == "f32-to-bf16" and record["dtype"] == "float32":
                values = (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32)
            else:
                values = np.frombuffer(data, np.dtype(record["dtype"]).newbyteorder("<"))
            parameters[record["name"]] = values.reshape(record["shape"])
    return parameters


def dequantize_q4(q_weight: npt.NDArray[np.uint32], q_scale: npt.NDArray[Any]) -> Float64:
    """Unpacks `(rows, cols / 8)` words and `(rows, cols / 32)` scales to `(rows, cols)`: `(code - 7) * scale`."""
    codes = (q_weight[:, :, None] >> np.arange(0, 32, 4, dtype=np.uint32)) & 15
    return (codes.reshape(len(q_weight), -1).astype(np.float64) - 7) * np.repeat(
        q_scale.astype(np.float64), 32, axis=1
    )


def float64_weights(folder: Path) -> dict[str, Float64]:
    """Reads a folder's weights as float64, under the names they have before quantisation."""
    stored = read_parameters(folder)
    weights: dict[str, Float64] = {}
    for name, values in stored.items():
        if name.endswith(".q_weight"):
            stem = name.removesuffix(".q_weight")
            weights[f"{stem}.weight"] = dequantize_q4(values, stored[f"{stem}.q_scale"])
        elif not name.endswith(".q_scale"):
            weights[name] = values.astype(np.float64)
    return weights


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of a Llama, as `model_config` names them."""

    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_key_value_heads: int
    head_dim: int
    num_hidden_layers: int
    vocab_size: int
    rms_norm_eps: float
    position_embedding_base: float
    tie_word_embeddings: bool

    @classmethod
    def from_config(cls, model_config: dict[str, Any]) -> Shape:
        """Takes what it needs from the `model_config` of an `mlc-chat-config.json`, with MLC's defaults."""
        heads = model_config["num_attention_heads"]
        return cls(
            hidden_size=model_config["hidden_size"],
            intermediate_size=model_config["intermediate_size"],
            num_attention_heads=heads,
            num_key_value_heads=model_config.get("num_key_value_heads") or heads,
            head_dim=model_config.get("head_dim") or model_config["hidden_size"] // heads,
            num_hidden_layers=model_config["num_hidden_layers"],
            vocab_size=model_config["vocab_size"],
            rms_norm_eps=model_config["rms_norm_eps"],
            position_embedding_base=model_config.get("position_embedding_base") or 10000,
            tie_word_embeddings=model_config.get("tie_word_embeddings", False),
        )


@dataclass(slots=True)
class Cache:
    """Keys and values of the positions seen so far, `(positions, kv_heads, head_dim)` a layer."""

    keys: list[Float64] = field(default_factory=list)
    values: list[Float64] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Positions seen so far."""
        return len(self.keys[0]) if self.keys else 0


@dataclass(frozen=True, slots=True)
class Generation:
    """What greedy decoding chose."""

    token_ids: list[int]
    """The stop token, if one was met, is the last."""
    margins: list[float]
    """For each token, its logit less the second highest."""
    logits: Float64
    """`(tokens, vocab)`: the logits each token was chosen from."""


@dataclass(frozen=True, slots=True)
class Llama64:
    """A Llama whose every number is a float64."""

    shape: Shape
    weights: dict[str, Float64]

    @classmethod
    def from_folder(cls, path: Path) -> Llama64:
        """Reads an MLC folder of quantisation q0f16, q0f32, q4f16_1 or q4f32_1."""
        config = json.loads((path / "mlc-chat-config.json").read_text(encoding="utf-8"))
        return cls(Shape.from_config(config["model_config"]), float64_weights(path))

    def logits(self, token_ids: Sequence[int], cache: Cache | None = None) -> Float64:
        """Returns `(n, vocab)` logits of `n` tokens; with `cache`, they follow what it holds, and join it."""
        cache = Cache() if cache is None else cache
        position = cache.length
        if not cache.keys:
            empty = np.empty((0, self.shape.num_key_value_heads, self.shape.head_dim))
            cache.keys.extend([empty] * self.shape.num_hidden_layers)
            cache.values.extend([empty] * self.shape.num_hidden_layers)
        x = self.weights["model.embed_tokens.weight"][np.asarray(token_ids, dtype=np.int64)]
        for index in range(self.shape.num_hidden_layers):
            name = f"model.layers.{index}"
            x = x + self._attention(index, self._norm(x, f"{name}.input_layernorm"), position, cache)
            x = x + self._mlp(f"{name}.mlp", self._norm(x, f"{name}.post_attention_layernorm"))
        head = "model.embed_tokens.weight" if self.shape.tie_word_embeddings else "lm_head.weight"
        return self._norm(x, "model.norm") @ self.weights[head].T

    def greedy(self, prompt_ids: Sequence[int], max_tokens: int, stop_ids: Collection[int]) -> Generation:
        """Decodes greedily until a stop token or `max_tokens`."""
        cache = Cache()
        row = self.logits(prompt_ids, cache)[-1]
        tokens, margins, rows = list[int](), list[float](), list[Float64]()
        while len(tokens) < max_tokens:
            second, first = np.partition(row, -2)[-2:]
            tokens.append(int(row.argmax()))
            margins.append(float(first - second))
            rows.append(row)
            if tokens[-1] in stop_ids or len(tokens) == max_tokens:
                break
            row = self.logits(tokens[-1:], cache)[-1]
        return Generation(tokens, margins, np.array(rows))

    def _norm(self, x: Float64, name: str) -> Float64:
        mean_square = np.mean(x * x, axis=-1, keepdims=True)
        return x / np.sqrt(mean_square + self.shape.rms_norm_eps) * self.weights[f"{name}.weight"]

    def _mlp(self, name: str, x: Float64) -> Float64:
        gate, up = np.split(x @ self.weights[f"{name}.gate_up_proj.weight"].T, 2, axis=-1)
        return (gate / (1 + np.exp(-gate)) * up) @ self.weights[f"{name}.down_proj.weight"].T

    def _rope(self, x: Float64, position: int) -> Float64:
        """Rotates `(n, heads, head_dim)`: dimension `k` pairs with `k + head_dim / 2`."""
        half = x.shape[-1] // 2
        frequency = self.shape.position_embedding_base ** (-np.arange(half) / half)
        angle = np.arange(position, position + len(x))[:, None, None] * frequency
        low, high = x[..., :half], x[..., half:]
        cos, sin = np.cos(angle), np.sin(angle)
        return np.concatenate([low * cos - high * sin, high * cos + low * sin], axis=-1)

    def _attention(self, index: int, x: Float64, position: int, cache: Cache) -> Float64:
        heads, kv_heads, dim = (
            self.shape.num_attention_heads,
            self.shape.num_key_value_heads,
            self.shape.head_dim,
        )
        name = f"model.layers.{index}.self_attn"
        qkv = (x @ self.weights[f"{name}.qkv_proj.weight"].T).reshape(len(x), heads + 2 * kv_heads, dim)
        query = self._rope(qkv[:, :heads], position).reshape(len(x), kv_heads, heads // kv_heads, dim)
        keys = np.concatenate([cache.keys[index], self._rope(qkv[:, heads : heads + kv_heads], position)])
        values = np.concatenate([cache.values[index], qkv[:, heads + kv_heads :]])
        cache.keys[index], cache.values[index] = keys, values
        scores = np.einsum("igrd,tgd->grit", query, keys) / np.sqrt(dim)
        visible = np.arange(len(keys)) <= position + np.arange(len(x))[:, None]
        scores = np.where(visible, scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = np.einsum("grit,tgd->igrd", weights, values).reshape(len(x), heads * dim)
        return mixed @ self.weights[f"{name}.o_proj.weight"].T
