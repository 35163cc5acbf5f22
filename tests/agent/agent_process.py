"""Runs the agent as a user would: its console script, in a process of its own, with a state folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

SCRIPTS = Path(sys.executable).parent
AGENT, COLLECTOR = str(SCRIPTS / "localloom-agent"), str(SCRIPTS / "localloom-collector")
FAULTS = str(Path(__file__).parent.parent / "faults")


class Agent:
    """The agent of one make-believe machine."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.cache = folder / "cache"

    def environment(self, fault: str = "", *, plugin: bool = False, **more: str) -> dict[str, str]:
        env = {k: v for k, v in os.environ.items() if not k.startswith("LOCALLOOM_")}
        env |= {
            "LOCALLOOM_STATE_DIR": str(self.state),
            "LOCALLOOM_CACHE_DIR": str(self.cache),
            "LANG": "C.UTF-8",
        }
        env.pop("LC_ALL", None)
        if fault or plugin:
            env |= {"PYTHONPATH": FAULTS, "LOCALLOOM_TEST_FAULT": fault}
        return env | more

    def run(self, *args: str, fault: str = "", plugin: bool = False, timeout: float = 120, **env: str):
        return subprocess.run(
            [AGENT, *args],
            env=self.environment(fault, plugin=plugin, **env),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *args: str, fault: str = "", plugin: bool = False, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [AGENT, *args],
            env=self.environment(fault, plugin=plugin, **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def scripted(self, *args: str, fault: str = "", **env: str):
        """A probe with the engine that needs no runtime; returns the process and the document."""
        done = self.run(
            "probe", "--engine", "scripted", "--json", "-q", *args, fault=fault, plugin=True, **env
        )
        return done, json.loads(done.stdout) if done.stdout else None


def wait_for_child(pid: int, words: str = "localloom_agent.child", pause: float = 1.0) -> psutil.Process:
    """The engine's process of an agent, once the preflight's is gone and `pause` seconds have passed."""
    deadline = time.monotonic() + 60
    # In the order they came: the later child has the smaller number where the kernel's counter wrapped.
    seen: list[int] = []
    while time.monotonic() < deadline:
        for child in psutil.Process(pid).children():
            try:
                if child.pid not in seen and words in " ".join(child.cmdline()):
                    seen.append(child.pid)
            except psutil.Error:
                continue
            if len(seen) == 2 and child.pid == seen[-1]:
                time.sleep(pause)
                return child
        time.sleep(0.02)
    raise AssertionError("the engine's process never came")
