"""What the agent costs: start-up of the command line, and the probe's overhead over the same engine run bare.

Both sides of each ratio are measured in turns within one run, so that the machine's mood is the same for both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from collector_process import Collector

SCRIPTS = Path(sys.executable).parent
AGENT = str(SCRIPTS / "localloom-agent")
PROMPT = "Recite the test text."
TOKENS = "287"

BARE = """
import json, sys, time
from contextlib import contextmanager
from localloom_agent.engines.interface import ProbeRequest
from localloom_agent.engines.tvm import TvmEngine

class Span:
    def set(self, **attributes): pass

class Silent:
    report = None
    @contextmanager
    def span(self, phase, name, **attributes): yield Span()
    @contextmanager
    def pending(self, method, url): yield
    def generation(self, report): self.report = report
    def __getattr__(self, name): return lambda *args, **kwargs: None

silent = Silent()
started = time.perf_counter()
TvmEngine().probe(ProbeRequest(engine="tvm", model="canary", device="cpu", prompt=sys.argv[1], max_tokens=int(sys.argv[2])), silent)
print(json.dumps({"engine_s": time.perf_counter() - started, "tokens_per_s": silent.report.tokens_per_s}))
"""


IDLE = """
import sys, time, uuid
from pathlib import Path
import psutil
from localloom.fleet.v1 import event_pb2
from localloom_agent.delivery import Sender
from localloom_agent.outbox import Outbox
from localloom_agent.outbox.chunks import bodies
from localloom_agent.runid import uuid7

started = time.time_ns()
machine, run = uuid.uuid4(), uuid7(started)
outbox = Outbox(Path(sys.argv[2]) / "outbox.sqlite")
sender = Sender(outbox, sys.argv[1], machine)
sender.start()
outbox.open_run(run.bytes, machine.bytes, started)
outbox.append(run.bytes, bodies([event_pb2.Event(seq=1)], detail=True))
while outbox.waiting():
    time.sleep(0.05)
time.sleep(3)
assert sender.connected
print(psutil.Process().memory_info().rss)
"""


def idle_sender(folder: Path) -> float:
    """MiB resident in a process that holds an outbox and an open stream, and has nothing left to send."""
    collector = Collector(folder).start()
    try:
        out = subprocess.run(
            [sys.executable, "-c", IDLE, collector.address, str(folder)], check=True, stdout=subprocess.PIPE
        ).stdout
    finally:
        collector.stop()
    return int(out) / 2**20


def bare() -> dict[str, float]:
    """The engine alone, in a process of its own, reporting to nobody."""
    out = subprocess.run(
        [sys.executable, "-c", BARE, PROMPT, TOKENS], check=True, stdout=subprocess.PIPE
    ).stdout
    return dict(json.loads(out.splitlines()[-1]))


def probed(folder: Path) -> dict[str, float]:
    """The same under the probe: supervisor, child, redaction, outbox on disk (with no collector to answer)."""
    started = time.perf_counter()
    out = subprocess.run(
        [AGENT, "probe", "--json", "-q", "--device", "cpu", "--prompt", PROMPT, "--max-tokens", TOKENS],
        check=True,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "LOCALLOOM_STATE_DIR": str(folder / "state"),
            "LOCALLOOM_CACHE_DIR": str(folder / "cache"),
        },
    ).stdout
    wall = time.perf_counter() - started
    document = json.loads(out)
    engine_s = sum(p["duration_s"] for p in document["phases"] if p["phase"] != "preflight")
    return {"engine_s": engine_s, "tokens_per_s": document["generation"]["tokens_per_s"], "wall_s": wall}


def middle(runs: list[dict[str, float]], key: str) -> float:
    """Median over the runs."""
    return statistics.median(run[key] for run in runs)


def timed(*command: str) -> float:
    """Seconds of a command, the best of five: what it costs when nothing else runs."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    return min(times)


def cost_of_an_event() -> tuple[float, float]:
    """Microseconds that one progress report costs the probed process: as the engine sees it, and unthrottled."""
    from localloom_agent.child.observer import PipeObserver
    from localloom_diagnosis.taxonomy import Phase

    sink = os.open(os.devnull, os.O_WRONLY)
    observer = PipeObserver(sink)
    count = 50_000
    started = time.perf_counter()
    for number in range(count):
        observer.progress(Phase.GENERATE, number, count, "tokens", text="word ")
    throttled = (time.perf_counter() - started) / count
    started = time.perf_counter()
    for number in range(count):
        observer.send("progress", phase="generate", done=number, total=count, unit="tokens", text="word ")
    return throttled * 1e6, (time.perf_counter() - started) / count * 1e6


def main() -> None:
    """Measure, and print."""
    print("start-up")
    print(f"  python -c pass                  {timed(sys.executable, '-c', 'pass') * 1000:6.0f} ms")
    print(f"  localloom-agent --help          {timed(AGENT, '--help') * 1000:6.0f} ms")
    print(f"  localloom-agent probe --help    {timed(AGENT, 'probe', '--help') * 1000:6.0f} ms")
    throttled, frame = cost_of_an_event()
    print("an event, to the probed process")
    print(f"  progress, thinned               {throttled:6.1f} µs")
    print(f"  a frame on the pipe             {frame:6.1f} µs")
    with tempfile.TemporaryDirectory() as folder:
        print(f"an idle sender, resident          {idle_sender(Path(folder)):6.0f} MiB")
        pairs = [(bare(), probed(Path(folder))) for _ in range(int(os.environ.get("ROUNDS", "5")))]
    alone, under = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    print(f"canary on the CPU, {TOKENS} tokens, median of {len(pairs)} pairs")
    for key, label in (("engine_s", "engine's phases, s"), ("tokens_per_s", "decode, tokens/s")):
        one, other = middle(alone, key), middle(under, key)
        print(f"  {label:<24} bare {one:9.2f}   probed {other:9.2f}   ratio {other / one:.3f}")
    print(f"  the whole command, s     {middle(under, 'wall_s'):.2f}")


if __name__ == "__main__":
    main()
