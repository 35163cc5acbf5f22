"""Real agents under fire: `localloom-agent probe` over and over, killed with -9 half of the time, one on a small disk.

What must arrive is read from each agent's own outbox after each of its processes has ended: a chunk that lies there is
one that the agent owes the collector, and it lets go of it only for an ack.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from concurrent.futures import Executor
from pathlib import Path

from agent_process import Agent

from localloom.fleet.v1 import collector_pb2 as pb

#: Faults of the probed engine itself: runs that fail, crash and pass are all delivered alike.
ENGINE_FAULTS = ("", "", "raise@load", "segv@generate")

#: Exit codes of a probe that kept its run for delivery.
KEPT = (0, 1)


class RealAgent:
    """One machine's agent."""

    def __init__(self, folder: Path, seed: int) -> None:
        """Take the folder of its state, on whatever disk that is."""
        self.folder = folder
        self._agent, self._rng = Agent(folder), random.Random(seed)
        self.owed: dict[tuple[bytes, int], bytes] = {}
        """Bodies of chunks that were in the outbox, by run and number."""
        self.runs: set[bytes] = set()
        """Every run that is its own."""
        self.ended: dict[bytes, str] = {}
        """Outcomes of runs whose probe came to its end and kept them."""
        self.killed = self.full = 0
        self.unforeseen: list[str] = []

    async def live(self, port: int, until: float, pool: Executor) -> None:
        """Probe after probe; at least one that is killed, and one that is not."""
        loop = asyncio.get_running_loop()
        while time.monotonic() < until or not self.killed or not (self.ended or self.full):
            kill = self._rng.random() < 0.5 if self.killed and self.ended else not self.killed
            await loop.run_in_executor(pool, self.probe, port, kill)

    def probe(self, port: int, kill: bool) -> None:
        """One probe; afterwards a look into the outbox."""
        words = ("probe", "--engine", "scripted", "--json", "-q", "--collector", f"127.0.0.1:{port}")
        fault = self._rng.choice(ENGINE_FAULTS)
        begun = self._agent.start(
            *words, fault=fault, plugin=True, LOCALLOOM_TEST_STEPS="30", LOCALLOOM_TEST_PAUSE="0.02"
        )
        told = ""
        if kill:
            try:
                told, said = begun.communicate(timeout=self._rng.uniform(0.5, 5.0))
            except subprocess.TimeoutExpired:
                begun.kill()
                begun.communicate()
                self.killed += 1
        else:
            told, said = begun.communicate(timeout=240)
        if told:
            document = json.loads(told)
            run_id = bytes.fromhex(document["run_id"].replace("-", ""))
            self.runs.add(run_id)
            if begun.returncode in KEPT:
                self.ended[run_id] = document["outcome"]
        if begun.returncode == 3:
            self.full += 1  # its disk: the sentence is judged elsewhere
            if "Traceback" in said:
                self.unforeseen.append(said)
        self.look()

    def look(self) -> None:
        """Take down what lies in the outbox, by a copy: nothing of the file itself is touched."""
        state = self._agent.state
        with tempfile.TemporaryDirectory() as folder:
            for file in state.glob("outbox.sqlite*"):
                shutil.copy(file, folder)
            copy = Path(folder) / "outbox.sqlite"
            if not copy.exists():
                return
            db = sqlite3.connect(copy)
            try:
                self.runs |= {run_id for (run_id,) in db.execute("SELECT run_id FROM runs")}
                for (raw,) in db.execute("SELECT chunk FROM chunks"):
                    chunk = pb.Chunk.FromString(raw)
                    self.owed[chunk.run_id, chunk.chunk_seq] = chunk.body
            except sqlite3.OperationalError as error:
                if "no such table" not in str(error):  # killed before it was made, or its disk was full
                    raise
            finally:
                db.close()

    def settle(self, port: int) -> None:
        """With all well again: one more probe, which also closes what was killed; then nothing is left to deliver."""
        self.probe(port, kill=False)
        flushed = self._agent.run(
            "outbox", "flush", "--collector", f"127.0.0.1:{port}", "--timeout", "120", timeout=240
        )
        assert flushed.returncode == 0, flushed.stderr
        status = json.loads(self._agent.run("outbox", "--json").stdout)
        assert (status["outbox"]["pending_chunks"], status["outbox"]["refused_chunks"]) == (0, 0), status
        assert not self.unforeseen, self.unforeseen
