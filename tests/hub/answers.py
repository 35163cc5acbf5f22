"""How the hub answers one request: well, or as the fault wants it."""

from __future__ import annotations

import gzip
import hashlib
import os
import select
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from .faults import Fault, Kind

_PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Sign in to go on.</body></html>\n"
_BLOCK = 1 << 20


def etag_of(path: Path) -> str:
    """A strong ETag: changes whenever the file does."""
    status = path.stat()
    return f'"{hashlib.sha1(f"{status.st_size}-{status.st_mtime_ns}".encode()).hexdigest()}"'


class Answer:
    """The answer to one GET of a file."""

    def __init__(self, handler: BaseHTTPRequestHandler, path: Path, fault: Fault | None) -> None:
        self._handler, self._path, self._fault = handler, path, fault
        self._kind = fault.kind if fault else None
        self.status, self.sent = 0, 0

    def give(self) -> None:
        """Answer; whoever asked may be gone by then."""
        fault, kind = self._fault, self._kind
        if fault is None:
            self._file()
        elif kind is Kind.STATUS:
            self.small(fault.status, b"no\n", {**fault.headers})
        elif kind is Kind.HTML:
            self.small(200, _PAGE, {"Content-Type": "text/html"})
        elif kind is Kind.LFS:
            size = self._path.stat().st_size
            text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize {size}\n"
            self.small(200, text.encode(), {"Content-Type": "text/plain"})
        elif kind is Kind.REDIRECT:
            where = fault.location.replace("{path}", self._handler.path)
            self.small(302, b"over there\n", {"Location": where})
        elif kind is Kind.GARBAGE:
            self._handler.wfile.write(b"\x00\x01 this is no HTTP at all\r\n\r\n")
            self._handler.close_connection = True
        elif kind is Kind.STALL and fault.at == 0:
            self._stall()
        elif kind is Kind.RESET and fault.at == 0:
            self._reset()
        else:
            self._file()

    def small(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Answer with a body that is in memory."""
        self._head(status, {"Content-Length": str(len(body)), **headers})
        self._send(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.status = status
        if self._kind is not Kind.NO_CORS:
            headers = {"Access-Control-Allow-Origin": "*", **headers}
        if self._kind is Kind.SLOW_HEADERS:
            lines = (
                f"HTTP/1.1 {status} OK\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
            )
            self._trickle(lines.encode(), 1)
            return
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()

    def _file(self) -> None:
        fault, size, etag = self._fault, self._path.stat().st_size, etag_of(self._path)
        start = self._start(etag)
        if start is not None and start >= size:
            self.small(416, b"", {"Content-Range": f"bytes */{size}"})
            return
        headers = {"ETag": etag, "Content-Type": "application/octet-stream"}
        if self._kind is not Kind.NO_RANGE:
            headers["Accept-Ranges"] = "bytes"
        first, status = start or 0, 200 if start is None else 206
        length = size - first
        if status == 206:
            shown = first + 7 if self._kind is Kind.WRONG_RANGE else first
            headers["Content-Range"] = f"bytes {shown}-{size - 1}/{size}"
        if self._kind is Kind.GZIP:
            self.small(
                200, gzip.compress(self._path.read_bytes()), {"Content-Encoding": "gzip", "ETag": etag}
            )
            return
        announced = length
        if fault is not None and self._kind is Kind.LONG:
            announced = length + fault.amount
        elif fault is not None and self._kind is Kind.SHORT:
            announced = length = max(0, length - fault.amount)
        headers["Content-Length"] = str(announced)
        self._head(status, headers)
        self._body(first, length, size)

    def _start(self, etag: str) -> int | None:
        """Where the range asked for begins; None for the whole file."""
        asked = self._handler.headers
        wanted = asked.get("Range", "")
        if not wanted.startswith("bytes=") or self._kind is Kind.NO_RANGE:
            return None
        condition = asked.get("If-Range")
        if condition and condition != etag and self._kind is not Kind.IGNORE_IF_RANGE:
            return None
        return int(wanted[6:].partition("-")[0])

    def _body(self, first: int, length: int, size: int) -> None:
        fault = self._fault
        if fault is None:
            self._sendfile(first, length)
            return
        content = self._path.read_bytes()[first : first + length]
        share = max(0, int(size * fault.at) - first)
        if self._kind is Kind.CUT:
            self._send(content[:share])
            self._handler.close_connection = True
        elif self._kind is Kind.RESET:
            self._send(content[:share])
            self._handler.wfile.flush()
            time.sleep(0.05)  # or the reset overtakes what was sent
            self._reset()
        elif self._kind is Kind.STALL:
            self._send(content[:share])
            self._stall()
        elif self._kind is Kind.SLOW:
            self._trickle(content, max(1, int(fault.rate / 10)))
        elif self._kind is Kind.CORRUPT:
            middle = len(content) // 2
            self._send(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        else:
            self._send(content)
            if self._kind is Kind.LONG:
                self._handler.close_connection = True

    def _send(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self.sent += len(data)

    def _sendfile(self, first: int, length: int) -> None:
        connection = self._handler.connection
        with self._path.open("rb") as stream:
            if hasattr(connection, "context"):  # TLS: no way around user space
                stream.seek(first)
                while block := stream.read(min(_BLOCK, length - self.sent)):
                    self._send(block)
                return
            self._handler.wfile.flush()
            while self.sent < length:
                count = os.sendfile(
                    connection.fileno(),
                    stream.fileno(),
                    first + self.sent,
                    min(_BLOCK * 8, length - self.sent),
                )
                if not count:
                    return
                self.sent += count

    def _trickle(self, data: bytes, step: int) -> None:
        assert self._fault is not None
        for start in range(0, len(data), step):
            if self._handler.server.stopping.wait(step / self._fault.rate):  # type: ignore[attr-defined]
                break
            self._send(data[start : start + step])
            self._handler.wfile.flush()
        self._handler.close_connection = True

    def _stall(self) -> None:
        self._handler.wfile.flush()
        stopping, connection = self._handler.server.stopping, self._handler.connection  # type: ignore[attr-defined]
        while not stopping.wait(0.05):
            if select.select([connection], [], [], 0)[0]:
                break  # the client has left
        self._handler.close_connection = True

    def _reset(self) -> None:
        """Close with unsent data thrown away: the other side gets a reset."""
        connection = self._handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        self._handler.close_connection = True
