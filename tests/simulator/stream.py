"""A fleet that delivers at once: its agents spread over a few processes, what became of them added up."""

from __future__ import annotations

import argparse
import asyncio
import gc
import multiprocessing
import statistics
import time
from collections.abc import Sequence

import grpc
import uvloop

from .agents import Delivered, Gate, SimulatedAgent
from .events import chunks
from .plan import Fleet, Planned
from .truth import PLANTED


def stream(args: argparse.Namespace) -> dict[str, object]:
    """Let agents deliver, from several processes."""
    share = [
        args.agents // args.processes + (i < args.agents % args.processes) for i in range(args.processes)
    ]
    begun = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(args.processes) as pool:
        parts = pool.starmap(_deliver, [(args, args.seed + i, count) for i, count in enumerate(share)])
    total, *others = parts
    for other in others:
        total.merge(other)
    took = time.perf_counter() - begun
    late = sorted(total.latencies)
    return {
        "agents": args.agents, "streams": total.streams, "chunks_acked": total.acked, "chunks_nacked": total.nacked,
        "chunks_unanswered": total.unanswered, "reconnects": total.reconnects, "seconds": round(took, 1),
        "connecting_s": round(total.connecting_s, 1), "chunks_per_s": round(total.acked / max(total.sending_s, 1e-9), 1),
        "cpu_s": round(total.cpu_s, 1),
        "ack_p50_s": round(statistics.median(late), 4) if late else None,
        "ack_p99_s": round(late[int(len(late) * 0.99)], 4) if late else None,
        "ack_max_s": round(late[-1], 4) if late else None,
    }  # fmt: skip


def _deliver(args: argparse.Namespace, seed: int, count: int) -> Delivered:
    # A fleet has a machine for every agent; this one has to do with what the collector leaves it.
    done = uvloop.run(_agents(args, seed, count))
    done.cpu_s = time.process_time()
    return done


async def _agents(args: argparse.Namespace, seed: int, count: int) -> Delivered:
    planted = () if args.nothing_planted else PLANTED
    runs = list(Fleet(seed, count, args.days, args.until, planted).runs(count * args.runs_each))
    return await deliver_runs(
        args.collector, runs, args.detail,
        seconds=args.seconds, rate=args.rate / args.processes, connect_first=args.connect_first, runs_each=args.runs_each,
        give_up=args.give_up, agents_per_connection=args.agents_per_connection,
    )  # fmt: skip


async def deliver_runs(
    collector: str,
    runs: Sequence[Planned],
    detail: int,
    *,
    seconds: float = 0.0,
    rate: float = 0.0,
    connect_first: bool = False,
    runs_each: int = 1,
    give_up: float = 120.0,
    agents_per_connection: int = 50,
) -> Delivered:
    """Deliver the runs by agents of their own, all at once.

    Args:
        collector: HOST:PORT.
        runs: the first `runs_each` are the first agent's, and so on.
        detail: progress events of a run.
        seconds: that an agent's chunks are spread over.
        rate: chunks a second, of all agents together, in place of `seconds`; 0 for none.
        connect_first: no chunk is sent before every agent's stream is open; agents begin within the time of a run, and
            with several runs each latencies are those of the time while all of them send.
        runs_each: of an agent.
        give_up: seconds after which agents give up.
        agents_per_connection: that share one.
    """
    # Made beforehand: who makes chunks does not read acks, and their latency would be ours.
    prepared = [
        (
            runs[at].machine,
            [chunk for planned in runs[at : at + runs_each] for chunk in chunks(planned, detail)],
        )
        for at in range(0, len(runs), runs_each)
    ]
    gc.freeze()
    if rate:
        seconds = sum(len(made) for _, made in prepared) / rate
    gate = Gate(len(prepared)) if connect_first else None
    begun = time.monotonic()
    deadline = asyncio.get_running_loop().time() + give_up
    channels = [
        grpc.aio.insecure_channel(collector, options=[("grpc.use_local_subchannel_pool", 1)])
        for _ in range(-(-len(prepared) // agents_per_connection))
    ]
    tasks = []
    for i, (machine, made) in enumerate(prepared):
        agent = SimulatedAgent(
            channels[i // agents_per_connection], machine.machine_id.bytes, seconds / len(made),
            machine.clock_skew_s, gate=gate, spread_s=seconds / runs_each,
        )  # fmt: skip
        tasks.append(asyncio.ensure_future(agent.deliver(made, deadline)))
        if i % 50 == 49:
            await asyncio.sleep(0.05)  # a fleet does not connect in one instant
    total = Delivered()
    for part in await asyncio.gather(*tasks):
        total.merge(part)
    sending = begun if gate is None or gate.opened_at is None else gate.opened_at
    total.connecting_s, total.sending_s = sending - begun, time.monotonic() - sending
    if gate is not None:
        # Only while all agents send: after the last has begun, before the first is done.
        steady = (sending + seconds / runs_each, sending + seconds)
        kept = [i for i, at in enumerate(total.sent_at) if runs_each == 1 or steady[0] <= at < steady[1]]
        total.latencies, total.sent_at = [total.latencies[i] for i in kept], []
    for channel in channels:
        await channel.close()
    return total
