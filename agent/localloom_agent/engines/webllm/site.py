"""The local site that the probe's page comes from: on loopback only, with the bundle, and with a model that is a folder."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PAGES = Path(__file__).parent / "pages"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
_BLOCK = 1 << 20


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes a connection is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer with a file of the site."""
        path = self.server.site.find(unquote(urlsplit(self.path).path))
        if path is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            return
        with path.open("rb") as stream:
            self.send_response(200)
            self.send_header("Content-Length", str(path.stat().st_size))
            self.send_header("Content-Type", _TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            while block := stream.read(_BLOCK):
                self.wfile.write(block)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's name
        """Requests are watched in the browser."""


class Site:
    """Serves files by their path on the site, and whole folders by a prefix."""

    def __init__(self, files: Mapping[str, Path], folders: Mapping[str, Path]) -> None:
        """Listen on a free port of loopback.

        Args:
            files: by path, such as "/web-llm.js".
            folders: by prefix with its final slash; "/" is tried last.
        """
        self._files, self._folders = (
            dict(files),
            dict(sorted(folders.items(), key=lambda item: -len(item[0]))),
        )
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @contextmanager
    def answering(self) -> Iterator[str]:
        """Answer requests; yields the site's address."""
        self._thread.start()
        try:
            yield self.url
        finally:
            self._stop()

    def _stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def find(self, path: str) -> Path | None:
        """The file for a path of the site; nothing outside the folders."""
        if path in self._files:
            return self._files[path]
        for prefix, folder in self._folders.items():
            if path.startswith(prefix):
                found = (folder / (path[len(prefix) :] or "index.html")).resolve()
                inside = folder.resolve() in found.parents and found.is_file()
                return found if inside else None
        return None
