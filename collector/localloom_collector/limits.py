"""What the collector grants and refuses, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

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
    windows_bytes: int = 128 * 1024 * 1024
    """Unanswered chunk bodies of all streams: where many are open, a new one is granted its share of this."""
    smallest_window_bytes: int = 16 * 1024
    """Nobody is granted less."""
    machine_streams: int = 8
    """Streams of one machine at a time; its share of the collector's memory is bounded with them."""
    hello_timeout_s: float = 10.0
    """How long a new stream may take to say hello."""
    queue_bytes: int = 64 * 1024 * 1024
    """Unpacked chunks waiting for the writer, over all streams."""
    group_chunks: int = 2000
    """Chunks in one transaction."""
    group_bytes: int = 16 * 1024 * 1024
    """Unpacked bytes in one transaction."""
    group_s: float = 0.1
    """From the beginning of one transaction to that of the next, at least: one costs 10 ms of CPU before its first row."""
    retry_s: float = 15.0
    """How long the writer tries a group again while the database is unavailable."""
    drain_s: float = 5.0
    """How long a stopping collector waits for streams to take their last answers."""
    earliest_start: datetime = datetime(2025, 1, 1, tzinfo=timezone.utc)
    """A run that says it started before is one of a machine with a dead clock: no agent is that old."""
    ahead_s: float = 2 * 86_400.0
    """A run may have started at most this far ahead: clocks are wrong, and zones are mistaken."""
    dead_letters: int = 1000
    """Refused chunks that are kept for a person to look at; the others are only counted."""
    machine_dead_letters: int = 20
    """Of one machine."""
