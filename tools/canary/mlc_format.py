"""Writes model folders in MLC's format: quantised parameters in shards, `tensor-cache.json`, the chat config.

The format as MLC's own converter writes it: matrices of a `q4*_1` model become `<name>.q_weight` and
`<name>.q_scale` (groups of 32 along the input dimension, symmetric, codes 0 to 14 around 7, eight codes to a
uint32, lowest bits first); every other parameter keeps its name and takes the model's data type.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Encoding = Literal["f32-to-bf16", "raw"]

GROUP = 32
"""Weights that share a scale."""
ZERO = 7
"""The code of the value 0: a weight is `(code - 7) * scale`, and codes go from 0 to 14."""
CODES_PER_WORD = 8
SHARD_BYTES = 32 * 2**20
"""Where MLC starts a new shard."""


@dataclass(frozen=True, slots=True)
class Quantization:
    """How one of MLC's quantisation names stores a model."""

    dtype: Literal["float16", "float32"]
    """Of scales and of parameters that are not quantised."""
    four_bit: bool


QUANTIZATIONS: dict[str, Quantization] = {
    "q0f16": Quantization("float16", four_bit=False),
    "q0f32": Quantization("float32", four_bit=False),
    "q4f16_1": Quantization("float16", four_bit=True),
    "q4f32_1": Quantization("float32", four_bit=True),
}


