"""`tail`: live runs as they happen, from the database alone."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest
from chunks import MACHINE, Run, failed_run
from collectors import BOTH
from stream_client import Agent

from localloom_diagnosis import Phase

WAIT = 60


class Tail:
    """The command as a process of its own, and the lines it prints."""

    def __init__(self, database, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "localloom_collector", "tail", "--database-url", database.url, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        said = self.process.stderr.readline()
        assert "from now on" in said, said + self.process.stderr.read()
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.put(line)

    def waiting(self, seconds: float) -> list[dict]:
        """The events that are there, or come within that time."""
        found = []
        try:
            found.append(json.loads(self.lines.get(timeout=seconds)))
            while True:
                found.append(json.loads(self.lines.get_nowait()))
        except queue.Empty:
            return found

    def all_of(self, run: Run, until: str) -> list[dict]:
        """The events of one run, up to the first of that kind."""
        found, deadline = [], time.monotonic() + WAIT
        while not found or found[-1]["event"] != until:
            assert time.monotonic() < deadline, found
            found += [e for e in self.waiting(1.0) if e["run_id"] == str(run.run_id)]
        return found

    def interrupt(self) -> tuple[int, str]:
        """Ctrl-C; the exit code, and what it said on stderr."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(WAIT)
        return self.process.returncode, self.process.stderr.read()


@pytest.fixture
def tail(database):
    """Starts `tail` on the database, once it listens; ends it with the test."""
    started: list[Tail] = []

    def start(*options: str) -> Tail:
        started.append(Tail(database, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        one.process.stdout.close()
        one.process.stderr.close()


AMD = {"hw.gpu.vendor": "amd", "hw.gpu.model": "AMD Radeon RX 6700 XT"}


@BOTH
def test_a_run_is_told_as_it_happens(collector, tail):
    """A line when a run starts, when a phase ends, when it fails, when it ends; each once; Ctrl-C ends it quietly."""
    follower = tail("--json")
    # LISTEN comes right after the note; SQLite's first look too. What came before is not told, so ask until it is.
    run = Run()
    with Agent(collector.address) as agent:
        deadline = time.monotonic() + WAIT
        while follower.lines.empty() and time.monotonic() < deadline:
            agent.deliver(Run().start().seal())
            time.sleep(0.2)
        agent.deliver(run.start().identify().span(Phase.PREFLIGHT).seal())
        found = follower.all_of(run, "phase")
        assert [e["event"] for e in found] == ["started", "phase"]
        assert (found[0]["engine"], found[1]["phase"], found[1]["status"]) == ("tvm", "preflight", "passed")
        whole = failed_run()
        agent.deliver(*whole.chunks)
        told = follower.all_of(whole, "ended")
    assert [e["event"] for e in told].count("started") == 1
    assert [e["event"] for e in told][-2:] == ["failed", "ended"]
    assert [e["category"] for e in told if e["event"] == "failed"] == ["gpu.out_of_memory"]
    assert told[-1]["outcome"] == "failed"
    code, said = follower.interrupt()
    assert code == 130
    assert "Traceback" not in said


@BOTH
def test_conditions_choose_runs(collector, tail):
    """`--where` tells of runs with an attribute only, and `--failures` only how they fail."""
    follower = tail("--json", "--failures", "--where", "hw.gpu.vendor=amd")
    found: list[dict] = []
    deadline = time.monotonic() + WAIT
    with Agent(collector.address) as agent:
        while not found and time.monotonic() < deadline:
            amd = failed_run(attributes={**MACHINE, **AMD})
            agent.deliver(*failed_run().chunks)
            agent.deliver(*amd.chunks)
            found += follower.waiting(1.0)
    assert {e["event"] for e in found} == {"failed"}
    rows = {e["run_id"] for e in found}
    assert len(rows) == len(found)


def test_there_must_be_something_to_follow(database, tmp_path):
    """Where there is no database yet, tail says so and what to do, and does not wait for ever."""
    del database
    told = subprocess.run(
        [sys.executable, "-m", "localloom_collector", "tail", "--database-url", f"sqlite:///{tmp_path}/no.db"],
        capture_output=True, text=True, check=False, timeout=WAIT,
    )  # fmt: skip
    assert told.returncode == 3
    assert "start localloom-collector serve" in told.stderr
