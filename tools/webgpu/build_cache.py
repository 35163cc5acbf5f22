"""Keeps what takes minutes to build, under a key made of all that it was built from."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def key_of(words: Iterable[str], files: Iterable[Path]) -> str:
    """Twenty hexadecimal digits that change with any of the words, and with any file's name or content."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:20]


def kept(cache: Path, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of `cache`; where it is not there yet, `make` fills it.

    It appears whole or not at all: an interrupted build leaves nothing that a later one takes for finished, and two
    builds at once both do the work, and one of them keeps it.
    """
    folder = cache / name
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    being_made = Path(tempfile.mkdtemp(prefix=".being-made-", dir=cache))
    try:
        make(being_made)
        try:
            being_made.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(being_made, ignore_errors=True)
    return folder
