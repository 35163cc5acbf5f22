"""The canary compiled for browsers: where it is kept, and how a folder that was built elsewhere gets there."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from .bundle import VERSION

RECORD = "webllm-record.json"
"""What `tools/webgpu/build_canary.py` writes beside the library."""

WAY_OUT = "localloom-agent setup webllm --canary FOLDER"
_PARTS = ("mlc-chat-config.json", "tokenizer.json", "tensor-cache.json", "reference.json")


class CanaryError(Exception):
    """The folder is no canary for browsers; the text says why and what to do."""


def canary_folder(cache_dir: Path) -> Path:
    """Where the canary compiled for browsers is kept once it has been built, or brought here."""
    return cache_dir / "webllm" / "canary"


def keep_canary(folder: Path, cache_dir: Path) -> Path:
    """Check a folder that was built elsewhere, and copy it to where the agent looks for it.

    Raises:
        CanaryError: a part is missing, is not the one that was built, or is for another web-llm; or the cache folder
            cannot be written.
    """
    names = _checked(folder)
    kept = canary_folder(cache_dir)
    if kept.resolve() == folder.resolve():
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=kept.parent) as scratch:
            fresh = Path(scratch) / "canary"
            fresh.mkdir()
            for name in names:
                shutil.copyfile(folder / name, fresh / name)
            _checked(fresh)
            shutil.rmtree(kept, ignore_errors=True)
            fresh.rename(kept)
    except OSError as error:
        raise CanaryError(f"the canary cannot be kept in {kept.parent}: {error.strerror or error}") from error
    return kept


def _checked(folder: Path) -> list[str]:
    """The names of a canary's files, each found to be what its record and its table say."""
    record = _document(folder, RECORD)
    library = str(record.get("model_lib"))
    if record.get("web_llm") != VERSION:
        raise CanaryError(
            f"the canary in {folder} is for web-llm {record.get('web_llm')}, and this agent runs {VERSION}; build it "
            "again with the agent's own version of the sources"
        )
    _whole(folder, library, "sha256", str(record.get("sha256")))
    shards = _document(folder, "tensor-cache.json").get("records")
    if not isinstance(shards, list) or not all(isinstance(shard, dict) for shard in shards):
        raise CanaryError(f"tensor-cache.json in {folder} has no table of shards; copy the folder again")
    for shard in shards:
        _whole(folder, str(shard.get("dataPath")), "md5", str(shard.get("md5sum")))
    for name in _PARTS:
        _document(folder, name)
    more = [path.name for path in folder.glob("tokenizer*") if path.is_file()]
    return sorted({RECORD, library, *_PARTS, *more, *(str(shard["dataPath"]) for shard in shards)})


def _document(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CanaryError(
            f"{folder} is no canary for browsers: {name} cannot be read ({error}); give the folder that "
            "tools/webgpu/build_canary.py filled, whole"
        ) from None
    if not isinstance(found, dict):
        raise CanaryError(f"{folder} is no canary for browsers: {name} is no JSON object")
    return found


def _whole(folder: Path, name: str, kind: str, wanted: str) -> None:
    """Whether a file lies in the folder itself, and has the digest that was noted when it was made."""
    if Path(name).name != name:
        raise CanaryError(f"the canary in {folder} names a file outside its folder: {name}")
    try:
        found = hashlib.new(kind, (folder / name).read_bytes(), usedforsecurity=False).hexdigest()
    except OSError as error:
        raise CanaryError(
            f"the canary in {folder} is not whole: {name}: {error.strerror}; copy it again"
        ) from None
    if found != wanted:
        raise CanaryError(
            f"{name} in {folder} is damaged: its {kind.upper()} is {found[:12]}…, wanted is {wanted[:12]}…; copy the "
            "folder again"
        )
