"""How far `tail` lags behind: from the commit of a run's last chunk to the line that says it ended, while a fleet delivers.

    python tests/bench/bench_tail.py                                            # SQLite, for twenty seconds
    python tests/bench/bench_tail.py --urls sqlite:////tmp/fleet.db postgresql://me@127.0.0.1/fleet --rate 50

Runs are written into the databases that are given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from simulator.plan import Fleet  # noqa: E402
from simulator.shapes import opened  # noqa: E402

from localloom_collector.storage import migrate  # noqa: E402
from localloom_collector.storage.engine import open_engine, parse_url  # noqa: E402
from localloom_collector.storage.writer import SqlWriter  # noqa: E402


def main() -> None:
    """Measure each database."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--urls", nargs="*", default=[])
    words.add_argument("--rate", type=int, default=20, help="runs a second, each of seven chunks or so")
    words.add_argument("--seconds", type=int, default=20)
    args = words.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        for url in args.urls or [f"sqlite:///{folder}/fleet.db"]:
            lags = sorted(_lags(url, args.rate, args.seconds))
            told = {p: lags[max(-(-len(lags) * p // 100) - 1, 0)] for p in (50, 95, 100)}
            said = ", ".join(f"p{p} {lag * 1000:.0f} ms" for p, lag in told.items())
            print(f"{url.rpartition('/')[2]}: {len(lags)} runs, {said}", flush=True)


def _lags(url: str, rate: int, seconds: int) -> list[float]:
    engine = open_engine(parse_url(url), writing=True)
    migrate.upgrade(engine)
    writer = SqlWriter(engine)
    fleet = Fleet(uuid.uuid4().int % 10**6, 200, 0.01, time.time(), ())
    planned = [run for run in fleet.runs(rate * seconds) if run.ends]
    command = [sys.executable, "-m", "localloom_collector", "tail", "--json", "--database-url", url]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as tail:
        assert tail.stdout is not None
        assert tail.stderr is not None
        tail.stderr.readline()
        time.sleep(2)  # it says so just before it begins to listen
        shown: dict[str, float] = {}

        def read(lines: object) -> None:
            for line in lines:  # type: ignore[attr-defined]
                event = json.loads(line)
                if event["event"] == "ended":
                    shown[event["run_id"]] = time.perf_counter()

        reader = threading.Thread(target=read, args=(tail.stdout,), daemon=True)
        reader.start()
        stored: dict[str, float] = {}
        begun = time.perf_counter()
        for number, run in enumerate(planned):
            time.sleep(max(begun + number / rate - time.perf_counter(), 0))
            writer.write(list(opened(run, 10)))
            stored[str(run.run_id)] = time.perf_counter()
        deadline = time.perf_counter() + 60
        while len(shown) < len(stored) and time.perf_counter() < deadline:
            time.sleep(0.1)
        tail.terminate()
    writer.close()
    missing = len(stored) - len(shown)
    assert not missing, f"{missing} of {len(stored)} runs were not told within a minute"
    return [shown[run] - at for run, at in stored.items()]


if __name__ == "__main__":
    main()
