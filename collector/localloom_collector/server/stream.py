"""One agent's stream: reads chunks as far as the window allows, and answers each once its fate is settled."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import Any
from uuid import UUID

import grpc

from localloom.fleet.v1 import collector_pb2
from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.ingest.queue import IngestQueue, Pending, QueueClosed, Result
from localloom_collector.ingest.refusal import UNAVAILABLE, WINDOW_EXCEEDED, Refusal, malformed
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import ChunkRows, Fate, Letter

from .receipts import Receipts

log = logging.getLogger(__name__)

#: Answers that may wait for a client that does not read them; beyond, nothing more is read from it.
UNREAD_ANSWERS = 10_000

#: Messages up to this many unpacked bytes are opened on the loop: under a millisecond, while a thread's turn costs more
#: than the opening of a small chunk.
INLINE_BYTES = 16 * 1024

#: Of a refused chunk that are kept.
LETTER_BYTES = 64 * 1024


@dataclass(slots=True)
class StreamCounts:
    """What became of a stream's chunks."""

    fates: Counter[Fate] = field(default_factory=Counter)
    refused: int = 0

    def __str__(self) -> str:
        said = " ".join(f"{fate.value}={self.fates[fate]}" for fate in Fate)
        return f"{said} refused={self.refused}"


class Stream:
    """A stream after its hello. `run` returns when the client is done or the server drains it."""

    def __init__(
        self,
        context: grpc.aio.ServicerContext[Any, Any],
        queue: IngestQueue,
        limits: Limits,
        machine: UUID,
        window: int,
    ) -> None:
        """Take the call's context, the queue that chunks go to, and the bytes that were granted."""
        self._context = context
        self._queue = queue
        self._limits = limits
        self._machine = machine
        self._window = window
        self._unanswered = 0
        self._unanswered_bytes = 0
        self._receipts = Receipts()
        self._said = asyncio.Event()
        self._drain: collector_pb2.Drain | None = None
        self._reading = False
        self._wake = asyncio.Event()
        self._told: set[str] = set()
        self.counts = StreamCounts()

    def drain(self, reconnect_delay_ms: int, reason: str) -> None:
        """Read no more; answer what was read, then end."""
        self._drain = collector_pb2.Drain(reconnect_delay_ms=reconnect_delay_ms, reason=reason)
        self._wake.set()

    async def run(self) -> None:
        """Read and answer until the client has closed its side, or `drain` is called, and all is answered."""
        reader = asyncio.ensure_future(self._read())
        reader.add_done_callback(lambda _: self._wake.set())
        drained = False
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                if self._drain is not None and not drained:
                    drained = True
                    await self._context.write(collector_pb2.StreamChunksResponse(drain=self._drain))
                    if self._reading:
                        # Not while it handles a message: each of those chunks is owed an answer.
                        reader.cancel()
                await self._send_receipts()
                if reader.done() and not self._unanswered and not self._receipts:
                    break
            if not reader.cancelled():
                reader.result()
        finally:
            reader.cancel()

    async def _read(self) -> None:
        while self._drain is None:
            if len(self._receipts) > UNREAD_ANSWERS:
                self._said.clear()
                await self._said.wait()
                continue
            self._reading = True
            request = await self._context.read()
            self._reading = False
            if request is grpc.aio.EOF:
                return
            match request.WhichOneof("message"):
                case "batch":
                    await self._take(request.batch.chunks)
                case "hello":
                    await self._context.abort(
                        grpc.StatusCode.INVALID_ARGUMENT, "a stream has one hello, its first message"
                    )
                case _:
                    pass  # a later agent's message, which this revision need not know

    async def _take(self, chunks: Sequence[collector_pb2.Chunk]) -> None:
        """Admit a message's chunks by the window, open them off the loop, queue the good, refuse the bad."""
        admitted: list[collector_pb2.Chunk] = []
        most = self._window + self._limits.max_chunk_bytes
        for chunk in chunks:
            self._unanswered += 1
            self._unanswered_bytes += len(chunk.body)
            if self._unanswered_bytes > most:
                sentence = f"more than the window's {self._window} bytes are unanswered; wait for receipts"
                self._answer(chunk, Refusal(WINDOW_EXCEEDED, sentence))
            else:
                admitted.append(chunk)
        # Room first: what waits for a slow database waits as the few bytes that came, not as the rows they come to.
        sizes = [min(max(len(c.body), c.raw_bytes), self._limits.max_chunk_bytes) for c in admitted]
        size_of_all = sum(sizes)
        try:
            await self._queue.reserve(size_of_all)
        except QueueClosed:
            for chunk in admitted:
                self._answer(chunk, Refusal(UNAVAILABLE, "the collector is going down; send it again later"))
            return
        try:
            now = datetime.now(timezone.utc)
            if size_of_all <= INLINE_BYTES:
                opened = _open_all(admitted, now, self._limits)
            else:
                opened = await asyncio.to_thread(_open_all, admitted, now, self._limits)
        except BaseException:  # the client is gone, or the loop is: nobody else would give the room back
            self._queue.release(size_of_all)
            raise
        for chunk, size, result in zip(admitted, sizes, opened, strict=True):
            if isinstance(result, Refusal):
                self._queue.release(size)
                self._answer(chunk, result)
            else:
                self._queue.put(Pending(result, size, partial(self._answer, chunk)))

    def _answer(self, chunk: collector_pb2.Chunk, result: Result) -> None:
        """Settle one chunk: into the next receipt, out of the window."""
        self._unanswered -= 1
        self._unanswered_bytes -= len(chunk.body)
        self._receipts.add(chunk, result)
        self._wake.set()
        if not isinstance(result, Refusal):
            self.counts.fates[result] += 1
            return
        self.counts.refused += 1
        if result.permanent:
            self._queue.bury(letter(self._machine, chunk, result))
        if result.name not in self._told:
            # Once a code and stream: a client that sends nothing but rubbish must not fill the disk with our log.
            self._told.add(result.name)
            where = (self._machine, chunk.chunk_seq, result.name)
            log.warning("chunk refused machine=%s chunk=%d %s: %s", *where, result.reason)

    async def _send_receipts(self) -> None:
        while self._receipts:
            for message in self._receipts.take():
                await self._context.write(message)
            self._said.set()


def _open_all(
    chunks: Sequence[collector_pb2.Chunk], now: datetime, limits: Limits
) -> list[ChunkRows | Refusal]:
    opened: list[ChunkRows | Refusal] = []
    for chunk in chunks:
        try:
            opened.append(chunk_rows(chunk, now, limits))
        except Refusal as refusal:
            opened.append(refusal)
        except Exception as error:
            # Not foreseen, but one chunk's fault: its neighbours and the stream go on.
            log.exception("chunk could not be read chunk=%d", chunk.chunk_seq)
            opened.append(malformed(f"the chunk cannot be read: {type(error).__name__}"))
    return opened


def letter(machine_id: UUID, chunk: collector_pb2.Chunk, refusal: Refusal) -> Letter:
    """A refused chunk as it is kept: whole, or what a chunk may be long of it."""
    return Letter(
        machine_id=machine_id,
        run_id=chunk.run_id[:32].hex(),
        chunk_seq=str(chunk.chunk_seq),
        received_at=datetime.now(timezone.utc),
        code=refusal.name,
        reason=refusal.reason,
        chunk=chunk.SerializeToString()[:LETTER_BYTES],
    )
