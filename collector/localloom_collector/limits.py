"""What the collector grants and refuses, in one place."""

from __future__ import annotations

from dataclasses import dataclass

#: The highest revision of the wire contract that this collector speaks.
REVISION = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    max_message_bytes: int = 4 * 1024 * 1024
    """A larger gRPC message ends its stream."""
    max_chunk_bytes: int = 256 * 1024
    """Of one chunk's body, before and after decompression."""
    window_bytes: int = 1024 * 1024
    """Unanswered chunk bodies of one stream; one chunk of slack is given on top."""
    hello_timeout_s: float = 10.0
    """How long a new stream may take to say hello."""
    queue_bytes: int = 64 * 1024 * 1024
    """Unpacked chunks waiting for the writer, over all streams."""
    group_chunks: int = 2000
    """Chunks in one transaction."""
    group_bytes: int = 16 * 1024 * 1024
    """Unpacked bytes in one transaction."""
    retry_s: float = 15.0
    """How long the writer tries a group again while the database is unavailable."""
    drain_s: float = 5.0
    """How long a stopping collector waits for streams to take their last answers."""
    past_s: float = 10 * 366 * 86_400.0
    """A run may have started at most this long ago, by the collector's clock."""
    ahead_s: float = 2 * 86_400.0
    """A run may have started at most this far ahead: clocks are wrong, and zones are mistaken."""
