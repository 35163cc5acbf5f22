"""The canary in JAX, differentiable through MLC's four-bit rounding."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Params = dict[str, Any]


def initial_params(config: dict[str, Any], seed: int) -> Params:
    """Draws the weights, under MLC's names for an unquantised Llama."""
    random = np.random.default_rng(seed)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    heads, kv_heads, dim = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    layers = config["num_hidden_layers"]

    def matrix(rows: int, cols: int, gain: float = 1.0) -> Any:
        return jnp.asarray(random.standard_normal((rows, cols)) * gain / np.sqrt(cols), jnp.float32)

    params: Params = {
        "model.embed_tokens.weight": matrix(config["vocab_size"], hidden, gain=np.sqrt(hidden) / 4)
    }
    for index in range(layers):
        name = f"model.layers.{index}"
        params[f"{name}.self_attn.qkv_proj.weight"] = matrix((heads + 2 * kv_heads) * dim, hidden)
        params[f"{name}.self_attn.o_proj.weight"] = matrix(hidden, heads * dim, gain=(2 * layers) ** -0.5)
        params[f"{name}.mlp.gate_up_proj.weight"] = matrix(2 * inner, hidden)
        params[f"{name}.mlp.down_proj.weight"] = matrix(hidden, inner, gain=(2 * layers) ** -0.5)
        params[f"{name}.input_layernorm.weight"] = jnp.ones(hidden, jnp.float32)
        params[f"{name}.post_attention_layernorm.weight"] = jnp.ones(hidden, jnp.float32)
    params["model.norm.weight"] = jnp.ones(hidden, jnp.float32)
    params["lm_head.weight"] = matrix(config["vocab_size"], hidden)
    return params


def rounded(weight: Any) -> Any:
    """Rounds a weight as q4f16_1 stores it; the gradient passes straight through.

    Step by step what `mlc_format.quantize_q4` does: float16 weights, float16 scales of 32, codes -7 to 7.
    """
    value = weight.astype(jnp.float16).astype(jnp.float32)
    if weight.ndim == 2:
        groups = value.reshape(weight.shape[0], -1, 32)
        scale = (jnp.abs(groups).max(axis=-1, keepdims=True) / 7).astype(jnp.float16).astype(jnp.float32)
        codes = jnp.where(scale > 0, jnp.rint(groups / jnp.where(scale > 0, scale, 1)), 0)
        value = (jnp.clip(codes, -7, 7) * scale).reshape(weight.shape)
    return weight + jax.lax.stop_gradient(value - weight)


def forward(params: Params, token_ids: Any, config: dict[str, Any]) -> Any:
    """Returns `(batch, length, vocab)` logits of `(batch, length)` tokens."""
    heads, kv_heads, dim = config["num_attention_heads"], config["num_key_value_heads"], config["head_dim"]
    batch, length = token_ids.shape
    half = dim // 2
    frequency = config["position_embedding_base"] ** (-np.arange(half) / half)
    angle = np.arange(length)[:, None, None] * frequency
    cos, sin = jnp.asarray(np.cos(angle), jnp.float32), jnp.asarray(np.sin(angle), jnp.float32)
    causal = np.tril(np.ones((length, length), bool))

    def norm(x: Any, name: str) -> Any:
        return (
            x
            * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + config["rms_norm_eps"])
            * params[f"{name}.weight"]
        )

    def rope(x: Any) -> Any:
        low, high = x[..., :half], x[..., half:]
        return jnp.concatenate([low * cos - high * sin, high * cos + low * sin], axis=-1)

    x = params["model.embed_tokens.weight"][token_ids]
    for index in range(config["num_hidden_layers"]):
        name = f"model.layers.{index}"
        qkv = norm(x, f"{name}.input_layernorm") @ params[f"{name}.self_attn.qkv_proj.weight"].T
        qkv = qkv.reshape(batch, length, heads + 2 * kv_heads, dim)
        query = rope(qkv[:, :, :heads]).reshape(batch, length, kv_heads, heads // kv_heads, dim)
        key, value = rope(qkv[:, :, heads : heads + kv_heads]), qkv[:, :, heads + kv_heads :]
        scores = jnp.einsum("bigrd,btgd->bgrit", query, key) * dim**-0.5
        weights = jax.nn.softmax(jnp.where(causal, scores, -1e30), axis=-1)
        mixed = jnp.einsum("bgrit,btgd->bigrd", weights, value).reshape(batch, length, heads * dim)
        x = x + mixed @ params[f"{name}.self_attn.o_proj.weight"].T
        inner = norm(x, f"{name}.post_attention_layernorm") @ params[f"{name}.mlp.gate_up_proj.weight"].T
        gate, up = jnp.split(inner, 2, axis=-1)
        x = x + (jax.nn.silu(gate) * up) @ params[f"{name}.mlp.down_proj.weight"].T
    return norm(x, "model.norm") @ params["lm_head.weight"].T


def loss(
    params: Params, token_ids: Any, is_answer: Any, config: dict[str, Any], margin: float
) -> tuple[Any, Any]:
    """Cross-entropy of the answers plus a hinge on the top-1 margin; also returns the share of right tokens.

    The hinge asks that the right token's logit lead every other one by `margin`, which plain cross-entropy
    stops caring about long before.
    """
    logits = forward(params, token_ids[:, :-1], config)
    target, mask = token_ids[:, 1:], is_answer[:, 1:]
    right = jnp.take_along_axis(logits, target[..., None], axis=-1)[..., 0]
    others = jnp.where(jax.nn.one_hot(target, logits.shape[-1], dtype=bool), -jnp.inf, logits).max(axis=-1)
    cross_entropy = jax.nn.logsumexp(logits, axis=-1) - right
    hinge = jax.nn.relu(margin - (right - others))
    total = mask.sum()
    return ((cross_entropy + 0.1 * hinge) * mask).sum() / total, ((right > others) * mask).sum() / total
