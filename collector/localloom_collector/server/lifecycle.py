"""A running collector, from opening the database to the last commit."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio

from localloom.fleet.v1 import collector_pb2, collector_pb2_grpc
from localloom_collector.faults import ListenFault
from localloom_collector.ingest.group_commit import GroupCommit
from localloom_collector.ingest.queue import IngestQueue
from localloom_collector.limits import Limits
from localloom_collector.storage.writer import Writer

from .access import Access
from .address import address, cannot_listen, say_ready
from .service import CollectorService
from .tls import TlsFiles, credentials

log = logging.getLogger(__name__)

SERVICE: str = collector_pb2.DESCRIPTOR.services_by_name["CollectorService"].full_name


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen, and what to say of it."""

    host: str
    port: int
    """0 for any that is free."""
    tls: TlsFiles | None = None
    """None: not encrypted."""
    ready_file: Path | None = None
    """Gets the bound address, in one piece, once the server answers."""


class Collector:
    """One server, one queue, one writer. Start it once, stop it once."""

    def __init__(
        self,
        writer: Writer,
        limits: Limits,
        version: str,
        access: Access | None = None,
        *,
        shared_port: bool = False,
    ) -> None:
        """Take what serves.

        Args:
            writer: on a current schema; `stop` closes it.
            limits: what is granted.
            version: to say in hellos.
            access: who may send; None for everybody.
            shared_port: other processes of the same parent listen on the port too.
        """
        self._writer = writer
        self._limits = limits
        self._queue = IngestQueue(limits.queue_bytes)
        self._commit = GroupCommit(self._queue, writer, limits)
        self._service = CollectorService(self._queue, limits, version, access)
        self._health = health_aio.HealthServicer()
        self._server = grpc.aio.server(options=_options(limits, shared_port=shared_port))
        self._writing: asyncio.Task[None] | None = None
        self._guarding: asyncio.Task[None] | None = None
        self.address = ""

    async def start(self, listen: Listen) -> str:
        """Listen and serve.

        Returns:
            The bound address, "127.0.0.1:41837".

        Raises:
            ListenFault: the port is taken, the host is not this machine's, or the ready file cannot be written.
        """
        add = collector_pb2_grpc.add_CollectorServiceServicer_to_server
        add(self._service, self._server)  # type: ignore[no-untyped-call]  # generated
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        wanted = address(listen.host, listen.port)
        tls = credentials(listen.tls) if listen.tls else None
        try:
            port = (
                self._server.add_secure_port(wanted, tls) if tls else self._server.add_insecure_port(wanted)
            )
        except RuntimeError:
            port = 0
        if port == 0:
            raise ListenFault(cannot_listen(listen.host, listen.port))
        self.address = address(listen.host, port)
        self._writing = asyncio.ensure_future(self._commit.run())
        await self._server.start()
        self._guarding = asyncio.ensure_future(self._service.guard())
        for name in ("", SERVICE):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        if listen.ready_file is not None:
            try:
                say_ready(listen.ready_file, self.address)
            except ListenFault:
                await self.stop()
                raise
        return self.address

    async def stop(self, reason: str = "the collector is going down") -> None:
        """Drain the streams, commit and answer what is queued, close.

        Takes milliseconds when all is well; `drain_s`, a second and two lock timeouts of the database at most.
        """
        assert self._writing is not None
        self._commit.hurry()
        if self._guarding is not None:
            self._guarding.cancel()
        await self._health.enter_graceful_shutdown()
        try:
            await asyncio.wait_for(self._service.drain(reason), self._limits.drain_s)
        except asyncio.TimeoutError:
            log.warning("streams did not end within %.0f s; ending them", self._limits.drain_s)
        await self._server.stop(grace=1.0)
        self._queue.close()
        await self._writing
        self._writer.close()
        log.info("stopped: %s", self._commit.counts)

    @property
    def writing(self) -> asyncio.Task[None]:
        """The writer's task: it ends before `stop` only if the writer itself is broken."""
        assert self._writing is not None
        return self._writing


async def serve(
    collector: Collector, listen: Listen, announce: Callable[[str], None], stop: asyncio.Event | None = None
) -> None:
    """Run until SIGTERM or SIGINT, or until `stop` is set.

    Raises:
        ListenFault: it cannot listen where it was asked to.
    """
    loop = asyncio.get_running_loop()
    asked = stop or asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    announce(await collector.start(listen))
    collector.writing.add_done_callback(lambda _: asked.set())
    await asked.wait()
    await collector.stop()


def _options(limits: Limits, *, shared_port: bool) -> list[tuple[str, int]]:
    return [
        # A second server on the same port would silently share the connections with the first.
        ("grpc.so_reuseport", int(shared_port)),
        ("grpc.max_receive_message_length", limits.max_message_bytes),
        # Finds agents whose machines went to sleep or lost the network, and lets agents look for us.
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
    ]
