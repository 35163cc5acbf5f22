"""Many agents at once over real gRPC: each a stream of its own that sends its runs as its window allows."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import grpc

from localloom.fleet.v1 import collector_pb2 as pb
from localloom.fleet.v1 import collector_pb2_grpc

PERMANENT = (pb.NACK_CODE_MALFORMED, pb.NACK_CODE_TOO_LARGE, pb.NACK_CODE_EXPIRED)


@dataclass(slots=True)
class Delivered:
    """What became of an agent's chunks."""

    streams: int = 0
    acked: int = 0
    nacked: int = 0
    reconnects: int = 0
    unanswered: int = 0
    latencies: list[float] = field(default_factory=list)
    """Seconds from a chunk's sending to its ack."""
    sent_at: list[float] = field(default_factory=list)
    """Of each of these, when it was sent, on the monotonic clock."""
    connecting_s: float = 0.0
    """Until every stream was open, where they waited for that."""
    sending_s: float = 0.0
    """From then on, or from the beginning."""
    cpu_s: float = 0.0
    """Of the agents' process."""

    def merge(self, other: Delivered) -> None:
        """Take another's counts in; processes work side by side."""
        for name in ("streams", "acked", "nacked", "reconnects", "unanswered", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("connecting_s", "sending_s"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        self.latencies += other.latencies
        self.sent_at += other.sent_at


class Gate:
    """Holds chunks back until so many streams are open."""

    def __init__(self, streams: int) -> None:
        self._missing = streams
        self._open = asyncio.Event()
        self.opened_at: float | None = None
        """On the monotonic clock."""

    async def pass_through(self) -> None:
        """Say that one more stream is open, and wait for the others."""
        self._missing -= 1
        if self._missing <= 0 and not self._open.is_set():
            self.opened_at = time.monotonic()
            self._open.set()
        await self._open.wait()


class SimulatedAgent:
    """One machine that delivers chunks until all are answered, through every lost stream."""

    def __init__(
        self,
        channel: grpc.aio.Channel,
        machine_id: bytes,
        pause_s: float,
        clock_skew_s: float = 0.0,
        on_ack: Callable[[tuple[bytes, int]], None] = lambda _key: None,
        gate: Gate | None = None,
        spread_s: float = 0.0,
    ) -> None:
        """Take a channel, which several may share; `pause_s` lies between two chunks, as a probe takes its time.

        With a gate the first stream sends nothing before all are open, and then begins at a moment of its own within
        `spread_s`: agents that begin together would send all runs' first chunks together too.
        """
        self._on_ack, self._gate, self._spread = on_ack, gate, spread_s
        self._stub = collector_pb2_grpc.CollectorServiceStub(channel)
        self._machine_id, self._pause = machine_id, pause_s
        self._skew_nano = int(clock_skew_s * 1e9)
        self.done = Delivered()

    async def deliver(self, chunks: Sequence[pb.Chunk], deadline: float) -> Delivered:
        """Deliver, or give up at the deadline (of the loop's clock)."""
        waiting = {(chunk.run_id, chunk.chunk_seq): chunk for chunk in chunks}
        loop = asyncio.get_running_loop()
        while waiting and loop.time() < deadline:
            self.done.streams += 1
            try:
                await asyncio.wait_for(self._stream(waiting), deadline - loop.time())
            except (grpc.RpcError, asyncio.TimeoutError, asyncio.InvalidStateError, ConnectionError):
                self.done.reconnects += 1
                await asyncio.sleep(0.5)
        self.done.unanswered = len(waiting)
        return self.done

    async def _stream(self, waiting: dict[tuple[bytes, int], pb.Chunk]) -> None:
        call = self._stub.StreamChunks()
        try:
            hello = pb.ClientHello(
                revision=1,
                agent_version="simulated",
                machine_id=self._machine_id,
                time_unix_nano=time.time_ns() - self._skew_nano,
            )
            await call.write(pb.StreamChunksRequest(hello=hello))
            answer = await call.read()
            if answer is grpc.aio.EOF:
                raise ConnectionError
            if self._gate is not None:
                gate, self._gate = self._gate, None
                await gate.pass_through()
                await asyncio.sleep(random.random() * self._spread)
            await self._ship(call, waiting, answer.hello.window_bytes)
        finally:
            call.cancel()

    async def _ship(self, call, waiting: dict[tuple[bytes, int], pb.Chunk], window: int) -> None:
        sent: dict[tuple[bytes, int], float] = {}
        unanswered = 0
        answered = asyncio.Event()

        async def read() -> None:
            nonlocal unanswered
            while True:
                answer = await call.read()
                if answer is grpc.aio.EOF or answer.HasField("drain"):
                    raise ConnectionError
                now = time.monotonic()
                for ack in answer.receipt.acks:
                    key = (ack.run_id, ack.chunk_seq)
                    self.done.latencies.append(now - sent[key])
                    self.done.sent_at.append(sent[key])
                    self._on_ack(key)
                    unanswered -= len(waiting.pop(key).body)
                    self.done.acked += 1
                for nack in answer.receipt.nacks:
                    self.done.nacked += 1
                    if nack.code not in PERMANENT:
                        raise ConnectionError(nack.reason)  # put off: come back, and send what is left
                    unanswered -= len(waiting.pop((nack.run_id, nack.chunk_seq)).body)
                answered.set()
                if not waiting:
                    return

        reader = asyncio.ensure_future(read())
        try:
            due = time.monotonic()
            for key, chunk in list(waiting.items()):
                while unanswered and unanswered + len(chunk.body) > window and not reader.done():
                    answered.clear()
                    await asyncio.wait(
                        {reader, asyncio.ensure_future(answered.wait())}, return_when="FIRST_COMPLETED"
                    )
                if reader.done():
                    break
                sent[key] = time.monotonic()
                unanswered += len(chunk.body)
                await call.write(pb.StreamChunksRequest(batch=pb.ChunkBatch(chunks=[chunk])))
                if self._pause:
                    due += self._pause
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
            await reader
        finally:
            reader.cancel()
