"""Reports on failures and hardware: the time in the database, and that of the whole command, by fleet size.

Databases are made by `python -m tests.simulator bulk`; the bench makes those that it is not given.

    python tests/bench/bench_queries.py                                   # SQLite, 20 000 runs: what `make bench` prints
    python tests/bench/bench_queries.py --urls postgresql://me@127.0.0.1/fleet100k postgresql://me@127.0.0.1/fleet1m
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sqlalchemy import event, func, select  # noqa: E402

#: What is asked: as a person types it. Behind a `*`: from rows, where a second is allowed.
QUESTIONS = (
    "failures --by hw.gpu.model,hw.gpu.driver_version --since 30d",
    "failures --by category,hw.gpu.model --since 30d",
    "failures --by os.version,engine.version --since 30d",
    "failures --by host.memory,hw.cpu.model --since 30d",
    "failures --by signature,model --since 30d",
    "failures --by category --where hw.gpu.vendor=nvidia",
    "signatures --since 30d",
    "signatures",
    "hardware",
    "hardware --by hw.gpu.model,hw.gpu.driver_version",
    "hardware --silent-for 7d",
    "* failures --by hw.gpu.model,hw.gpu.driver_version --since 30d --rate machines",
    "* failures --by label.site,category --since 30d",
)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--urls", nargs="*", default=[])
    words.add_argument(
        "--runs", type=int, default=20_000, help="of the database that is made where none is given"
    )
    words.add_argument("--times", type=int, default=5)
    args = words.parse_args()
    if args.urls:
        bench(args.urls, args.times)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/fleet.db"
        command = [
            "-m",
            "tests.simulator",
            "bulk",
            "--runs",
            str(args.runs),
            "--machines",
            str(args.runs // 5),
        ]
        subprocess.run(
            [sys.executable, *command, "--database-url", url], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        bench([url], args.times)


def bench(urls: list[str], times: int) -> None:
    """A line a question: milliseconds in each database, and of each command."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; median and least of {times}, in ms")
    for url in urls:
        print(f"{url.rpartition('/')[2]}: {size(url)}")
    print(f"{'database':>15} {'command':>15}  question")
    for question in QUESTIONS:
        for url in urls:
            inside, outside = [], []
            for _ in range(times):
                inside.append(in_database(question.lstrip("* ").split(), url))
                begun = time.perf_counter()
                command = [sys.executable, "-m", "localloom_collector", *question.lstrip("* ").split()]
                subprocess.run([*command, "--database-url", url], check=True, capture_output=True)
                outside.append(time.perf_counter() - begun)
            cells = [f"{statistics.median(x) * 1000:.0f} ({min(x) * 1000:.0f})" for x in (inside, outside)]
            print(f"{cells[0]:>15} {cells[1]:>15}  {question}", flush=True)


def in_database(args: list[str], url: str) -> float:
    """Seconds between a statement's start and its last row's arrival, summed over the command's statements."""
    from click.testing import CliRunner
    from sqlalchemy import Engine

    from localloom_collector.cli import main as command

    spent, begun = 0.0, 0.0

    def before(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def after(*_: object) -> None:
        nonlocal spent
        spent += time.perf_counter() - begun

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        result = CliRunner().invoke(command, [*args, "--json", "--database-url", url])
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)
    assert result.exit_code == 0, result.output
    return spent


def size(url: str) -> str:
    """How much is in it."""
    from localloom_collector.storage.engine import open_engine, parse_url
    from localloom_collector.storage.schema import counted_runs, machines, run_counts

    with open_engine(parse_url(url)).connect() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(t))
            for t in (counted_runs, machines, run_counts)
        ]
        failed = connection.scalar(select(func.count(counted_runs.c.verdict)))
    return f"{counts[0]} ended runs, {failed} of them failed, {counts[1]} machines, {counts[2]} sums"


if __name__ == "__main__":
    main()
