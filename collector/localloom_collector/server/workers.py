"""Several serving processes on one port: the kernel spreads connections over them, and each has a writer of its own.

The parent takes the port, starts the workers, starts another for one that died, and hands on the word to stop. It
holds one end of a pipe to each worker: when the parent is gone, however it went, its workers drain and end.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from localloom_collector.faults import CollectorFault, ListenFault
from localloom_collector.limits import Limits

from . import event_loop
from .address import address, cannot_listen, say_ready
from .lifecycle import Listen
from .log import log_to_stderr
from .serving import Serving, run

log = logging.getLogger(__name__)

#: A worker that lived shorter than this is not started again at once.
_SHORT_LIFE_S = 10.0
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0

#: What a worker may take to drain: more than the limits allow it (see `Collector.stop`).
_DRAIN_S = 60.0

_READY = "ready"


def shared(limits: Limits, workers: int) -> Limits:
    """One worker's share of the memory that the limits grant."""
    return replace(
        limits,
        queue_bytes=max(limits.queue_bytes // workers, limits.max_message_bytes),
        windows_bytes=limits.windows_bytes // workers,
    )


class Workers:
    """The parent. Run it once."""

    def __init__(self, serving: Serving, count: int) -> None:
        """Take what each of them serves; the listen address may have port 0."""
        self._count = count
        self._serving = replace(serving, limits=shared(serving.limits, count))
        self._stopping = asyncio.Event()
        self._ready: dict[int, asyncio.Event] = {}
        self._running: dict[int, BaseProcess] = {}
        self._fault: str | None = None

    async def run(self, announce: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT, then drain all of them.

        Raises:
            CollectorFault: the port cannot be had, or a worker cannot start.
        """
        loop = asyncio.get_running_loop()
        listen = self._serving.listen
        with _reserved(listen) as (host, port):
            shared_listen = replace(listen, host=host, port=port, ready_file=None)
            self._serving = replace(self._serving, listen=shared_listen, shared_port=True)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stopping.set)
            numbers = range(1, self._count + 1)
            self._ready = {number: asyncio.Event() for number in numbers}
            kept = [asyncio.ensure_future(self._keep(number)) for number in numbers]
            starting = asyncio.ensure_future(self._all_ready())
            stopping = asyncio.ensure_future(self._stopping.wait())
            try:
                await asyncio.wait({starting, stopping}, return_when="FIRST_COMPLETED")
                if not self._stopping.is_set():
                    told = address(listen.host, port)
                    if listen.ready_file is not None:
                        say_ready(listen.ready_file, told)
                    announce(told)
                    await self._stopping.wait()
            finally:
                self._stopping.set()
                starting.cancel()
                self._terminate()
                await asyncio.gather(*kept)
        if self._fault is not None:
            raise CollectorFault(self._fault)

    async def _all_ready(self) -> None:
        for event in self._ready.values():
            await event.wait()

    def _terminate(self) -> None:
        for process in self._running.values():
            if process.is_alive():
                process.terminate()

    async def _keep(self, number: int) -> None:
        """Have a worker of that number, for as long as nobody stops."""
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE_S
        while not self._stopping.is_set():
            begun = loop.time()
            code = await self._one(number)
            if self._stopping.is_set():
                return
            if not self._ready[number].is_set():
                self._fault = self._fault or f"worker {number} could not start (exit code {code}): see above"
                self._stopping.set()
                return
            pause = (
                _FIRST_PAUSE_S if loop.time() - begun > _SHORT_LIFE_S else min(pause * 2, _LONGEST_PAUSE_S)
            )
            log.error("worker %d ended (%s); starting another in %.1f s", number, _how(code), pause)
            try:
                await asyncio.wait_for(self._stopping.wait(), pause)
            except asyncio.TimeoutError:
                continue

    async def _one(self, number: int) -> int | None:
        """Start a worker, and wait for its end; its exit code, or minus the signal's number."""
        loop = asyncio.get_running_loop()
        ours, theirs = multiprocessing.Pipe()
        # Spawned: a fork would not survive gRPC. Ctrl-C reaches the whole group, and is for the parent to hand on.
        with _interrupts_put_off():
            process = multiprocessing.get_context("spawn").Process(
                target=work, args=(self._serving, number, theirs), name=f"worker-{number}"
            )
            process.start()
        theirs.close()
        self._running[number] = process
        if self._stopping.is_set():
            process.terminate()
        ended = asyncio.Event()
        loop.add_reader(process.sentinel, ended.set)
        loop.add_reader(ours.fileno(), self._hear, number, ours)
        try:
            await self._until(ended)
        except asyncio.TimeoutError:
            log.error("worker %d did not drain in %.0f s: killing it", number, _DRAIN_S)  # noqa: TRY400  # foreseen
            process.kill()
            await ended.wait()
        finally:
            loop.remove_reader(process.sentinel)
            loop.remove_reader(ours.fileno())
        if ours.poll():
            self._hear(number, ours)
        ours.close()
        process.join()
        return process.exitcode

    async def _until(self, ended: asyncio.Event) -> None:
        """Wait for a worker's end: for ever, but no longer than draining may take once all are to stop."""
        waiting = [asyncio.ensure_future(event.wait()) for event in (ended, self._stopping)]
        try:
            await asyncio.wait(waiting, return_when="FIRST_COMPLETED")
        finally:
            for task in waiting:
                task.cancel()
        if not ended.is_set():
            await asyncio.wait_for(ended.wait(), _DRAIN_S)

    def _hear(self, number: int, ours: Connection) -> None:
        """A worker says that it serves, or why it cannot; or it is gone."""
        try:
            said: str = ours.recv()
        except (EOFError, OSError):
            asyncio.get_running_loop().remove_reader(ours.fileno())
            return
        if said == _READY:
            self._ready[number].set()
        elif not self._ready[number].is_set():
            self._fault = said


def work(serving: Serving, number: int, parent: Connection) -> None:
    """A worker's whole life."""
    log_to_stderr(f"worker={number}")

    async def serve_and_listen_to_parent() -> None:
        stop, here = asyncio.Event(), asyncio.get_running_loop()

        def parent_is_gone() -> None:
            here.remove_reader(parent.fileno())
            log.error("the parent is gone: draining")
            stop.set()

        here.add_reader(parent.fileno(), parent_is_gone)
        await run(serving, lambda _address: parent.send(_READY), stop)

    try:
        event_loop.run(serve_and_listen_to_parent())
    except CollectorFault as fault:
        parent.send(str(fault))
        raise SystemExit(3) from None


@contextmanager
def _reserved(listen: Listen) -> Iterator[tuple[str, int]]:
    """Hold the port, without listening, while workers come and go; the host's address, and the port.

    Raises:
        ListenFault: it is taken, or the host is not this machine's.
    """
    try:
        found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, _, _, where = found[0]
        # Alone first: a second collector on this port would silently share the connections.
        with socket.socket(family, kind) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(where)
        held = socket.socket(family, kind)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(where)
    except OSError:
        raise ListenFault(cannot_listen(listen.host, listen.port)) from None
    with held:
        yield str(where[0]), held.getsockname()[1]


@contextmanager
def _interrupts_put_off() -> Iterator[None]:
    """A process that is started meanwhile never hears of Ctrl-C; here it is only put off."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
