"""The one queue between the streams and the writer, bounded by bytes: a stream waits for room before it opens chunks."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from localloom_collector.storage.rows import Asides, ChunkRows, Fate, Letter, Sighting

from .refusal import Refusal

#: What became of a chunk, or why it was refused.
Result = Fate | Refusal

#: Letters that wait for the writer; of more, only the number.
LETTERS = 100
#: Machines whose hellos wait for the writer; a hello that finds no place says nothing that the next would not.
SIGHTINGS = 20_000


class Pending(NamedTuple):
    """A chunk that waits for the writer."""

    rows: ChunkRows
    size: int
    """The room it was given."""
    answer: Callable[[Result], None]
    """Called once, on the event loop, when the chunk's fate is settled."""


class QueueClosed(Exception):
    """The collector is going down: nothing more is taken."""


class IngestQueue:
    """Chunks in the order they came, and what is to be written beside them. All on one event loop."""

    def __init__(self, limit_bytes: int) -> None:
        """Take at most `limit_bytes` of unpacked chunks, or one message's, whichever is more."""
        self._limit = limit_bytes
        self._chunks: deque[Pending] = deque()
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._sightings: dict[UUID, Sighting] = {}
        self._letters: list[Letter] = []
        self._refused: Counter[UUID] = Counter()
        self._bytes = 0
        self._closed = False
        self._something = asyncio.Event()

    async def reserve(self, size: int) -> None:
        """Wait for room, first come, first served. Every byte has to be put or released.

        Raises:
            QueueClosed: there is none, and never will be.
        """
        if self._closed:
            raise QueueClosed
        if not self._waiting and self._fits(size):
            self._bytes += size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release(size)
            raise

    def release(self, size: int) -> None:
        """Give room back that no chunk was put into."""
        self._bytes -= size
        while self._waiting and (self._waiting[0][1].done() or self._fits(self._waiting[0][0])):
            wanted, turn = self._waiting.popleft()
            if not turn.done():
                self._bytes += wanted
                turn.set_result(None)

    def put(self, pending: Pending) -> None:
        """Queue a chunk, in room that was reserved for it."""
        self._chunks.append(pending)
        self._something.set()

    def sight(self, sighting: Sighting) -> None:
        """Queue word of a machine."""
        if len(self._sightings) < SIGHTINGS:
            self._sightings[sighting.machine_id] = sighting
            self._something.set()

    def bury(self, letter: Letter) -> None:
        """Queue a chunk that was refused for good; when many wait, only its number."""
        self._refused[letter.machine_id] += 1
        if len(self._letters) < LETTERS:
            self._letters.append(letter)
        self._something.set()

    async def ready(self) -> None:
        """Wait until there is something to take, or the queue is closed."""
        if not self._closed:
            await self._something.wait()

    async def take(self, most_chunks: int, most_bytes: int) -> tuple[list[Pending], Asides]:
        """All that has gathered, as far as a group may hold; waits until there is something.

        Returns:
            At least one chunk or aside; neither once the queue is closed and empty.
        """
        await self.ready()
        group: list[Pending] = []
        size = 0
        while self._chunks and len(group) < most_chunks:
            size += self._chunks[0].size
            if group and size > most_bytes:
                break
            group.append(self._chunks.popleft())
            self.release(group[-1].size)
        asides = Asides(list(self._sightings.values()), self._letters, self._refused)
        self._sightings, self._letters, self._refused = {}, [], Counter()
        if not self._chunks:
            self._something.clear()
        return group, asides

    def close(self) -> None:
        """Take nothing more; what is queued can still be taken."""
        self._closed = True
        for _, turn in self._waiting:
            if not turn.done():
                turn.set_exception(QueueClosed())
        self._waiting.clear()
        self._something.set()

    def _fits(self, size: int) -> bool:
        return self._bytes == 0 or self._bytes + size <= self._limit
