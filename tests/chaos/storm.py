"""The storm: producers and real agents deliver while collector, database, connections and a disk fail the whole time.

An oracle issues chunks, producers deliver them, every ack makes an obligation; beside them real agents probe, and what
lies in their outboxes is owed. In the end a judge reads the tables.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import psycopg
from faulty_proxy import FaultyProxy
from postgresql_server import PostgresServer
from real_agents import RealAgent
from simulator.agents import SimulatedAgent
from simulator.events import chunks
from simulator.plan import Fleet
from simulator.truth import PLANTED
from sqlalchemy import func, select

from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.schema import event_chunks, http_exchanges, machines, phases, runs

PRODUCERS = 12

Stored = dict[tuple[bytes, int], bytes]
"""Bodies by run and number."""
Found = dict[bytes, tuple[str | None, int, int | None, int]]
"""Of runs: outcome, events received and expected, chunks received."""


@dataclass(slots=True)
class Report:
    """What a storm did."""

    faults: dict[str, int] = field(default_factory=dict)
    chunks_issued: int = 0
    obligations: int = 0
    unanswered: int = 0
    """Chunks whose producers gave up."""
    probes_ended: int = 0
    probes_killed: int = 0
    probes_on_a_full_disk: int = 0
    chunks_owed_by_agents: int = 0
    """That lay in an outbox when its agent had ended or was killed."""


class Served:
    """`serve` on a port that stays the same when it is killed and started again."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url, self._log = url, folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to start it; it is there soon."""
        command = [sys.executable, "-m", "localloom_collector", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen([*command, "--database-url", self.url], stderr=log)

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
        self.machines: set[bytes] = set()
        self._runs = Fleet(seed, PRODUCERS, 1.0, time.time(), PLANTED).runs(10**9)

    def issue(self):
        """The next run's machine and chunks."""
        planned = next(self._runs)
        made = chunks(planned, 6)
        for chunk in made:
            self.issued[chunk.run_id, chunk.chunk_seq] = chunk.body
        self.machines.add(planned.machine.machine_id.bytes)
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


def hold(url: str) -> None:
    """Nobody writes for a while: somebody's long transaction has the table."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute("LOCK TABLE event_chunks IN SHARE ROW EXCLUSIVE MODE")
        time.sleep(1.5)


async def harm(
    rng: random.Random,
    until: float,
    served: Served,
    postgres: PostgresServer,
    proxy: FaultyProxy,
    disk: Path,
) -> list[str]:
    """One fault after another; the names of those done."""
    loop, done = asyncio.get_running_loop(), []
    # The last is where an ack before the commit would be found out.
    faults = [
        "slow database",
        "full disk",
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
        elif fault == "slow database":
            with contextlib.suppress(psycopg.Error):  # it is down just now: slower it cannot be
                await loop.run_in_executor(None, hold, served.url)
        elif fault == "full disk":
            with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            await asyncio.sleep(rng.uniform(1.0, 3.0))
            (disk / "filler").unlink()
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


async def rage(
    seconds: float,
    seed: int,
    oracle: Oracle,
    served: Served,
    postgres: PostgresServer,
    agents: list[RealAgent],
) -> tuple[list[str], int]:
    """The faults that were done, and how many chunks were never answered."""
    proxy = FaultyProxy(served.port)
    await proxy.start()
    until = time.monotonic() + seconds
    producers = [produce(oracle, proxy.port, until, seconds + 120) for _ in range(PRODUCERS)]
    supervisor = asyncio.ensure_future(served.supervise())
    with ThreadPoolExecutor(len(agents)) as pool:
        done, left, *_ = await asyncio.gather(
            harm(random.Random(seed), until, served, postgres, proxy, agents[0].folder),
            asyncio.gather(*producers),
            *(agent.live(proxy.port, until, pool) for agent in agents),
        )
    supervisor.cancel()
    proxy.stop()
    return done, sum(left)


def storm(seconds: float, seed: int, folder: Path, small_disk: Path) -> Report:
    """Rage, then judge.

    Args:
        seconds: that faults go on.
        seed: of faults, runs and kills.
        folder: for logs and the agents' states.
        small_disk: a file system of a few MB: one agent's state folder, which is filled now and then.

    Raises:
        AssertionError: something that was acked or owed is not in the tables, or something else is.
    """
    postgres = PostgresServer(fsync="on")
    served = Served(postgres.database(), folder)
    agents = [RealAgent(where, seed + i) for i, where in enumerate((small_disk, folder / "agent"))]
    (folder / "agent").mkdir()
    try:
        served.start()
        oracle = Oracle(seed)
        done, left = asyncio.run(rage(seconds, seed, oracle, served, postgres, agents))
        assert left == 0, served.log()
        # A fresh run goes through as if nothing had been.
        asyncio.run(produce(oracle, served.port, time.monotonic() + 0.1, 60.0))
        for agent in agents:
            agent.settle(served.port)
        served.end(signal.SIGTERM)
        judge(oracle, agents, served.url)
        return Report(
            faults={name: done.count(name) for name in sorted(set(done))},
            chunks_issued=len(oracle.issued),
            obligations=len(oracle.obligations),
            unanswered=left,
            probes_ended=sum(len(agent.ended) for agent in agents),
            probes_killed=sum(agent.killed for agent in agents),
            probes_on_a_full_disk=sum(agent.full for agent in agents),
            chunks_owed_by_agents=sum(len(agent.owed) for agent in agents),
        )
    finally:
        if served.process is not None and served.process.poll() is None:
            served.end(signal.SIGKILL)
        postgres.remove()


def judge(oracle: Oracle, agents: list[RealAgent], url: str) -> None:
    """Read the tables."""
    verified = subprocess.run(
        [sys.executable, "-m", "localloom_collector", "db", "verify", "--database-url", url],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
    engine = open_engine(parse_url(url))
    with engine.connect() as connection:
        whose = connection.execute(select(runs.c.machine_id, runs.c.run_id)).all()
        others = {row.machine_id.bytes for row in whose} - oracle.machines
        assert len(others) <= len(agents), "machines that nobody is"
        # By its machine: an agent that is killed once all is delivered leaves no word of the run behind.
        real = {row.run_id.bytes for row in whose if row.machine_id.bytes in others}
        table = event_chunks.c
        rows = connection.execute(select(table.run_id, table.chunk_seq, table.body)).all()
        stored = {(row.run_id.bytes, row.chunk_seq): row.body for row in rows}
        assert len(rows) == len(stored)
        columns = (runs.c.outcome, runs.c.events_received, runs.c.events_expected, runs.c.chunks_received)
        found = {row.run_id.bytes: row[1:] for row in connection.execute(select(runs.c.run_id, *columns))}
        for other in (phases, http_exchanges):
            orphans = (
                select(func.count()).select_from(other).where(other.c.run_id.not_in(select(runs.c.run_id)))
            )
            assert connection.scalar(orphans) == 0
        assert connection.scalar(select(func.sum(machines.c.refused_chunks))) == 0
    engine.dispose()
    judge_producers(
        oracle,
        {k: v for k, v in stored.items() if k[0] not in real},
        {k: v for k, v in found.items() if k not in real},
    )
    for agent in agents:
        judge_agent(agent, stored, found)


def judge_producers(oracle: Oracle, stored: Stored, found: Found) -> None:
    """Every obligation is there with its payload, nothing else is, and sums are those of the rows."""
    assert oracle.obligations == oracle.issued.keys()
    assert oracle.obligations <= stored.keys(), "acked, and lost"
    strange = [(run_id.hex(), number) for run_id, number in stored.keys() - oracle.issued.keys()]
    assert not strange, f"never issued: {strange[:5]}"
    assert stored.items() <= oracle.issued.items(), "not what was sent"
    counted = Counter(run_id for run_id, _ in oracle.issued)
    received = {run_id: (row[1], row[3]) for run_id, row in found.items()}
    assert received == {run_id: (oracle.events[run_id], counted[run_id]) for run_id in counted}


def judge_agent(agent: RealAgent, stored: Stored, found: Found) -> None:
    """What one agent owed is there; what it ended is whole; what was killed has been closed by a later probe."""
    assert agent.owed.items() <= stored.items(), "kept in the outbox, and lost"
    for run_id, outcome in agent.ended.items():
        assert found[run_id][0] == outcome
        assert found[run_id][1] == found[run_id][2], "events are missing"
    if agent.full:
        return  # what found no room on its disk cannot arrive: a run may have no end
    for run_id in agent.runs & found.keys():
        assert found[run_id][0] is not None, "killed, and never closed"
        numbers = [number for run, number in stored if run == run_id]
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), "chunks are missing"
