"""The one queue between the streams and the writer, bounded by bytes: a stream waits when it is full."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from localloom_collector.storage.rows import ChunkRows, Sighting

from .refusal import Refusal

#: What became of a chunk: True where it was stored now, False where it was before, or why it was not.
Result = bool | Refusal


@dataclass(frozen=True, slots=True)
class Pending:
    """A chunk that waits for the writer."""

    rows: ChunkRows
    answer: Callable[[Result], None]
    """Called once, on the event loop, when the chunk's fate is settled."""


class QueueClosed(Exception):
    """The collector is going down: nothing more is taken."""


class IngestQueue:
    """Chunks and sightings in the order they came. All on one event loop."""

    def __init__(self, limit_bytes: int) -> None:
        """Take at most `limit_bytes` of unpacked chunks, or one chunk, whichever is more."""
        self._limit = limit_bytes
        self._chunks: deque[Pending] = deque()
        self._sightings: list[Sighting] = []
        self._bytes = 0
        self._closed = False
        self._changed = asyncio.Condition()

    async def put(self, pending: Pending) -> None:
        """Queue a chunk; waits while the queue is full.

        Raises:
            QueueClosed: the chunk was not queued, and never will be answered.
        """
        size = pending.rows.raw_bytes
        async with self._changed:
            await self._changed.wait_for(
                lambda: self._closed or not self._chunks or self._bytes + size <= self._limit
            )
            if self._closed:
                raise QueueClosed
            self._chunks.append(pending)
            self._bytes += size
            self._changed.notify_all()

    async def sight(self, sighting: Sighting) -> None:
        """Queue word of a machine; there is at most one a stream, and it takes no room."""
        async with self._changed:
            self._sightings.append(sighting)
            self._changed.notify_all()

    async def take(self, most_chunks: int, most_bytes: int) -> tuple[list[Pending], list[Sighting]]:
        """All that has gathered, as far as a group may hold; waits until there is something.

        Returns:
            At least one chunk or sighting; two empty lists once the queue is closed and empty.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: self._closed or self._chunks or self._sightings)
            group: list[Pending] = []
            size = 0
            while self._chunks and len(group) < most_chunks:
                size += self._chunks[0].rows.raw_bytes
                if group and size > most_bytes:
                    break
                group.append(self._chunks.popleft())
                self._bytes -= group[-1].rows.raw_bytes
            sightings, self._sightings = self._sightings, []
            self._changed.notify_all()
            return group, sightings

    async def close(self) -> None:
        """Take nothing more; what is queued can still be taken."""
        async with self._changed:
            self._closed = True
            self._changed.notify_all()