def quantize_q4(weight: Array, dtype: Literal["float16", "float32"]) -> tuple[Array, Array]:
    """Quantises a `(rows, cols)` matrix; `cols` is a multiple of 32.

    Returns `q_weight`, uint32 `(rows, cols / 8)`, and `q_scale`, `dtype` `(rows, cols / 32)`. Codes are the nearest
    ones in float32; MLC rounds in the model's data type, which differs at most on ties.
    """
    rows, cols = weight.shape
    if cols % GROUP:
        raise ValueError(f"a q4 matrix needs a multiple of {GROUP} columns, this one has {cols}")
    groups = weight.astype(dtype).astype(np.float32).reshape(rows, cols // GROUP, GROUP)
    scale = (np.abs(groups).max(axis=-1) / np.float32(ZERO)).astype(dtype)
    divisor = scale.astype(np.float32)[..., None]
    codes = np.where(divisor > 0, np.rint(groups / np.where(divisor > 0, divisor, 1)), 0)
    codes = (np.clip(codes, -ZERO, ZERO) + ZERO).astype(np.uint32).reshape(rows, -1, CODES_PER_WORD)
    shifts = np.arange(CODES_PER_WORD, dtype=np.uint32) * np.uint32(4)
    return np.bitwise_or.reduce(codes << shifts, axis=-1), scale


def float32_to_bfloat16(values: Array) -> Array:
    """Rounds finite float32 values to the nearest bfloat16 (ties to even), as uint16 bit patterns."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    return ((bits + ((bits >> 16) & 1) + 0x7FFF) >> 16).astype(np.uint16)


def stored_parameters(weights: Mapping[str, Array], quantization: str) -> Iterator[tuple[str, Array]]:
    """Yields what is stored for each of `weights`, under MLC's parameter names."""
    kind = QUANTIZATIONS[quantization]
    for name, weight in weights.items():
        if kind.four_bit and weight.ndim == 2:
            stem = name.removesuffix(".weight")
            q_weight, q_scale = quantize_q4(weight, kind.dtype)
            yield f"{stem}.q_weight", q_weight
            yield f"{stem}.q_scale", q_scale
        else:
            yield name, weight.astype(kind.dtype)


def write_tensor_cache(
    folder: Path,
    parameters: Iterator[tuple[str, Array]],
    parameter_count: int,
    *,
    encoding: Encoding = "f32-to-bf16",
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Writes `params_shard_N.bin` and `tensor-cache.json`.

    `parameter_count` is the number of weights before quantisation. `encoding` is MLC's: `f32-to-bf16`, its own
    choice, halves float32 parameters and rounds them; `raw` keeps them exact. Either leaves other types as they are.
    """
    shards: list[dict[str, Any]] = []
    pending, records = bytearray(), list[dict[str, Any]]()

    def commit() -> None:
        if not records:
            return
        path = f"params_shard_{len(shards)}.bin"
        (folder / path).write_bytes(pending)
        shards.append(
            {
                "dataPath": path,
                "format": "raw-shard",
                "nbytes": len(pending),
                "records": records.copy(),
                "md5sum": hashlib.md5(pending).hexdigest(),
            }
        )
        pending.clear()
        records.clear()

    total, names = 0, 0
    for name, values in parameters:
        rounded = encoding == "f32-to-bf16" and values.dtype == np.float32
        data = (float32_to_bfloat16(values) if rounded else np.ascontiguousarray(values)).tobytes()
        if records and len(pending) + len(data) > shard_bytes:
            commit()
        records.append(
            {
                "name": name,
                "shape": list(values.shape),
                "dtype": values.dtype.name,
                "format": encoding,
                "nbytes": len(data),
                "byteOffset": len(pending),
            }
        )
        pending += data
        total, names = total + values.nbytes, names + 1
    commit()
    metadata = {
        "ParamSize": names,
        "ParamBytes": float(total),
        "BitsPerParam": total * 8.0 / parameter_count,
    }
    text = json.dumps({"metadata": metadata, "records": shards}, indent=1)
    (folder / "tensor-cache.json").write_text(text + "\n", encoding="utf-8")


def convert_q4f16_to_q4f32(source: Path, target: Path) -> None:
    """Writes the q4f16_1 folder `source` as q4f32_1 at `target`: the same codes and scales, so the same weights.

    This is what a browser without `shader-f16` needs. Scales and norms are stored as raw float32, where MLC's own
    converter would round them to bfloat16 and so change the model.
    """
    config = json.loads((source / "mlc-chat-config.json").read_text(encoding="utf-8"))
    cache = json.loads((source / "tensor-cache.json").read_text(encoding="utf-8"))
    if config["quantization"] != "q4f16_1":
        raise ValueError(f"{source} is a {config['quantization']} model, not q4f16_1")
    stored: dict[str, Array] = {}
    for shard in cache["records"]:
        raw = (source / shard["dataPath"]).read_bytes()
        for record in shard["records"]:
            data = raw[record["byteOffset"] : record["byteOffset"] + record["nbytes"]]
            values = np.frombuffer(data, record["dtype"]).reshape(record["shape"])
            stored[record["name"]] = values.astype(np.float32) if record["dtype"] == "float16" else values
    metadata = cache["metadata"]
    count = round(metadata["ParamBytes"] * 8 / metadata["BitsPerParam"])
    _write_config_and_tokenizer(target, config, "q4f32_1", source)
    write_tensor_cache(target, iter(stored.items()), count, encoding="raw")


def _write_config_and_tokenizer(
    path: Path, config: Mapping[str, Any], quantization: str, tokenizer_source: Path | None
) -> None:
    path.mkdir(parents=True, exist_ok=True)
    chat_config = json.dumps({**config, "quantization": quantization}, indent=1, ensure_ascii=False)
    (path / "mlc-chat-config.json").write_text(chat_config + "\n", encoding="utf-8")
    if tokenizer_source is not None and tokenizer_source.resolve() != path.resolve():
        for name in ("tokenizer.json", "tokenizer_config.json"):
            if (tokenizer_source / name).exists():
                shutil.copyfile(tokenizer_source / name, path / name)


def write_folder(
    path: Path,
    config: Mapping[str, Any],
    weights: Mapping[str, Array],
    quantization: str,
    tokenizer_source: Path | None = None,
    *,
    encoding: Encoding = "f32-to-bf16",
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Writes a whole MLC model folder at `path`, creating it.

    `config` is an `mlc-chat-config.json`, whose `quantization` this sets; `weights` are the float matrices and norms
    by MLC's unquantised names, in the order in which they are to be stored; the tokenizer's files are copied from
    the folder `tokenizer_source`, if one is given.
    """
    _write_config_and_tokenizer(path, config, quantization, tokenizer_source)
    count = sum(math.prod(w.shape) for w in weights.values())
    parameters = stored_parameters(weights, quantization)
    write_tensor_cache(path, parameters, count, encoding=encoding, shard_bytes=shard_bytes)
