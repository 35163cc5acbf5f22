"""A client that speaks the contract over a real channel, as an agent's sender does."""

from __future__ import annotations

import queue
import time
import uuid

import grpc

from localloom.fleet.v1 import collector_pb2, collector_pb2_grpc

STORED = collector_pb2.ACK_DISPOSITION_STORED
EXPIRED = collector_pb2.ACK_DISPOSITION_EXPIRED
DUPLICATE = collector_pb2.ACK_DISPOSITION_DUPLICATE


class Agent:
    """One stream. Use as a context manager."""

    def __init__(
        self, address: str, machine: uuid.UUID | None = None, credentials=None, token: str = "", **hello
    ) -> None:
        # A connection of its own, as an agent's process has.
        options = [("grpc.use_local_subchannel_pool", 1)]
        self.channel = (
            grpc.secure_channel(address, credentials, options)
            if credentials
            else grpc.insecure_channel(address, options)
        )
        self.outgoing: queue.SimpleQueue = queue.SimpleQueue()
        self.acks: dict[tuple[bytes, int], list[int]] = {}
        self.nacks: dict[tuple[bytes, int], list[collector_pb2.ChunkNack]] = {}
        self.drain: collector_pb2.Drain | None = None
        self.call = collector_pb2_grpc.CollectorServiceStub(self.channel).StreamChunks(
            iter(self.outgoing.get, None),
            timeout=120,
            metadata=(("authorization", token),) if token else (),
        )
        self.say(
            collector_pb2.StreamChunksRequest(
                hello=collector_pb2.ClientHello(
                    **{
                        "revision": 1,
                        "agent_version": "0.1.0",
                        "machine_id": (machine or uuid.uuid4()).bytes,
                        "time_unix_nano": time.time_ns(),
                        **hello,
                    }
                )
            )
        )
        try:
            self.hello = next(self.call).hello
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.outgoing.put(None)
        self.call.cancel()
        self.channel.close()

    def say(self, request) -> None:
        """Send one message of any kind."""
        self.outgoing.put(request)

    def send(self, *chunks) -> None:
        """One message."""
        self.say(collector_pb2.StreamChunksRequest(batch=collector_pb2.ChunkBatch(chunks=chunks)))

    def read(self) -> bool:
        """One message from the server; False at the stream's end."""
        answer = next(self.call, None)
        if answer is None:
            return False
        if answer.HasField("drain"):
            self.drain = answer.drain
        for ack in answer.receipt.acks:
            self.acks.setdefault((ack.run_id, ack.chunk_seq), []).append(ack.disposition)
        for nack in answer.receipt.nacks:
            self.nacks.setdefault((nack.run_id, nack.chunk_seq), []).append(nack)
        return True

    @property
    def answers(self) -> int:
        """How many acks and nacks have come."""
        return sum(map(len, self.acks.values())) + sum(map(len, self.nacks.values()))

    def deliver(self, *chunks) -> list:
        """Send, wait for an answer to each, and return the latest: a disposition or a nack."""
        due = self.answers + len(chunks)
        self.send(*chunks)
        while self.answers < due:
            assert self.read(), "the stream ended before every chunk was answered"
        out = []
        for chunk in chunks:
            key = (chunk.run_id, chunk.chunk_seq)
            out.append(self.nacks[key][-1] if key in self.nacks else self.acks[key][-1])
        return out
