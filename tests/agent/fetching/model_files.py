"""Model folders for tests of fetching: a valid table of contents over shards of random bytes, and no model inside."""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path

SHARD_BYTES = (400_000, 250_000, 100_000)


def write_model(
    folder: Path,
    shard_bytes: tuple[int, ...] = SHARD_BYTES,
    *,
    seed: int = 0,
    table: str = "tensor-cache.json",
) -> Path:
    """Write a folder with one float32 record a shard; sizes are multiples of 4."""
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(seed)
    records = []
    for index, size in enumerate(shard_bytes):
        content = source.randbytes(size)
        name = f"params_shard_{index}.bin"
        (folder / name).write_bytes(content)
        record = {
            "name": f"p{index}",
            "shape": [size // 4],
            "dtype": "float32",
            "format": "raw",
            "nbytes": size,
            "byteOffset": 0,
        }
        records.append(
            {
                "dataPath": name,
                "format": "raw-shard",
                "nbytes": size,
                "records": [record],
                "md5sum": hashlib.md5(content).hexdigest(),
            }
        )
    _json(folder / table, {"metadata": {}, "records": records})
    _json(
        folder / "mlc-chat-config.json",
        {"model_type": "llama", "tokenizer_files": ["tokenizer.json", "tokenizer_config.json"]},
    )
    _json(folder / "tokenizer.json", {"model": {"type": "BPE", "vocab": {"a": 0}}})
    _json(folder / "tokenizer_config.json", {})
    return folder


def same_files(one: Path, other: Path) -> bool:
    """Whether every file of `one` is in `other`, with the same bytes."""
    return all(
        path.read_bytes() == (other / path.relative_to(one)).read_bytes()
        for path in one.rglob("*")
        if path.is_file()
    )


def _json(path: Path, document: dict) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")
