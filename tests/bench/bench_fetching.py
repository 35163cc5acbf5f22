"""Throughput of fetching with verification, beside curl followed by md5sum, over the same files in the same run.

Usage: python tests/bench/bench_fetching.py [--megabytes 400] [--shards 8] [--rounds 3] [--json]

Both fetch from the project's own hub on loopback. The figure is the median, over the rounds, of the ratio of the two
rates; the two take turns, so that whatever else the machine does meets both.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "agent"), str(ROOT / "diagnosis"), str(ROOT)]

FETCH = """
import contextlib, json, resource, sys, time
from pathlib import Path
from localloom_agent.artifacts.fetching import parse_reference
from localloom_agent.artifacts.fetching.fetcher import Fetcher
from localloom_agent.artifacts.fetching.settings import FetchSettings

class Quiet:
    def __getattr__(self, name):
        return lambda *_, **__: contextlib.nullcontext()

fetcher = Fetcher(parse_reference("HF://org/model"), FetchSettings(Path(sys.argv[1]), hub=sys.argv[2]), Quiet())
fetcher.resolve()
fetcher.metadata()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.perf_counter()
report = fetcher.weights()
took = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": took, "bytes": report.received, "peak_kib": peak, "before_kib": before}))
"""


def make_model(folder: Path, total: int, shards: int) -> None:
    """Write random shards and their table of contents."""
    folder.mkdir()
    each = total // shards // 4 * 4
    records = []
    for index in range(shards):
        name, digest = f"params_shard_{index}.bin", hashlib.md5(usedforsecurity=False)
        with (folder / name).open("wb") as stream:
            for start in range(0, each, 1 << 22):
                block = os.urandom(min(1 << 22, each - start))
                digest.update(block)
                stream.write(block)
        record = {
            "name": f"p{index}",
            "shape": [each // 4],
            "dtype": "float32",
            "format": "raw",
            "nbytes": each,
            "byteOffset": 0,
        }
        records.append(
            {
                "dataPath": name,
                "format": "raw-shard",
                "nbytes": each,
                "records": [record],
                "md5sum": digest.hexdigest(),
            }
        )
    (folder / "tensor-cache.json").write_text(json.dumps({"records": records}))
    (folder / "mlc-chat-config.json").write_text(json.dumps({"tokenizer_files": ["tokenizer.json"]}))
    (folder / "tokenizer.json").write_text("{}")


def ours(work: Path, hub: str) -> dict[str, float]:
    """Fetch the weights in a fresh process and a fresh cache."""
    cache = work / "cache"
    environment = {k: v for k, v in os.environ.items() if "PROXY" not in k.upper()}
    done = subprocess.run(
        [sys.executable, "-c", FETCH, str(cache), hub],
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path[:2])},
        check=True,
        capture_output=True,
        text=True,
    )
    shutil.rmtree(cache)
    return json.loads(done.stdout)


def theirs(work: Path, hub: str, shards: int) -> float:
    """Seconds of one curl for all shards, then one md5sum over them."""
    target = work / "curl"
    target.mkdir()
    names = [f"params_shard_{index}.bin" for index in range(shards)]
    urls = [part for name in names for part in ("-O", f"{hub}/org/model/resolve/main/{name}")]
    began = time.perf_counter()
    subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", *urls], cwd=target, check=True)
    subprocess.run(["md5sum", *names], cwd=target, check=True, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    shutil.rmtree(target)
    return took


def main() -> None:
    """Measure, print, clean up; exit 1 below the ratio that is promised."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--floor", type=float, default=0.8, help="exit 1 below this ratio")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    total = options.megabytes * 1_000_000
    ratios, rates, peaks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        make_model(work / "model", total, options.shards)
        # In a process of its own, as a real hub would be: its work must not take our interpreter's lock.
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.hub", f"org/model={work / 'model'}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert server.stdout is not None
            hub = server.stdout.readline().strip()
            ours(work, hub)  # warms the page cache and the byte code
            for _ in range(options.rounds):
                mine, curl = ours(work, hub), theirs(work, hub, options.shards)
                rates.append((mine["bytes"] / mine["seconds"] / 1e6, mine["bytes"] / curl / 1e6))
                ratios.append(curl / mine["seconds"])
                peaks.append((mine["peak_kib"] - mine["before_kib"]) / 1024)
        finally:
            server.terminate()
            server.wait()
    result = {
        "bytes": total,
        "rounds": options.rounds,
        "ratio_median": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "fetch_mb_per_s": round(statistics.median(r[0] for r in rates)),
        "curl_md5sum_mb_per_s": round(statistics.median(r[1] for r in rates)),
        "memory_growth_mib": round(max(peaks), 1),
        "cpus": len(os.sched_getaffinity(0)),
    }
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:22} {value}")
    sys.exit(result["ratio_median"] < options.floor)


if __name__ == "__main__":
    main()
