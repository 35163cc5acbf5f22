"""The part of a file that is here already: its bytes, and the record that says what they are part of."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from .pace import Cancelled

WORK_DIR = ".fetch"
"""Folder inside a model's folder, for what is no part of the model."""
HASH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Validator:
    """What tells whether the server still has the same file."""

    etag: str = ""
    modified: str = ""
    size: int | None = None
    """Bytes of the whole file, as the server said."""

    @property
    def if_range(self) -> str:
        """Value of If-Range: a strong ETag, or the date. A weak ETag is none (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class Part:
    """One `.part` file with its record. Both outlive the process; neither is ever taken for the file itself."""

    def __init__(self, folder: Path, file: str) -> None:
        """The part of `file` of the model in `folder`."""
        flat = file.replace("/", "--")
        self.path = folder / WORK_DIR / f"{flat}.part"
        self._record = folder / WORK_DIR / f"{flat}.json"
        self._final = folder / file

    def size(self) -> int:
        """Bytes that are here."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def validator(self) -> Validator | None:
        """What the part was begun with; None where that is not known, and it must be begun anew."""
        try:
            return Validator(**json.loads(self._record.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def begin(self, validator: Validator | None) -> IO[bytes]:
        """Start anew: the record is written before the first byte, so that no byte is of unknown origin.

        With no validator there is no record, and the part will not be gone on with.
        """
        self.discard()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if validator is None:
            return self.path.open("wb", buffering=0)
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(validator)), encoding="utf-8")
        fresh.replace(self._record)
        return self.path.open("wb", buffering=0)

    def go_on(self) -> IO[bytes]:
        """Add to what is here."""
        return self.path.open("ab", buffering=0)

    def discard(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the file its final name, at once and whole.

        Not synced to the medium first: after a power cut the next probe's check of size and MD5 finds out.
        """
        self._final.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self.path, self._final)  # noqa: PTH105 replaces on every system, which Path.rename does not
        self._record.unlink(missing_ok=True)


def hash_file(path: Path, digest: Any, advance: Callable[[int], None], cancel: threading.Event) -> None:
    """Add a file's bytes to `digest`; `advance` is told of each run of bytes.

    Raises:
        Cancelled: `cancel` was set.
    """
    buffer = memoryview(bytearray(HASH_BYTES))
    with path.open("rb", buffering=0) as stream:
        while count := stream.readinto(buffer):
            digest.update(buffer[:count])
            advance(count)
            if cancel.is_set():
                raise Cancelled
