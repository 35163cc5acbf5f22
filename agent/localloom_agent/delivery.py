"""The sender: ships the outbox's chunks to a collector, and lets go of them as they are acked.

One thread. It reads only the outbox, so it neither knows nor minds which run, or which process, a chunk came from;
two senders at once cost a few duplicates, which the collector recognises.
"""

from __future__ import annotations

import queue
import random
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import grpc

from localloom.fleet.v1 import collector_pb2 as pb
from localloom.fleet.v1 import collector_pb2_grpc

from .outbox import Outbox, OutboxError
from .version import version

REVISION = 1
HELLO_TIMEOUT_S = 5.0
RECEIPT_TIMEOUT_S = 30.0
"""No answer for this long while chunks are out: the connection is given up and made anew."""

PACE_S = 1.0
"""Between two messages, unless somebody waits for the delivery."""

BACKOFF_FIRST_S, BACKOFF_MAX_S = 0.5, 60.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MESSAGE_SLACK_BYTES = 64 * 1024
PERMANENT = {
    pb.NACK_CODE_MALFORMED: "malformed",
    pb.NACK_CODE_TOO_LARGE: "too_large",
    pb.NACK_CODE_EXPIRED: "expired",
}


@dataclass(frozen=True, slots=True)
class Security:
    """How the collector is known, and this machine to it. PEM, as bytes."""

    tls: bool = False
    ca: bytes | None = None
    """The authority of the collector's certificate; None: one of the system's."""
    certificate: bytes | None = None
    key: bytes | None = None
    """With `certificate`: what this machine shows of itself, where the collector asks for it."""
    token: str = field(default="", repr=False)

    def channel(self, target: str, options: list[tuple[str, int]]) -> grpc.Channel:
        """A channel to the collector."""
        if not self.tls:
            return grpc.insecure_channel(target, options=options)
        credentials = grpc.ssl_channel_credentials(self.ca, self.key, self.certificate)
        return grpc.secure_channel(target, credentials, options=options)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with a call."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


@dataclass(slots=True)
class _Session:
    """One stream, while it is open."""

    requests: queue.SimpleQueue[pb.StreamChunksRequest | None] = field(default_factory=queue.SimpleQueue)
    in_flight: dict[tuple[bytes, int], int] = field(default_factory=dict)
    after_id: int = 0
    answered_at: float = field(default_factory=time.monotonic)

    @property
    def unanswered_bytes(self) -> int:
        return sum(self.in_flight.values())

    def feed(self) -> Iterator[pb.StreamChunksRequest]:
        """What gRPC's own thread takes the requests from."""
        while (request := self.requests.get()) is not None:
            yield request


