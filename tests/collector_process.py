"""Runs a collector as an operator would: its console script, on a port of its own, on a database of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

COLLECTOR = str(Path(sys.executable).parent / "localloom-collector")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Collector:
    """One collector on SQLite; it can be killed and started again on the same port and the same file."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "collector.sqlite"
        self.url = f"sqlite:///{self.database}"
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._log = folder / "collector.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Collector:
        ready = self.database.with_suffix(".ready")
        ready.unlink(missing_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(COLLECTOR, "serve", "--port", str(self.port), "--database-url", self.url),
                    *("--ready-file", str(ready)),
                ],
                stdout=log,
                stderr=log,
                env=self._environment(),
            )
        deadline = time.monotonic() + 60
        while not ready.exists():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.02)
        return self

    def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    @staticmethod
    def _environment() -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith("LOCALLOOM_")}

    def ask(self, *args: str):
        """What a reporting command says, as JSON."""
        done = subprocess.run(
            [COLLECTOR, *args, "--json", "--database-url", self.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env=self._environment(),
        )
        return json.loads(done.stdout)

    def rows(self, query: str, *args: object) -> list[tuple]:
        """Rows straight from the database."""
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            return db.execute(query, args).fetchall()
