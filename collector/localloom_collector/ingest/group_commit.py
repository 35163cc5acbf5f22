"""The writer's loop: takes what has gathered, commits it as one transaction, then releases the answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from localloom_collector.faults import StorageUnavailable
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import Asides, ChunkRows, Fate
from localloom_collector.storage.writer import Writer

from .queue import IngestQueue, Pending, Result
from .refusal import UNAVAILABLE, Refusal, malformed

log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 2.0


@dataclass(slots=True)
class Counts:
    """What the writer has done since it started."""

    groups: int = 0
    stored: int = 0
    duplicates: int = 0
    expired: int = 0
    events: int = 0
    """In the chunks stored."""
    dead: int = 0
    """Chunks that the database refuses: nacked as malformed, kept as dead letters."""
    put_off: int = 0
    """Chunks nacked because the database was unavailable."""


class GroupCommit:
    """One task, one thread, one transaction at a time. While one commits, the next group gathers."""

    def __init__(self, queue: IngestQueue, writer: Writer, limits: Limits) -> None:
        """Take the queue to empty and the writer to use; `run` does the work."""
        self._queue = queue
        self._writer = writer
        self._limits = limits
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._hurried = False
        self._given_up = False
        self.counts = Counts()

    def hurry(self) -> None:
        """The collector is going down: do not wait for an unavailable database any more."""
        self._hurried = True

    async def run(self) -> None:
        """Write until the queue is closed and empty."""
        loop, begun = asyncio.get_running_loop(), float("-inf")
        try:
            while True:
                await self._queue.ready()
                if not self._hurried:
                    await asyncio.sleep(max(0.0, begun + self._limits.group_s - loop.time()))
                begun = loop.time()
                group, asides = await self._queue.take(self._limits.group_chunks, self._limits.group_bytes)
                if not group and not asides:
                    return
                self.counts.groups += 1
                results = await self._settle([pending.rows for pending in group], asides)
                for pending, result in zip(group, results, strict=True):
                    self._count(pending, result)
                    pending.answer(result)
        finally:
            self._thread.shutdown(wait=True)

    async def _settle(self, rows: Sequence[ChunkRows], asides: Asides) -> list[Result]:
        """Write a group; where it cannot be as a whole, find the chunk that is to blame. Never raises."""
        if self._given_up:
            return [Refusal(UNAVAILABLE, "the collector is going down; send it again later")] * len(rows)
        try:
            return list(await self._write(rows, asides))
        except StorageUnavailable as error:
            log.error("group put off chunks=%d: %s", len(rows), error)  # noqa: TRY400  # foreseen: no traceback
            # Each further group would wait for its own lock, and nobody waits for a stopping collector so long.
            self._given_up = self._hurried
            return [_unavailable(error)] * len(rows)
        except Exception:
            log.exception("group failed chunks=%d; writing them one by one", len(rows))
        try:
            await self._write([], asides)
        except Exception:
            log.exception("hellos and dead letters lost letters=%d", len(asides.letters))
        results: list[Result] = []
        for row in rows:
            try:
                results += await self._write([row], Asides())
            except StorageUnavailable as error:
                results.append(_unavailable(error))
            except Exception as error:
                key = row.key
                log.exception("chunk set aside run=%s chunk=%d", key.run_id, key.chunk_seq)
                results.append(malformed(f"the database refuses this chunk: {type(error).__name__}"))
        return results

    async def _write(self, rows: Sequence[ChunkRows], asides: Asides) -> list[Fate]:
        """Write once, or again and again while the database is unavailable, for as long as the limits say."""
        loop = asyncio.get_running_loop()
        pause, deadline = _FIRST_PAUSE_S, loop.time() + self._limits.retry_s
        while True:
            try:
                return await loop.run_in_executor(self._thread, self._writer.write, rows, asides)
            except StorageUnavailable as error:
                if self._hurried or loop.time() + pause > deadline:
                    raise
                log.warning("database unavailable, trying again in %.2f s: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _count(self, pending: Pending, result: Result) -> None:
        if isinstance(result, Refusal):
            if result.code == UNAVAILABLE:
                self.counts.put_off += 1
            else:
                self.counts.dead += 1
        elif result is Fate.STORED:
            self.counts.stored += 1
            self.counts.events += pending.rows.events
        elif result is Fate.DUPLICATE:
            self.counts.duplicates += 1
        else:
            self.counts.expired += 1


def _unavailable(error: StorageUnavailable) -> Refusal:
    return Refusal(UNAVAILABLE, f"the collector cannot store it now: {error}")