class Sender(threading.Thread):
    """Ships until it is stopped. Nothing it meets ends the process: what goes wrong is in `last_error`."""

    def __init__(
        self, outbox: Outbox, target: str, machine_id: uuid.UUID, security: Security | None = None
    ) -> None:
        """Ship from `outbox` to `target` (HOST:PORT); without `security` in the clear. Nothing is sent before `start`."""
        super().__init__(name="localloom-sender", daemon=True)
        self._outbox, self._target, self._machine_id = outbox, target, machine_id
        self._security = security or Security()
        self._wake = threading.Event()
        self._stop_now = threading.Event()
        self._hurry = threading.Event()
        self._idle = threading.Condition()
        self.last_error = ""
        self.connected = False
        self.delivered = 0
        """Chunks acked so far."""
        outbox.on_append(self._wake.set)

    def deliver(self, timeout_s: float, run_id: bytes | None = None) -> bool:
        """Wait until the chunks of a run, or all, are answered; False if they are not within `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        self._hurry.set()
        self._wake.set()
        try:
            with self._idle:
                while self._outbox.waiting(run_id):
                    left = deadline - time.monotonic()
                    if left <= 0 or not self.is_alive():
                        return False
                    self._idle.wait(min(left, 0.2))
            return True
        finally:
            self._hurry.clear()

    def stop(self) -> None:
        """End the stream and the thread; what is not acked stays in the outbox."""
        self._stop_now.set()
        self._wake.set()
        if self.is_alive():
            self.join(2.0)

    def run(self) -> None:
        """Connect, ship, and come back after a back-off when the stream ends."""
        failures = 0
        while not self._stop_now.is_set():
            self._wake.clear()
            try:
                if not self._outbox.waiting():
                    self._wake.wait(5.0)
                    continue
                delay = self._session()
                failures = 0
            except (grpc.RpcError, ConnectionError, TimeoutError) as error:
                self.last_error = _say(error)
                failures += 1
                delay = random.uniform(0.5, 1.0) * min(BACKOFF_MAX_S, BACKOFF_FIRST_S * 2 ** (failures - 1))
            except OutboxError as error:
                self.last_error = str(error)
                failures += 1
                delay = BACKOFF_FIRST_S * min(failures, 20)
            self.connected = False
            if self._hurry.is_set():
                delay = min(delay, 0.5)  # somebody waits: try again while they do
            self._stop_now.wait(delay)

    def _session(self) -> float:
        """Hold one stream; returns how long to stay away, in seconds, when it ended in good order."""
        options: list[tuple[str, int]] = [("grpc.max_send_message_length", -1)]
        if self._target.rpartition(":")[0].strip("[]") in LOOPBACK:
            options.append(("grpc.enable_http_proxy", 0))  # a proxy's localhost is another one
        with self._security.channel(self._target, options) as channel:
            session = _Session()
            answers: queue.SimpleQueue[pb.StreamChunksResponse | Exception | None] = queue.SimpleQueue()
            stub = collector_pb2_grpc.CollectorServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
            call = stub.StreamChunks(session.feed(), metadata=self._security.metadata)
            threading.Thread(
                target=self._listen, args=(call, answers), name="localloom-answers", daemon=True
            ).start()
            try:
                session.requests.put(pb.StreamChunksRequest(hello=self._hello()))
                hello = self._expect_hello(answers)
                self.connected, self.last_error = True, ""
                return self._ship(session, hello, answers)
            finally:
                session.requests.put(None)
                call.cancel()

    def _hello(self) -> pb.ClientHello:
        return pb.ClientHello(
            revision=REVISION,
            agent_version=version(),
            machine_id=self._machine_id.bytes,
            time_unix_nano=time.time_ns(),
        )

    def _listen(
        self,
        call: Iterator[pb.StreamChunksResponse],
        answers: queue.SimpleQueue[pb.StreamChunksResponse | Exception | None],
    ) -> None:
        try:
            for answer in call:
                answers.put(answer)
                self._wake.set()
            answers.put(None)
        except Exception as error:
            answers.put(error)
        self._wake.set()

    @staticmethod
    def _expect_hello(
        answers: queue.SimpleQueue[pb.StreamChunksResponse | Exception | None],
    ) -> pb.ServerHello:
        try:
            answer = answers.get(timeout=HELLO_TIMEOUT_S)
        except queue.Empty:
            raise TimeoutError(f"the collector did not answer within {HELLO_TIMEOUT_S:.0f} s") from None
        if isinstance(answer, Exception):
            raise answer
        if answer is None or answer.WhichOneof("message") != "hello":
            raise ConnectionError("what answered is not a LocalLoom collector: it did not say hello")
        return answer.hello

    def _ship(
        self,
        session: _Session,
        hello: pb.ServerHello,
        answers: queue.SimpleQueue[pb.StreamChunksResponse | Exception | None],
    ) -> float:
        sent_at = 0.0
        while not self._stop_now.is_set():
            self._wake.clear()
            while not answers.empty():
                answer = answers.get()
                if isinstance(answer, Exception):
                    raise answer
                if answer is None:
                    raise ConnectionError("the collector closed the stream")
                if answer.WhichOneof("message") == "drain":
                    self.last_error = f"the collector is going down: {answer.drain.reason}"
                    return answer.drain.reconnect_delay_ms / 1000 * random.uniform(1.0, 1.5)
                self._take(session, answer.receipt)
            pause = PACE_S - (time.monotonic() - sent_at)
            if pause <= 0 or self._hurry.is_set():
                sent = self._send_batch(session, hello)
                sent_at = time.monotonic() if sent else sent_at
                pause = 0.0 if sent else PACE_S
            if session.in_flight and time.monotonic() - session.answered_at > RECEIPT_TIMEOUT_S:
                raise TimeoutError(f"the collector acked nothing for {RECEIPT_TIMEOUT_S:.0f} s")
            self._wake.wait(max(pause, 0.01))
        return 0.0

    def _send_batch(self, session: _Session, hello: pb.ServerHello) -> bool:
        room = hello.window_bytes - session.unanswered_bytes
        if room <= 0:
            return False
        limit = min(room, max(hello.max_message_bytes - MESSAGE_SLACK_BYTES, 1))
        waiting = self._outbox.pending(session.after_id, limit)
        if not waiting or (session.in_flight and len(waiting[0].chunk) > room):
            return False
        if not session.in_flight:
            session.answered_at = time.monotonic()
        batch = pb.ChunkBatch()
        for chunk in waiting:
            batch.chunks.add().ParseFromString(chunk.chunk)
            session.in_flight[chunk.run_id, chunk.chunk_seq] = len(chunk.chunk)
            session.after_id = chunk.id
        session.requests.put(pb.StreamChunksRequest(batch=batch))
        return True

    def _take(self, session: _Session, receipt: pb.Receipt) -> None:
        """Let go of what was acked; set aside what was refused for good; send again what was put off."""
        session.answered_at = time.monotonic()
        acked = [(ack.run_id, ack.chunk_seq) for ack in receipt.acks]
        refused = [
            (nack.run_id, nack.chunk_seq, PERMANENT[nack.code], nack.reason)
            for nack in receipt.nacks
            if nack.code in PERMANENT
        ]
        put_off = [nack for nack in receipt.nacks if nack.code not in PERMANENT]
        if acked:
            self._outbox.acked(acked)
            self.delivered += len(acked)
        if refused:
            self._outbox.refused(refused)
        for key in (*acked, *((r[0], r[1]) for r in refused), *((n.run_id, n.chunk_seq) for n in put_off)):
            session.in_flight.pop(key, None)
        with self._idle:
            self._idle.notify_all()
        if put_off:
            raise ConnectionError(f"the collector put {len(put_off)} chunks off: {put_off[0].reason}")


def _say(error: Exception) -> str:
    """One sentence for a person."""
    if isinstance(error, grpc.RpcError):
        code = error.code() if callable(getattr(error, "code", None)) else None
        details = error.details() if callable(getattr(error, "details", None)) else str(error)
        return f"{code.name if code else 'RPC failed'}: {details}"
    return str(error)
