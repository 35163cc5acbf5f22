"""Faults the whole time: what was acked is in the tables, once and whole, and nothing else is.

An oracle issues chunks, agents deliver them, every ack makes an obligation. Meanwhile the collector and PostgreSQL are
killed and restarted, connections are reset and swallowed, the database stands still. In the end a judge reads the
tables. Short by default; LOCALLOOM_CHAOS_SECONDS and LOCALLOOM_CHAOS_SEED make it longer, and another.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from faulty_proxy import FaultyProxy
from postgresql_server import PostgresServer
from simulator.agents import SimulatedAgent
from simulator.events import chunks
from simulator.plan import Fleet
from simulator.truth import PLANTED
from sqlalchemy import func, select

from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.schema import event_chunks, http_exchanges, machines, phases, runs

SECONDS = float(os.environ.get("LOCALLOOM_CHAOS_SECONDS", "12"))
SEED = int(os.environ.get("LOCALLOOM_CHAOS_SEED", "1"))
AGENTS = 12


class Served:
    """`serve` on a port that stays the same when it is killed and started again."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._url, self._log = url, folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start it; it is there soon."""
        command = [sys.executable, "-m", "localloom_collector", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen([*command, "--database-url", self._url], stderr=log)

    async def supervise(self) -> None:
        """As systemd or an orchestrator would: a collector that finds no database ends with 3, and is started again."""
        while True:
            await asyncio.sleep(0.3)
            if self.process is not None and self.process.poll() == 3:
                self.start()

    def end(self, number: int) -> None:
        """Send a signal and wait for the end."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(40)

    def log(self) -> str:
        """What it said."""
        return self._log.read_text()


class Oracle:
    """Issues chunks and remembers them; what is acked becomes an obligation."""

    def __init__(self, seed: int) -> None:
        self.issued: dict[tuple[bytes, int], bytes] = {}
        self.events: dict[bytes, int] = {}
        self.obligations: set[tuple[bytes, int]] = set()
        self._runs = Fleet(seed, AGENTS, 1.0, time.time(), PLANTED).runs(10**9)

    def issue(self):
        """The next run's machine and chunks."""
        planned = next(self._runs)
        made = chunks(planned, 6)
        for chunk in made:
            self.issued[chunk.run_id, chunk.chunk_seq] = chunk.body
        self.events[planned.run_id.bytes] = sum(chunk.event_count for chunk in made)
        return planned.machine.machine_id.bytes, made


async def produce(oracle: Oracle, port: int, until: float, patience: float) -> int:
    """One agent after another machine's run, for as long as faults go on; how many chunks were never answered."""
    left, rng = 0, random.Random(port)
    while time.monotonic() < until:
        machine, made = oracle.issue()
        options = [("grpc.use_local_subchannel_pool", 1), ("grpc.max_reconnect_backoff_ms", 500)]
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            deadline = asyncio.get_running_loop().time() + patience
            for _ in range(1 + (rng.random() < 0.3)):  # now and then all of it once more: acks get lost
                agent = SimulatedAgent(channel, machine, 0.02, on_ack=oracle.obligations.add)
                left += (await agent.deliver(made, deadline)).unanswered
    return left


async def harm(
    rng: random.Random, until: float, served: Served, postgres: PostgresServer, proxy: FaultyProxy
) -> list[str]:
    """One fault after another; the names of those done."""
    loop, done = asyncio.get_running_loop(), []
    # The last is where an ack before the commit would be found out.
    faults = [
        "kill collector",
        "restart database",
        "kill database",
        "reset",
        "black hole",
        "stand still",
        "both",
    ]
    order: list[str] = []
    while time.monotonic() < until:
        order = order or rng.sample(faults, len(faults))
        fault = order.pop()
        done.append(fault)
        if fault == "kill collector":
            await loop.run_in_executor(None, served.end, signal.SIGKILL)
            served.start()
        elif fault == "restart database":
            await loop.run_in_executor(None, postgres.stop, "fast")
            await loop.run_in_executor(None, postgres.start)
        elif fault == "kill database":
            await loop.run_in_executor(None, postgres.kill)
            await loop.run_in_executor(None, postgres.start)
        elif fault == "reset":
            proxy.reset()
        elif fault == "black hole":
            proxy.flowing.clear()
            await asyncio.sleep(0.7)
            proxy.flowing.set()
            proxy.reset()
        else:
            with postgres.stopped_backends():
                await asyncio.sleep(0.7)
                if fault == "both":
                    await loop.run_in_executor(None, served.end, signal.SIGKILL)
            if fault == "both":
                served.start()
        await asyncio.sleep(rng.uniform(0.2, 1.0))
    return done


async def storm(oracle: Oracle, served: Served, postgres: PostgresServer) -> tuple[list[str], int]:
    proxy = FaultyProxy(served.port)
    await proxy.start()
    until = time.monotonic() + SECONDS
    agents = [produce(oracle, proxy.port, until, SECONDS + 60) for _ in range(AGENTS)]
    supervisor = asyncio.ensure_future(served.supervise())
    done, *left = await asyncio.gather(harm(random.Random(SEED), until, served, postgres, proxy), *agents)
    supervisor.cancel()
    proxy.stop()
    return done, sum(left)


@pytest.mark.timeout(SECONDS * 2 + 180)
def test_what_was_acked_is_there_whatever_happens(tmp_path):
    """Every obligation is in the tables with its payload, nothing else is, and sums are those of the rows."""
    postgres = PostgresServer(fsync="on")
    served = Served(postgres.database(), tmp_path)
    try:
        served.start()
        oracle = Oracle(SEED)
        done, left = asyncio.run(storm(oracle, served, postgres))
        assert len(set(done)) >= 4, done
        assert left == 0, served.log()
        # A fresh run goes through as if nothing had been.
        asyncio.run(produce(oracle, served.port, time.monotonic() + 0.1, 30.0))
        served.end(signal.SIGTERM)
        judge(oracle, served)
    finally:
        if served.process is not None and served.process.poll() is None:
            served.end(signal.SIGKILL)
        postgres.remove()


def judge(oracle: Oracle, served: Served) -> None:
    """Read the tables."""
    engine = open_engine(parse_url(served._url))
    with engine.connect() as connection:
        table = event_chunks.c
        rows = connection.execute(select(table.run_id, table.chunk_seq, table.body)).all()
        stored = {(row.run_id.bytes, row.chunk_seq): row.body for row in rows}
        assert len(rows) == len(stored)
        assert oracle.obligations == oracle.issued.keys()
        assert oracle.obligations <= stored.keys(), "acked, and lost"
        assert stored.keys() <= oracle.issued.keys(), "never issued"
        assert all(body == oracle.issued[key] for key, body in stored.items()), "not what was sent"
        received = {
            row.run_id.bytes: (row.events_received, row.chunks_received)
            for row in connection.execute(
                select(runs.c.run_id, runs.c.events_received, runs.c.chunks_received)
            )
        }
        counted: dict[bytes, int] = {}
        for run_id, _ in oracle.issued:
            counted[run_id] = counted.get(run_id, 0) + 1
        assert received == {run_id: (oracle.events[run_id], counted[run_id]) for run_id in counted}
        for other in (phases, http_exchanges):
            orphans = (
                select(func.count()).select_from(other).where(other.c.run_id.not_in(select(runs.c.run_id)))
            )
            assert connection.scalar(orphans) == 0
        assert connection.scalar(select(func.sum(machines.c.refused_chunks))) == 0
    engine.dispose()
