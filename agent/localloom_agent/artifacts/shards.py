"""Verifies weight shards: size and MD5, in constant memory. No loader does, and flipped bytes end as wrong text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .json_file import foreign_content, permission_fault
from .tensor_cache import Shard

CHUNK_BYTES = 1 << 20
"""Read at a time: progress is reported as often."""


def verify_shard(folder: Path, shard: Shard, advance: Callable[[int], None]) -> bool:
    """Compare a shard with what the table of contents says; `advance` is told of every run of bytes read.

    Returns:
        Whether there was a checksum to compare with.

    Raises:
        EngineFault: artifact.corrupt with the expected and actual bytes or MD5; storage.permission.
    """
    path = folder / shard.file
    facts: dict[str, str | int] = {"artifact.file": shard.file, "artifact.expected_bytes": shard.nbytes}
    try:
        with path.open("rb") as stream:
            actual = path.stat().st_size
            if actual != shard.nbytes:
                _raise_size(shard, actual, foreign_content(stream.read(256)), facts)
            digest = hashlib.md5(usedforsecurity=False)
            while block := stream.read(CHUNK_BYTES):
                if shard.md5:
                    digest.update(block)
                advance(len(block))
    except PermissionError as error:
        raise permission_fault(path) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        message = f"{shard.file} is missing from the model folder; fetch it again"
        raise EngineFault(
            Category.ARTIFACT_CORRUPT, message, facts | {"artifact.actual": "missing"}
        ) from error
    if shard.md5 and digest.hexdigest() != shard.md5:
        raise EngineFault(
            Category.ARTIFACT_CORRUPT,
            f"{shard.file} has MD5 {digest.hexdigest()}, not {shard.md5}: its bytes changed on the way or on the "
            "disk; fetch it again",
            facts
            | {
                "artifact.actual_bytes": actual,
                "artifact.expected_md5": shard.md5,
                "artifact.actual_md5": digest.hexdigest(),
            },
        )
    return bool(shard.md5)


def _raise_size(shard: Shard, actual: int, foreign: str | None, facts: dict[str, str | int]) -> None:
    facts = facts | {"artifact.actual_bytes": actual}
    if foreign:
        what = f"is a {foreign}, not weights"
        facts["artifact.actual"] = foreign
    else:
        what = f"has {actual} bytes, not {shard.nbytes}"
        facts["artifact.actual"] = "truncated file" if actual < shard.nbytes else "file too long"
    raise EngineFault(Category.ARTIFACT_CORRUPT, f"{shard.file} {what}; fetch it again", facts)
