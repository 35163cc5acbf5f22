"""Probes through the console script, several at a time: each is a process that mostly waits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from agent_process import Agent

from localloom_agent.canary import CANARY_DIR

MARK = "LOCALLOOM_TEST_PROBE"
"""A variable of every process that belongs to one probe: what still has it afterwards is an orphan."""


@dataclass
class Probe:
    """One probe to make."""

    args: tuple[str, ...] = ()
    """`{folder}` stands for a copy of the canary, `{tmp}` for a folder of this probe's own."""
    env: dict[str, str] = field(default_factory=dict)
    spoil: Callable[[Path], None] | None = None
    """Changes the copy of the canary."""


@dataclass
class Done:
    """How it went."""

    code: int
    document: dict[str, Any]
    seconds: float
    stderr: str
    orphans: list[str]

    @property
    def failure(self) -> dict[str, Any]:
        return self.document["failure"]

    @property
    def facts(self) -> dict[str, Any]:
        return self.failure["evidence"].get("facts", {})

    def statuses(self) -> dict[str, str]:
        return {p["phase"]: p["status"] for p in self.document["phases"]}

    def said(self) -> str:
        """All texts of the evidence."""
        evidence = self.failure["evidence"]
        errors = [f"{e.get('type', '')}: {e['message']}" for e in evidence.get("errors", ())]
        return "\n".join([*errors, evidence.get("stderr_tail", "")])


class Runs:
    """Starts probes ahead of the tests that look at them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(4)
        self._made: dict[str, Future[Done]] = {}

    def start(self, name: str, probe: Probe) -> None:
        if name not in self._made:
            self._made[name] = self._pool.submit(self._run, name, probe)

    def result(self, name: str) -> Done:
        return self._made[name].result()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def _run(self, name: str, probe: Probe) -> Done:
        own = self._folder / name.replace(" ", "_").replace("/", "_")
        own.mkdir()
        model = own / "canary-copy"
        if probe.spoil or any("{folder}" in arg for arg in probe.args):
            shutil.copytree(CANARY_DIR, model, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
        if probe.spoil:
            probe.spoil(model)
        agent = Agent(own)
        env = agent.environment(**{MARK: name}, **probe.env)
        args = [arg.format(folder=model, tmp=own) for arg in probe.args]
        started = time.monotonic()
        done = agent_run(args, env)
        seconds = time.monotonic() - started
        document = json.loads(done.stdout) if done.stdout else {}
        return Done(done.returncode, document, seconds, done.stderr, orphans(name))


def agent_run(args: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    from agent_process import AGENT

    command = [AGENT, "probe", "--json", "-q", *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def orphans(name: str) -> list[str]:
    """Processes of that probe which are still there."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(MARK) == name:
                left.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return left
