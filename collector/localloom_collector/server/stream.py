"""One agent's stream: reads chunks as far as the window allows, and answers each once its fate is settled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import Any

import grpc

from localloom.fleet.v1 import collector_pb2
from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.ingest.queue import IngestQueue, Pending, QueueClosed, Result
from localloom_collector.ingest.refusal import UNAVAILABLE, WINDOW_EXCEEDED, Refusal, malformed
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import ChunkRows

from .receipts import Receipts

log = logging.getLogger(__name__)

#: Answers that may wait for a client that does not read them; beyond, nothing more is read from it.
UNREAD_ANSWERS = 10_000


@dataclass(slots=True)
class StreamCounts:
    """What became of a stream's chunks."""

    stored: int = 0
    duplicate: int = 0
    refused: int = 0

    def __str__(self) -> str:
        return f"stored={self.stored} duplicate={self.duplicate} refused={self.refused}"


class Stream:
    """A stream after its hello. `run` returns when the client is done or the server drains it."""

    def __init__(
        self, context: grpc.aio.ServicerContext[Any, Any], queue: IngestQueue, limits: Limits, machine: str
    ) -> None:
        """Take the call's context and the queue that chunks go to."""
        self._context = context
        self._queue = queue
        self._limits = limits
        self._machine = machine
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
        most = self._limits.window_bytes + self._limits.max_chunk_bytes
        for chunk in chunks:
            self._unanswered += 1
            self._unanswered_bytes += len(chunk.body)
            if self._unanswered_bytes > most:
                sentence = f"more than the window's {self._limits.window_bytes} bytes are unanswered; wait for receipts"
                self._answer(chunk, Refusal(WINDOW_EXCEEDED, sentence))
            else:
                admitted.append(chunk)
        opened = await asyncio.to_thread(_open_all, admitted, datetime.now(timezone.utc), self._limits)
        for chunk, result in zip(admitted, opened, strict=True):
            if isinstance(result, Refusal):
                self._answer(chunk, result)
                continue
            try:
                await self._queue.put(Pending(result, partial(self._answer, chunk)))
            except QueueClosed:
                self._answer(chunk, Refusal(UNAVAILABLE, "the collector is going down; send it again later"))

    def _answer(self, chunk: collector_pb2.Chunk, result: Result) -> None:
        """Settle one chunk: into the next receipt, out of the window."""
        self._unanswered -= 1
        self._unanswered_bytes -= len(chunk.body)
        self._receipts.add(chunk, result)
        self._wake.set()
        if not isinstance(result, Refusal):
            self.counts.stored += result
            self.counts.duplicate += not result
            return
        self.counts.refused += 1
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
