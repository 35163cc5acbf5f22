"""The collector's service: shakes hands, then hands each stream to a `Stream`."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timezone
from typing import Any, NoReturn
from uuid import UUID

import grpc

from localloom.fleet.v1 import collector_pb2, collector_pb2_grpc
from localloom_collector.ingest import clean
from localloom_collector.ingest.queue import IngestQueue
from localloom_collector.limits import REVISION, Limits
from localloom_collector.storage.rows import Sighting

from .access import FRESH_S, Access
from .stream import Stream

log = logging.getLogger(__name__)

Context = grpc.aio.ServicerContext[Any, Any]


class CollectorService(collector_pb2_grpc.CollectorServiceServicer):
    """Serves every stream of this process."""

    def __init__(
        self, queue: IngestQueue, limits: Limits, version: str, access: Access | None = None
    ) -> None:
        """Take the queue that chunks go to, the version to say in hellos, and who may send: None for everybody."""
        self._access = access
        self._queue = queue
        self._limits = limits
        self._version = version
        self._streams: dict[Stream, str | None] = {}
        """With the names of the tokens that they came with."""
        self._machines: Counter[UUID] = Counter()
        self._draining: str | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    async def StreamChunks(  # noqa: N802  # the contract's name
        self, request_iterator: AsyncIterator[collector_pb2.StreamChunksRequest], context: Context
    ) -> None:
        """One agent's stream, from its hello to its end."""
        del request_iterator  # the context's read() is used instead: the two do not mix
        if self._draining is not None:
            await context.abort(grpc.StatusCode.UNAVAILABLE, f"{self._draining}; come back in a few seconds")
        token = await self._token(context)
        hello = await self._hello(context)
        machine_id = UUID(bytes=hello.machine_id)
        if self._machines[machine_id] >= self._limits.machine_streams:
            await _abort(
                context,
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                f"the machine has {self._limits.machine_streams} streams open already; end one, or wait",
            )
        window = self._share()
        stream = Stream(context, self._queue, self._limits, machine_id, window)
        self._streams[stream] = token
        self._machines[machine_id] += 1
        self._idle.clear()
        log.info("stream opened machine=%s agent=%s", machine_id, printable(hello.agent_version))
        try:
            await self._answer_hello(hello, machine_id, window, context)
            if self._draining is not None:
                stream.drain(reconnect_delay_ms(), self._draining)
            await stream.run()
        finally:
            self._streams.pop(stream, None)
            self._machines[machine_id] -= 1
            if not self._machines[machine_id]:
                del self._machines[machine_id]
            if not self._streams:
                self._idle.set()
            log.info("stream closed machine=%s %s", machine_id, stream.counts)

    def _share(self) -> int:
        """The window of a new stream: what a busy collector has left for one, within the limits."""
        share = self._limits.windows_bytes // (len(self._streams) + 1)
        return min(self._limits.window_bytes, max(self._limits.smallest_window_bytes, share))

    async def drain(self, reason: str) -> None:
        """Tell every stream that the server goes down, and wait until each has had its last answers."""
        self._draining = reason
        for stream in self._streams:
            stream.drain(reconnect_delay_ms(), reason)
        await self._idle.wait()

    async def guard(self) -> None:
        """End the streams of tokens that no longer hold, for ever."""
        while self._access is not None:
            await asyncio.sleep(FRESH_S)
            if not self._streams:
                continue
            try:
                names = set((await self._access.valid()).values())
            except Exception:
                log.exception("tokens could not be read")
                continue
            for stream, name in self._streams.items():
                if name not in names:
                    log.info("token revoked name=%s: ending a stream", printable(str(name)))
                    stream.drain(reconnect_delay_ms(), "its token is revoked")

    async def _token(self, context: Context) -> str | None:
        """The name of the token that the stream came with; None where none is asked for."""
        if self._access is None:
            return None
        try:
            name = await self._access.name(context.invocation_metadata() or ())
        except Exception as error:
            log.warning("tokens could not be read: %s", type(error).__name__)
            await _abort(context, grpc.StatusCode.UNAVAILABLE, "the collector cannot look tokens up now")
        if name is None:
            await _abort(
                context,
                grpc.StatusCode.UNAUTHENTICATED,
                "a valid token is needed: localloom-collector token add makes one, agents take --token-file",
            )
        return name

    async def _hello(self, context: Context) -> collector_pb2.ClientHello:
        """The stream's first message, which has to be a hello that this collector can answer."""
        try:
            first = await asyncio.wait_for(context.read(), self._limits.hello_timeout_s)
        except asyncio.TimeoutError:
            await _abort(context, grpc.StatusCode.DEADLINE_EXCEEDED, "no hello came; say hello first")
        if not isinstance(first, collector_pb2.StreamChunksRequest) or first.WhichOneof("message") != "hello":
            await _abort(
                context,
                grpc.StatusCode.FAILED_PRECONDITION,
                "the first message of a stream has to be a ClientHello",
            )
        hello = first.hello
        if hello.revision < 1:
            await _abort(
                context,
                grpc.StatusCode.FAILED_PRECONDITION,
                f"the client speaks revision {hello.revision} of the contract; this collector speaks 1 to {REVISION}",
            )
        if len(hello.machine_id) != 16 or not any(hello.machine_id):
            await _abort(
                context,
                grpc.StatusCode.INVALID_ARGUMENT,
                "the hello's machine_id is not 16 bytes, or only zeros",
            )
        return hello

    async def _answer_hello(
        self, hello: collector_pb2.ClientHello, machine_id: UUID, window: int, context: Context
    ) -> None:
        now = datetime.now(timezone.utc)
        skew = (now - clean.moment(hello.time_unix_nano)).total_seconds()
        self._queue.sight(Sighting(machine_id, now, clean.text(hello.agent_version), skew))
        answer = collector_pb2.ServerHello(
            revision=min(hello.revision, REVISION),
            collector_version=self._version,
            max_message_bytes=self._limits.max_message_bytes,
            max_chunk_bytes=self._limits.max_chunk_bytes,
            window_bytes=window,
            time_unix_nano=int(now.timestamp() * 1e6) * 1000,
        )
        await context.write(collector_pb2.StreamChunksResponse(hello=answer))


def reconnect_delay_ms() -> int:
    """1 to 5 s, at random: a fleet that comes back all at once would be a storm."""
    return random.randint(1000, 5000)


def printable(text: str) -> str:
    """A text from outside, safe in a line of the log."""
    return "".join(c if c.isprintable() else "?" for c in text[:80])


async def _abort(context: Context, code: grpc.StatusCode, sentence: str) -> NoReturn:
    log.warning("stream refused peer=%s: %s", printable(context.peer()), sentence)
    await context.abort(code, sentence)
    raise AssertionError("abort raises")
