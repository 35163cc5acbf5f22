"""Looks into a model folder for what mlc-llm's errors leave out: which shard, which key, which kind of file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CONFIG_FILE = "mlc-chat-config.json"
TOKENIZER_FILE = "tokenizer.json"
CACHE_FILES = ("tensor-cache.json", "ndarray-cache.json")
_LIBRARY_HEADS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How shared libraries begin on Linux, Windows and macOS."""


def read_config(folder: Path | None) -> dict[str, Any]:
    """The chat config, or nothing where it cannot be read."""
    return _object(folder / CONFIG_FILE) if folder is not None else {}


def holds_weights(folder: Path | None) -> bool:
    """Whether the folder looks like a model without its config."""
    if folder is None:
        return False
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:
        return False
    return any(name in CACHE_FILES or name.startswith("params_shard_") for name in names)


def shard_bytes(folder: Path) -> int:
    """Bytes of all shards that the table of contents lists; 0 where there is none."""
    return sum(int(record.get("nbytes", 0)) for record in _records(folder))


def shard_of_size(folder: Path | None, expected: int, actual: int) -> str:
    """Name of the one shard that should have `expected` bytes and has `actual`; "" where that is not clear."""
    if folder is None:
        return ""
    found = []
    for record in _records(folder):
        name = str(record.get("dataPath", ""))
        try:
            if record.get("nbytes") == expected and name and (folder / name).stat().st_size == actual:
                found.append(name)
        except OSError:
            continue
    return found[0] if len(found) == 1 else ""


def doubtful_tokenizer(folder: Path) -> str:
    """Why `tokenizer.json` is no tokenizer although it is JSON, or "": mlc-llm aborts on such a file."""
    try:
        document = json.loads((folder / TOKENIZER_FILE).read_bytes())
    except (OSError, ValueError):
        return ""  # mlc-llm has words of its own for that
    if not isinstance(document, dict):
        return f"a JSON {type(document).__name__}"
    return "" if isinstance(document.get("model"), dict) else "a JSON object without a tokenizer's model"


def no_library(path: str) -> str | None:
    """What a file is that should be a shared library, or None where it begins like one."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(64)
    except OSError as error:
        return error.strerror or "it cannot be read"
    if head.startswith(_LIBRARY_HEADS):
        return None
    if head.startswith(b"version https://git-lfs"):
        return "Git LFS pointer"
    return "empty file" if not head else "no shared library"


def _records(folder: Path) -> list[dict[str, Any]]:
    for name in CACHE_FILES:
        records = _object(folder / name).get("records")
        if isinstance(records, list):
            return [record for record in records if isinstance(record, dict)]
    return []


def _object(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
