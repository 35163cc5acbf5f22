"""A TCP proxy on loopback that loses connections: reset, or swallowed without a word."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct


class FaultyProxy:
    """Stands between agents and a collector. All on one event loop."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._pairs: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.flowing = asyncio.Event()
        """Cleared: a black hole, that swallows what comes without a word."""
        self.flowing.set()
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Close everything."""
        assert self._server is not None
        self._server.close()
        self.reset()

    def reset(self) -> None:
        """RST on every connection."""
        for writer in list(self._pairs):
            raw = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ours = {writer, back}
        self._pairs |= ours
        try:
            # At the end of a storm these are cancelled, which Python's own callback would report as an error.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        finally:
            self._pairs -= ours
            for end in ours:
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self.flowing.wait()
                sink.write(data)
                await sink.drain()
        sink.transport.abort()
