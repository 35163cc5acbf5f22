"""A model hub on loopback: serves MLC folders as the public one does, and misbehaves on demand."""

from __future__ import annotations

import json
import ssl
import threading
import time
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .answers import Answer
from .faults import Fault, Faults

CONTROL = "/-/"
"""Paths below this one steer a running hub: PUT /-/faults (a JSON list), GET and DELETE /-/requests."""


@dataclass(frozen=True, slots=True)
class Served:
    """One request and what became of it."""

    path: str
    file: str
    """Name inside the model folder, or the whole path where it names none."""
    range: str
    status: int
    sent: int
    """Bytes of the body that were handed to the system."""
    fault: str
    headers: dict[str, str]
    host: str


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], hub: Hub, context: ssl.SSLContext | None) -> None:
        self.hub, self.stopping, self._context = hub, threading.Event(), context
        super().__init__(address, _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the connection's own thread: a handshake that waits must not keep others out.
        if self._context is not None:
            request.settimeout(30)
            request = self._context.wrap_socket(request, server_side=True)
            request.settimeout(None)
        super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what half of the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.hub.answer(self)

    do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 the base class's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's name
        """Requests are kept in the hub's own log."""


class Hub:
    """A hub that serves `models`, by "org/name"."""

    def __init__(
        self,
        models: dict[str, Path],
        *,
        context: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        name: str = "",
        port: int = 0,
        on_request: Any = None,
    ) -> None:
        self.models, self.faults, self._on_request = models, Faults(), on_request
        self._lock = threading.Lock()
        self._log: list[Served] = []
        self._open = 0
        self._server = _Server((host, port), self, context)
        self.port = self._server.server_address[1]
        self.url = f"{'https' if context else 'http'}://{name or host}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def misbehave(self, *faults: Fault | str) -> None:
        """Switch these faults on, and all others off."""
        self.faults.set(*(Fault.parse(f) if isinstance(f, str) else f for f in faults))

    def requests(self, file: str = "") -> list[Served]:
        """What was asked for so far, of one file or of all; waits a little for answers that are on their way."""
        due = time.monotonic() + 1
        while self._open and time.monotonic() < due:
            time.sleep(0.005)
        with self._lock:
            return [served for served in self._log if not file or served.file == file]

    def forget(self) -> None:
        """Empty the log, of answers that are on their way too."""
        self.requests()
        with self._lock:
            self._log.clear()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request, and log it."""
        path = unquote(urlsplit(handler.path).path)
        if path.startswith(CONTROL):
            self._steer(handler, path.removeprefix(CONTROL))
            return
        file, found = self._find(path)
        with self._lock:
            self._open += 1
        fault = self.faults.strike(file)
        answer = Answer(handler, found or Path("/nonexistent"), fault)
        try:
            if found is None and (fault is None or fault.kind.value not in ("status", "html", "redirect")):
                code = "EntryNotFound" if file != path else "RepoNotFound"
                answer.small(404, b"Not found\n", {"X-Error-Code": code})
            else:
                answer.give()
            handler.wfile.flush()
        except (OSError, ValueError):
            handler.close_connection = True
        finally:
            served = Served(
                path=path,
                file=file,
                range=handler.headers.get("Range", ""),
                status=answer.status,
                sent=answer.sent,
                fault=fault.kind.value if fault else "",
                headers={k.lower(): v for k, v in handler.headers.items()},
                host=handler.headers.get("Host", ""),
            )
            with self._lock:
                self._open -= 1
                self._log.append(served)
            if self._on_request is not None:
                self._on_request(served)

    def _find(self, path: str) -> tuple[str, Path | None]:
        model, resolve, file = path.lstrip("/").partition("/resolve/main/")
        folder = self.models.get(model)
        if not resolve or folder is None:
            return path, None
        found = folder / file
        inside = found.is_file() and folder.resolve() in found.resolve().parents
        return file, found if inside else None

    def _steer(self, handler: BaseHTTPRequestHandler, what: str) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        answer: Any = {}
        if what == "faults" and handler.command == "PUT":
            self.faults.set(*(Fault.from_json(entry) for entry in json.loads(body)))
        elif what == "requests" and handler.command == "DELETE":
            self.forget()
        elif what == "requests":
            answer = {"requests": [asdict(served) for served in self.requests()]}
        text = json.dumps(answer).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)
