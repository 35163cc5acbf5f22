"""Reports: the time in the database and that of the whole command, on the clock and of the processor, by fleet size.

Databases are made by `python -m tests.simulator bulk`; the bench makes those that it is not given.

    python tests/bench/bench_queries.py                                   # SQLite, 20 000 runs: what `make bench` prints
    python tests/bench/bench_queries.py --urls postgresql://me@127.0.0.1/fleet100k postgresql://me@127.0.0.1/fleet1m

A database's processor time is known where its server is on this machine; SQLite's is the command's own.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sqlalchemy import Connection, event, func, select  # noqa: E402

#: What is asked: as a person types it; RUN is the newest run. Behind a `*`: from rows, where a second or two are allowed.
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
    "* correlate gpu.driver",
    "* phases --since 7d",
    "* phases --by hw.gpu.model --since 60d",
    "* show RUN",
    "* runs",
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
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; ms on the clock, median (least) of {times}; least of the processor"
    )
    for url in urls:
        print(f"{url.rpartition('/')[2]}: {size(url)}")
    print(f"{'database':>15} {'cpu':>6} {'command':>15} {'cpu':>6}  question")
    for question in QUESTIONS:
        for url in urls:
            args = question.lstrip("* ").replace("RUN", newest(url)).split()
            inside = [in_database(args, url) for _ in range(times)]
            outside = [as_command(args, url) for _ in range(times)]
            cells = []
            for walls, spent in (zip(*taken, strict=True) for taken in (inside, outside)):
                clock = f"{statistics.median(walls) * 1000:.0f} ({min(walls) * 1000:.0f})"
                cells.append(f"{clock:>15} {min(spent) * 1000:6.0f}")
            print(*cells, f" {question}", flush=True)


def newest(url: str) -> str:
    """The id of the run that started last."""
    from localloom_collector.storage.engine import open_engine, parse_url
    from localloom_collector.storage.schema import runs

    with open_engine(parse_url(url)).connect() as connection:
        return str(connection.scalar(select(runs.c.run_id).order_by(runs.c.started_at.desc()).limit(1)))


def as_command(args: list[str], url: str) -> tuple[float, float]:
    """Seconds of a whole command: on the clock, and of its processor."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "localloom_collector", *args, "--database-url", url]
    subprocess.run(command, check=True, capture_output=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def in_database(args: list[str], url: str) -> tuple[float, float]:
    """Seconds between a statement's start and its last row's arrival, summed: on the clock, and of the database's processor."""
    from click.testing import CliRunner
    from sqlalchemy import Engine

    from localloom_collector.cli import main as command

    spent = [0.0, 0.0]
    begun = (0.0, 0.0)

    def now(connection: Connection) -> tuple[float, float]:
        return time.perf_counter(), processor(connection)

    def before(connection: Connection, *_: object) -> None:
        nonlocal begun
        begun = now(connection)

    def after(connection: Connection, *_: object) -> None:
        for i, moment in enumerate(now(connection)):
            spent[i] += moment - begun[i]

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        result = CliRunner().invoke(command, [*args, "--json", "--database-url", url])
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)
    assert result.exit_code == 0, result.output
    return spent[0], spent[1]


def processor(connection: Connection) -> float:
    """Seconds that what answers this connection has been on a processor; nothing where that is another machine."""
    if connection.dialect.name == "sqlite":
        return time.thread_time()
    backend: Any = connection.connection.dbapi_connection
    times = Path(f"/proc/{backend.info.backend_pid}/schedstat")
    return int(times.read_text().split()[0]) / 1e9 if times.exists() else 0.0


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
