"""A small HTTP proxy for tests: forwards, tunnels, asks for a password if it should, and keeps a log."""

from __future__ import annotations

import base64
import contextlib
import http.client
import select
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Proxy:
    """A proxy on loopback; `user` as "name:password" makes it ask for them, `refuse` makes it refuse everything."""

    def __init__(self, *, user: str = "", refuse: int = 0) -> None:
        self.log: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.log.append(f"GET {self.path}")
                if not self._allowed():
                    return
                parts = urlsplit(self.path)
                upstream = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
                headers = {k: v for k, v in self.headers.items() if not k.lower().startswith("proxy-")}
                upstream.request(
                    "GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers
                )
                answer = upstream.getresponse()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() != "connection":
                        self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                while block := answer.read(1 << 16):
                    self.wfile.write(block)
                self.close_connection = True

            def do_CONNECT(self) -> None:
                outer.log.append(f"CONNECT {self.path}")
                if not self._allowed():
                    return
                host, _, port = self.path.rpartition(":")
                with socket.create_connection((host, int(port))) as upstream:
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.flush()
                    _tunnel(self.connection, upstream)
                self.close_connection = True

            def _allowed(self) -> bool:
                wanted = "Basic " + base64.b64encode(user.encode()).decode()
                status = refuse or (407 if user and self.headers.get("Proxy-Authorization") != wanted else 0)
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                return not status

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _tunnel(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            ready, _, _ = select.select([one, other], [], [], 30)
            for end in ready:
                data = end.recv(1 << 16)
                if not data:
                    return
                (other if end is one else one).sendall(data)
            if not ready:
                return
