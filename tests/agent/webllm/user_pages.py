"""Pages as users write them, each with its own trouble, served beside the real bundle; and probes of the whole agent."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
from agent_process import Agent

CHAT = """<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="module">
{script}
</script>
"""

LOADS = """
import {{ CreateMLCEngine }} from "./web-llm.js";
const list = [{{ model: "{model}", model_id: "m", model_lib: "{model}/resolve/main/library.wasm" }}];
await CreateMLCEngine("m", {{ appConfig: {{ model_list: list }} }});
"""


class _Quiet(SimpleHTTPRequestHandler):
    csp = ""

    def end_headers(self) -> None:
        if self.csp:
            self.send_header("Content-Security-Policy", self.csp)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Not on the tests' standard error."""


@contextlib.contextmanager
def serve(folder: Path, csp: str = "") -> Iterator[int]:
    """Serve a folder on loopback; yields the port."""
    handler = type("Handler", (_Quiet,), {"csp": csp})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Whole:
    """A probe of the whole agent, and what it left behind."""

    code: int
    document: dict[str, Any]
    stderr: str
    left: list[str]

    @property
    def failure(self) -> dict[str, Any]:
        return self.document["failure"]

    def said(self) -> str:
        return "\n".join(f"{e.get('type', '')}: {e['message']}" for e in self.failure["evidence"]["errors"])


def whole(agent: Agent, cache: Path, scratch: Path, *args: str, timeout: float = 280, **env: str) -> Whole:
    """Probe through the console script; temporary files go to `scratch`."""
    done = agent.run(
        "probe", "--engine", "webllm", "--json", "-q", "--lang", "en", "--cache-dir", str(cache), *args,
        timeout=timeout, TMPDIR=str(scratch), **env,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    document = json.loads(done.stdout) if done.stdout else {}
    made = Whole(done.returncode, document, done.stderr, leftovers(scratch))
    if document.get("failure"):
        assert "playwright" not in made.said().lower()
    return made


def browsers_of(scratch: Path) -> list[psutil.Process]:
    """Browser processes whose profile lies in `scratch`."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        mine = any(word.startswith(f"--user-data-dir={scratch}") for word in process.info["cmdline"] or ())
        if mine and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def leftovers(scratch: Path) -> list[str]:
    """What a probe left behind: files, and processes."""
    return sorted(path.name for path in scratch.iterdir()) + [
        str(process.pid) for process in browsers_of(scratch)
    ]
