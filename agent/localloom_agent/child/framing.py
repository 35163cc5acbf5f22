"""Frames on a pipe: a four-byte big-endian length, then that many bytes of JSON."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import IO, Any

MAX_FRAME_BYTES = 4 * 1024 * 1024
"""A longer frame is a bug or garbage on the pipe, not a report."""

_LENGTH = struct.Struct(">I")


class FrameError(ValueError):
    """What is on the pipe is not a frame."""


def encode(frame: Mapping[str, Any]) -> bytes:
    """The bytes of one frame. What JSON has no word for is written as its `str`; lone surrogates survive."""
    body = json.dumps(frame, separators=(",", ":"), default=str).encode("ascii")
    if len(body) > MAX_FRAME_BYTES:
        note = {
            "t": "log",
            "level": "warning",
            "source": "agent",
            "text": f"a report of {len(body)} bytes was dropped",
        }
        body = json.dumps({**note, "mono": frame.get("mono", 0), "wall": frame.get("wall", 0)}).encode(
            "ascii"
        )
    return _LENGTH.pack(len(body)) + body


def read_frames(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Yield frames until the pipe closes; a frame cut off by the writer's death is the end too.

    Blocks while the pipe is open and empty.

    Raises:
        FrameError: the bytes on the pipe are not frames.
    """
    while True:
        head = _read_exactly(stream, _LENGTH.size)
        if head is None:
            return
        (length,) = _LENGTH.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise FrameError(f"a frame claims {length} bytes; the longest allowed has {MAX_FRAME_BYTES}")
        body = _read_exactly(stream, length)
        if body is None:
            return
        try:
            frame = json.loads(body)
        except ValueError as error:
            raise FrameError(f"a frame of {length} bytes is not JSON: {error}") from error
        if not isinstance(frame, dict):
            raise FrameError(f"a frame is a {type(frame).__name__}, not an object")
        yield frame


def _read_exactly(stream: IO[bytes], count: int) -> bytes | None:
    parts = []
    while count:
        part = stream.read(count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
