"""A fleet that delivers at once: its agents spread over a few processes, what became of them added up."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time

import grpc

from .agents import Delivered, SimulatedAgent
from .events import chunks
from .plan import Fleet
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
    deadline = asyncio.get_running_loop().time() + args.give_up
    channels = [
        grpc.aio.insecure_channel(args.collector, options=[("grpc.use_local_subchannel_pool", 1)])
        for _ in range(-(-count // args.agents_per_connection))
    ]
    tasks = []
    for i, planned in enumerate(runs):
        made = chunks(planned, args.detail)
        pause = args.seconds / len(made)
        agent = SimulatedAgent(
            channels[i // args.agents_per_connection], planned.machine.machine_id.bytes, pause
        )
        tasks.append(asyncio.ensure_future(agent.deliver(made, deadline)))
        if i % 50 == 49:
            await asyncio.sleep(0.05)  # a fleet does not connect in one instant
    total = Delivered()
    for part in await asyncio.gather(*tasks):
        total.merge(part)
    for channel in channels:
        await channel.close()
    return total
