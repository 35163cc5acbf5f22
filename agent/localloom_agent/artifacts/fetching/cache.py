"""The cache of fetched models: where each lies, what is there, and its removal."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.artifacts.chat_config import CONFIG_FILE
from localloom_agent.engines.interface import EngineFault

from . import disk
from .lock import ModelLock
from .partial import WORK_DIR
from .reference import Reference

MODELS_DIR = "models"
_RECORD = "model.json"
_TRASH = ".trash-"


@dataclass(frozen=True, slots=True)
class CachedModel:
    """A model that the cache holds, whole or in part."""

    id: str
    source: str
    path: Path
    nbytes: int
    """Of all its files, parts of unfinished ones included."""
    complete: bool
    """Every file has its final name."""


class Cache:
    """The models below one cache folder."""

    def __init__(self, cache_dir: Path) -> None:
        """The cache in `cache_dir`, which need not exist."""
        self.root = cache_dir / MODELS_DIR

    def folder(self, slug: str) -> Path:
        """Where the model's files are."""
        return self.root / slug

    def lock_path(self, slug: str) -> Path:
        """Beside the folder, so that the folder can be removed under the lock."""
        return self.root / f"{slug}.lock"

    def record(self, reference: Reference) -> None:
        """Write down what the folder holds, for people and for `models`."""
        work = self.folder(reference.slug) / WORK_DIR
        path = work / _RECORD
        if path.exists():
            return
        work.mkdir(parents=True, exist_ok=True)
        fresh = work / f"{_RECORD}.new"
        fresh.write_text(json.dumps({"id": reference.id, "source": reference.source}), encoding="utf-8")
        fresh.replace(path)

    def models(self) -> Iterator[CachedModel]:
        """What is there, by name."""
        try:
            folders = sorted(p for p in self.root.iterdir() if p.is_dir() and not p.name.startswith("."))
        except OSError:
            return
        for folder in folders:
            try:
                record = json.loads((folder / WORK_DIR / _RECORD).read_text(encoding="utf-8"))
                yield CachedModel(
                    str(record["id"]), str(record["source"]), folder, _nbytes(folder), is_complete(folder)
                )
            except (OSError, ValueError, KeyError, TypeError):
                continue  # being removed, or none of ours

    def remove(self, slug: str) -> int:
        """Remove a model; returns the bytes that this freed.

        Raises:
            EngineFault: storage.permission, also while another process fetches the model.
        """
        folder = self.folder(slug)
        with disk.faults(self.root), ModelLock(self.lock_path(slug), folder / WORK_DIR).at_once():
            freed = _nbytes(folder)
            # Renamed first: whoever looks meanwhile finds all of the model or nothing.
            trash = self.root / f"{_TRASH}{slug}-{secrets.token_hex(4)}"
            os.replace(folder, trash)  # noqa: PTH105 replaces on every system, which Path.rename does not
            shutil.rmtree(trash)
        self._empty_trash()
        return freed

    def _empty_trash(self) -> None:
        """Finish the removals that were cut short."""
        for left in self.root.glob(f"{_TRASH}*"):
            shutil.rmtree(left, ignore_errors=True)


def is_complete(folder: Path) -> bool:
    """Whether the config and all the shards that the table of contents lists have their final names and sizes."""
    from localloom_agent.artifacts.tensor_cache import read_tensor_cache

    try:
        return (folder / CONFIG_FILE).is_file() and all(
            (folder / shard.file).stat().st_size == shard.nbytes for shard in read_tensor_cache(folder).shards
        )
    except (EngineFault, OSError):
        return False


def _nbytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total
