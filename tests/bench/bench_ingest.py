"""Ingest, end to end: chunks in over gRPC, committed, acked; as a ratio to a bare grpc.aio stream that only acks.

Load generator, collector and PostgreSQL share this machine's cores. The bare stream is fed the same messages by the same
generator in the same run: it parses and acks them and stores nothing. `all CPU us` is what server, database and load generator
spend on a chunk together, and `of bare's` the ratio of that: what the ratio of chunks/s would be with every core busy and
nobody else on the machine.

    python tests/bench/bench_ingest.py                  # what `make bench` prints
    python tests/bench/bench_ingest.py --seconds 20 --streams 8 --databases postgresql
    python tests/bench/bench_ingest.py --databases postgresql --workers 2 --generators 2
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import grpc  # noqa: E402
import psutil  # noqa: E402
from postgresql_server import PostgresServer  # noqa: E402

from localloom.fleet.v1 import collector_pb2 as pb  # noqa: E402
from localloom.fleet.v1 import collector_pb2_grpc, event_pb2  # noqa: E402

METHOD = "/localloom.fleet.v1.CollectorService/StreamChunks"
CHUNKS_PER_RUN = 10
#: What the first chunk of a run is made of.
OUTCOMES = {
    f.name for f in event_pb2.Event.DESCRIPTOR.oneofs_by_name["payload"].fields if 16 <= f.number < 32
}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "--role", choices=("bench", "bare", "generate"), default="bench", help=argparse.SUPPRESS
    )
    words.add_argument("--address", help=argparse.SUPPRESS)
    words.add_argument("--events", type=int, default=50, help=argparse.SUPPRESS)
    words.add_argument("--per-message", type=int, default=1, help=argparse.SUPPRESS)
    words.add_argument("--seconds", type=float, default=4.0)
    words.add_argument("--streams", type=int, default=8)
    words.add_argument("--databases", default="postgresql,sqlite")
    words.add_argument("--cases", default="50x1,50x20,5x1,5x20", help="events a chunk, and chunks a message")
    words.add_argument("--workers", type=int, default=1, help="of the collector on PostgreSQL")
    words.add_argument("--generators", type=int, default=1, help="processes that share the streams")
    args = words.parse_args()
    if args.role == "bare":
        asyncio.run(bare())
    elif args.role == "generate":
        print(json.dumps(asyncio.run(generate(args))))
    else:
        bench(args)


def bench(args: argparse.Namespace) -> None:
    """Every case against the bare stream and each database."""
    print(f"{os.cpu_count()} cores, {args.streams} streams, {args.seconds:g} s each, load generator included")
    heads = (
        "events/chunk",
        "chunks/message",
        "store",
        "chunks/s",
        "events/s",
        "of bare",
        "CPU us/chunk",
        "all CPU us",
        "of bare's",
        "RSS MiB",
        "p99 ack ms",
    )
    print(("{:>14}" * len(heads)).format(*heads))
    for events, per_message in [map(int, case.split("x")) for case in args.cases.split(",")]:
        base = all_us = 0.0
        for store in ("bare", *args.databases.split(",")):
            found = case(args, store, events, per_message)
            base, all_us = base or found["chunks_s"], all_us or found["all_us"]
            cells = (
                events, per_message, store, f"{found['chunks_s']:.0f}", f"{found['chunks_s'] * events:.0f}",
                f"{found['chunks_s'] / base:.2f}", f"{found['cpu_us']:.0f}", f"{found['all_us']:.0f}", f"{all_us / found['all_us']:.2f}",
                f"{found['rss'] / 2**20:.0f}", f"{found['p99_s'] * 1000:.0f}",
            )  # fmt: skip
            print(("{:>14}" * len(cells)).format(*cells), flush=True)


def case(args: argparse.Namespace, store: str, events: int, per_message: int) -> dict[str, float]:
    """One server, one load."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        postgres = None
        if store == "bare":
            command = [sys.executable, __file__, "--role", "bare", "--address", str(ready)]
        else:
            url = f"sqlite:///{folder}/collector.db"
            if store == "postgresql":
                postgres = PostgresServer(fsync="on", shared_buffers="128MB")
                url = postgres.database()
            command = [sys.executable, "-m", "localloom_collector", "serve", "--port", "0"]
            command += ["--ready-file", str(ready), "--database-url", url]
            command += ["--workers", str(args.workers)] if store == "postgresql" else []
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "READY": str(ready)})
        try:
            while not ready.exists():
                assert server.poll() is None, "the server did not start"
                time.sleep(0.02)
            load = [sys.executable, __file__, "--role", "generate", "--address", ready.read_text().strip()]
            load += ["--events", str(events), "--per-message", str(per_message)]
            load += ["--seconds", str(args.seconds), "--streams", str(args.streams // args.generators)]
            before, database = _used(server.pid)[0], _database_cpu(postgres)
            loads = [
                subprocess.Popen(load, stdout=subprocess.PIPE, text=True) for _ in range(args.generators)
            ]
            parts = [json.loads(one.communicate()[0]) for one in loads]
            cpu, rss = _used(server.pid)
            acked = sum(part["acked"] for part in parts)
            spent = cpu - before + _database_cpu(postgres) - database + sum(part["cpu_s"] for part in parts)
            return {
                "chunks_s": sum(part["chunks_s"] for part in parts),
                "p99_s": max(part["p99_s"] for part in parts),
                "cpu_us": (cpu - before) / acked * 1e6,
                "all_us": spent / acked * 1e6,
                "rss": rss,
            }
        finally:
            server.terminate()
            server.wait(30)
            if postgres is not None:
                postgres.remove()


def _used(pid: int) -> tuple[float, int]:
    """Seconds of CPU and bytes of memory of a server, its workers included."""
    server = psutil.Process(pid)
    processes = [server, *server.children(recursive=True)]
    return sum(sum(p.cpu_times()[:2]) for p in processes), sum(p.memory_info().rss for p in processes)


def _database_cpu(postgres: PostgresServer | None) -> float:
    """Seconds of CPU of the database's processes; on SQLite they are the server's own."""
    if postgres is None:
        return 0.0
    pid = int((postgres.data / "postmaster.pid").read_text().split()[0])
    return sum(sum(p.cpu_times()[:2]) for p in psutil.Process(pid).children())


class Bare(collector_pb2_grpc.CollectorServiceServicer):
    """Acks what comes."""

    async def StreamChunks(self, request_iterator, context) -> None:  # noqa: N802  # the contract's name
        del request_iterator
        while (request := await context.read()) is not grpc.aio.EOF:
            if request.HasField("hello"):
                answer = pb.StreamChunksResponse(hello=pb.ServerHello(revision=1, window_bytes=2**20))
            else:
                acks = [
                    pb.ChunkAck(run_id=c.run_id, chunk_seq=c.chunk_seq, disposition=pb.ACK_DISPOSITION_STORED)
                    for c in request.batch.chunks
                ]
                answer = pb.StreamChunksResponse(receipt=pb.Receipt(acks=acks))
            await context.write(answer)


async def bare() -> None:
    """Serve until terminated."""
    server = grpc.aio.server(options=[("grpc.max_receive_message_length", 4 * 2**20)])
    collector_pb2_grpc.add_CollectorServiceServicer_to_server(Bare(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    ready = Path(os.environ["READY"])
    part = ready.with_suffix(".part")
    part.write_text(f"127.0.0.1:{port}")
    part.replace(ready)
    await server.wait_for_termination()


def bodies(events: int) -> tuple[pb.Chunk, pb.Chunk]:
    """A run's outcomes in one chunk, and a chunk of detail of that many events, but for whose they are."""
    from simulator.events import chunks
    from simulator.plan import Fleet

    planned = next(run for run in Fleet(1, 10, 1.0, time.time(), ()).runs(100) if run.category is None)
    outcome = []
    for chunk in chunks(planned, 0):
        outcome += pb.EventBatch.FromString(zlib.decompress(chunk.body)).events
    rng = random.Random(1)
    detail = []
    for i in range(events):
        if i % 2:
            sample = event_pb2.ResourceSample(rss_bytes=rng.randrange(2**32), cpu_s=rng.random(), threads=9)
            detail.append(event_pb2.Event(resource_sample=sample))
        else:
            progress = event_pb2.Progress(phase=5, done=rng.random() * 1e9, total=1e9, unit="By")
            detail.append(event_pb2.Event(progress=progress))
    return _sealed(
        [e for e in outcome if e.WhichOneof("payload") in OUTCOMES], pb.CHUNK_KIND_OUTCOME
    ), _sealed(detail, pb.CHUNK_KIND_DETAIL)


def _sealed(events: list[event_pb2.Event], kind: int) -> pb.Chunk:
    for i, event in enumerate(events, 1):
        event.seq, event.time_unix_nano, event.elapsed_nano = i, time.time_ns(), i * 10**7
    raw = pb.EventBatch(events=events).SerializeToString()
    body = zlib.compress(raw)
    return pb.Chunk(
        kind=kind, compression=pb.COMPRESSION_ZLIB, body=body, body_crc32=zlib.crc32(body),
        event_count=len(events), raw_bytes=len(raw),
    )  # fmt: skip


async def generate(args: argparse.Namespace) -> dict[str, float]:
    """As many streams as asked for, each as fast as its window lets it; what was acked in the time given."""
    outcome, detail = bodies(args.events)
    cpu = time.process_time()
    deadline = asyncio.get_running_loop().time() + args.seconds
    streams = [_stream(args, outcome, detail, deadline) for _ in range(args.streams)]
    begun = time.perf_counter()
    parts = await asyncio.gather(*streams)
    took = time.perf_counter() - begun
    late = sorted(x for _, latencies in parts for x in latencies)
    acked = sum(count for count, _ in parts)
    cpu = time.process_time() - cpu
    return {"cpu_s": cpu, "chunks_s": acked / took, "p99_s": late[int(len(late) * 0.99)], "acked": acked}


async def _stream(args, outcome: pb.Chunk, detail: pb.Chunk, deadline: float) -> tuple[int, list[float]]:
    loop = asyncio.get_running_loop()
    machine = uuid.uuid4().bytes
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(args.address, options=options) as channel:
        # Messages are made as bytes: what the generator spends the server does not get.
        call = channel.stream_stream(
            METHOD,
            request_serializer=lambda raw: raw,
            response_deserializer=pb.StreamChunksResponse.FromString,
        )()
        hello = pb.ClientHello(
            revision=1, agent_version="b", machine_id=machine, time_unix_nano=time.time_ns()
        )
        await call.write(pb.StreamChunksRequest(hello=hello).SerializeToString())
        window = (await call.read()).hello.window_bytes
        made = _messages(args, machine, outcome, detail)
        unanswered, acked, sent = 0.0, 0, {}
        latencies: list[float] = []
        # The first chunk of a run is larger than the others: a fifth of the window is left for that.
        chunk_size = (len(outcome.body) + (CHUNKS_PER_RUN - 1) * len(detail.body)) / CHUNKS_PER_RUN
        size, window = chunk_size * args.per_message, window * 0.8
        while loop.time() < deadline or unanswered > 1:
            while loop.time() < deadline and unanswered + size <= window:
                key, raw = next(made)
                await call.write(raw)
                sent[key] = time.perf_counter()
                unanswered += size
            answer = await call.read()
            now = time.perf_counter()
            assert not answer.receipt.nacks, answer.receipt.nacks[0]
            acked += len(answer.receipt.acks)
            unanswered -= len(answer.receipt.acks) * chunk_size
            keys = [(ack.run_id, ack.chunk_seq) for ack in answer.receipt.acks]
            latencies += [now - sent.pop(key) for key in keys if key in sent]
        return acked, latencies


def _messages(args, machine: bytes, outcome: pb.Chunk, detail: pb.Chunk):
    """The key of a message's first chunk, and the message, for ever."""
    batch = pb.StreamChunksRequest()
    first = None
    while True:
        run = bytearray(uuid.uuid4().bytes)
        run[:6] = int(time.time() * 1000).to_bytes(6, "big")
        run[6] = run[6] & 0x0F | 0x70
        for number in range(1, CHUNKS_PER_RUN + 1):
            chunk = batch.batch.chunks.add()
            chunk.CopyFrom(outcome if number == 1 else detail)
            chunk.run_id, chunk.machine_id, chunk.chunk_seq = bytes(run), machine, number
            first = first or (bytes(run), number)
            if len(batch.batch.chunks) == args.per_message:
                yield first, batch.SerializeToString()
                batch, first = pb.StreamChunksRequest(), None


if __name__ == "__main__":
    main()
