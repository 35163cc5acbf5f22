"""A fleet that delivers at once: its agents spread over a few processes, what became of them added up."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Sequence

import grpc

from .agents import Delivered, SimulatedAgent
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
        "ack_p50_s": round(statistics.median(late), 4) if late else None,
        "ack_p99_s": round(late[int(len(late) * 0.99)], 4) if late else None,
        "ack_max_s": round(late[-1], 4) if late else None,
    }  # fmt: skip


def _deliver(args: argparse.Namespace, seed: int, count: int) -> Delivered:
    return asyncio.run(_agents(args, seed, count))


async def _agents(args: argparse.Namespace, seed: int, count: int) -> Delivered:
    planted = () if args.nothing_planted else PLANTED
    runs = Fleet(seed, count, args.days, args.until, planted).runs(count)
    return await deliver_runs(
        args.collector, list(runs), args.detail,
        seconds=args.seconds, give_up=args.give_up, agents_per_connection=args.agents_per_connection,
    )  # fmt: skip


async def deliver_runs(
    collector: str,
    runs: Sequence[Planned],
    detail: int,
    *,
    seconds: float = 0.0,
    give_up: float = 120.0,
    agents_per_connection: int = 50,
) -> Delivered:
    """Deliver each run by an agent of its own, all at once; `seconds` are what its chunks are spread over."""
    # Made beforehand: who makes chunks does not read acks, and their latency would be ours.
    prepared = [(planned.machine, chunks(planned, detail)) for planned in runs]
    deadline = asyncio.get_running_loop().time() + give_up
    channels = [
        grpc.aio.insecure_channel(collector, options=[("grpc.use_local_subchannel_pool", 1)])
        for _ in range(-(-len(runs) // agents_per_connection))
    ]
    tasks = []
    for i, (machine, made) in enumerate(prepared):
        channel = channels[i // agents_per_connection]
        agent = SimulatedAgent(channel, machine.machine_id.bytes, seconds / len(made), machine.clock_skew_s)
        tasks.append(asyncio.ensure_future(agent.deliver(made, deadline)))
        if i % 50 == 49:
            await asyncio.sleep(0.05)  # a fleet does not connect in one instant
    total = Delivered()
    for part in await asyncio.gather(*tasks):
        total.merge(part)
    for channel in channels:
        await channel.close()
    return total
