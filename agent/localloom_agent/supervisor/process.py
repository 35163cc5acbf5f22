"""The probed process, seen from outside: start, frames, stderr, stacks, and an end that leaves no orphan."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from localloom_agent.child.framing import FrameError, read_frames
from localloom_agent.engines.interpreters import is_this_one

from .bundle import environment_with, write_bundle

STDERR_TAIL_CHARS = 16_000
ASK_S = 2.0
"""How long a process that was asked to end has before it is ended with its whole group."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process ended."""

    exit_code: int | None
    """None where a signal ended it."""
    signal: str
    """Name of the signal, or ""."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the process wrote to standard error."""

    text: str


Item = Mapping[str, Any] | Line | None


class ProbedProcess:
    """One child with its pipes. What it says arrives on `items`: frames, lines, and None when the frames have ended."""

    def __init__(
        self, job: Mapping[str, Any], python: str = sys.executable, env: Mapping[str, str] | None = None
    ) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches only the supervisor.

        Args:
            job: what it is to do.
            python: the interpreter; one that is not ours gets the child's modules and nothing else of ours.
            env: variables beside those of this process.

        Raises:
            OSError: the interpreter cannot be started.
        """
        self._scratch = tempfile.TemporaryDirectory(prefix="localloom-")
        self._trace = Path(self._scratch.name) / "stacks.txt"
        self.items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self.garbage = ""
        self._tail: deque[str] = deque(maxlen=400)
        environment = {**os.environ, **(env or {}), "PYTHONUNBUFFERED": "1"}
        if not is_this_one(python):
            environment = environment_with(write_bundle(Path(self._scratch.name)), environment)
        self.process = subprocess.Popen(
            [python, "-X", "utf8", "-m", "localloom_agent.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # what a session is to Windows
        )
        self._threads = [
            threading.Thread(target=self._read_frames, name="localloom-frames", daemon=True),
            threading.Thread(target=self._read_stderr, name="localloom-stderr", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it died at once: how it ended says more
            self.process.stdin.write(json.dumps({**job, "trace_file": str(self._trace)}).encode() + b"\n")
            self.process.stdin.flush()

    def _read_frames(self) -> None:
        assert self.process.stdout is not None
        try:
            for frame in read_frames(self.process.stdout):
                self.items.put(frame)
        except (FrameError, OSError, ValueError) as error:
            self.garbage = str(error)
        self.items.put(None)

    def _read_stderr(self) -> None:
        assert self.process.stderr is not None
        with contextlib.suppress(OSError, ValueError):
            for raw in self.process.stderr:
                line = Line(raw.decode("utf-8", "replace").rstrip("\r\n"))
                self._tail.append(line.text[:2000])
                self.items.put(line)

    def stderr_tail(self) -> str:
        """The last lines it wrote to standard error, bounded."""
        return "\n".join(self._tail)[-STDERR_TAIL_CHARS:]

    def stacks(self, wait_s: float = 1.0) -> str:
        """Python stacks of all its threads, asked for now (where the system can) and whatever a fatal signal left."""
        if hasattr(signal, "SIGUSR1") and self.process.poll() is None and self._trace.exists():
            before = self._trace.stat().st_size
            with contextlib.suppress(OSError):
                self.process.send_signal(signal.SIGUSR1)
                deadline = time.monotonic() + wait_s
                while self._trace.stat().st_size == before and time.monotonic() < deadline:
                    time.sleep(0.02)
                time.sleep(0.05)
        with contextlib.suppress(OSError):
            return self._trace.read_text("utf-8", "replace")[-STDERR_TAIL_CHARS:]
        return ""

    def wait(self, timeout_s: float) -> Ended | None:
        """How it ended, or None if it has not within `timeout_s`."""
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        if code < 0:
            with contextlib.suppress(ValueError):
                return Ended(None, signal.Signals(-code).name)
            return Ended(None, f"signal {-code}")
        return Ended(code, "")

    def settle(self) -> None:
        """Wait, briefly, until what it wrote before it ended has been read."""
        for thread in self._threads:
            thread.join(1.0)

    def end(self) -> Ended | None:
        """Ask it to end, then end it and all that it started. Returns how it ended; None if even that failed."""
        tree = self._tree()
        if self.process.poll() is None:
            with contextlib.suppress(OSError):
                if hasattr(signal, "SIGCONT"):
                    self.process.send_signal(signal.SIGCONT)  # a stopped process hears nothing else
                self.process.terminate()
        ended = self.wait(ASK_S)
        for member in {*tree, *self._tree()}:
            with contextlib.suppress(psutil.Error):
                member.kill()
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self.process.pid, signal.SIGKILL)
        return ended or self.wait(ASK_S)

    def _tree(self) -> list[psutil.Process]:
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.Error:
            return []

    def close(self) -> None:
        """End it if it runs, and let go of pipes, threads and the scratch folder."""
        self.end()
        for (
            thread
        ) in self._threads:  # they meet the end of their pipes: nothing of the tree is left to hold them open
            thread.join(1.0)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._scratch.cleanup()
