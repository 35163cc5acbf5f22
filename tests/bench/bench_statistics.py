"""What correlate and regressions find in fleets with a known truth, and what they take: planted causes, and nothing planted.

    python tests/bench/bench_statistics.py                                     # 20 000 runs, ten seeds of 2 000: some minutes
    python tests/bench/bench_statistics.py --urls postgresql://me@127.0.0.1/fleet1m --seeds 10 --runs 20000

Databases that are given were made by `python -m tests.simulator bulk`, with what it plants and its sixty days. Without
one, the bench makes one of ten times `--runs`. Exits 1 where something planted is not found, or something is claimed
that is not there.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from simulator.truth import BACKGROUND, PLANTED  # noqa: E402

DAYS = 60
#: What fails everywhere, and is planted nowhere.
EVERYWHERE = sorted({c.value for c, _, _ in BACKGROUND} - {planted.category.value for planted in PLANTED})


def main() -> int:
    """Ask, and say what was right."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--urls", nargs="*", default=[])
    words.add_argument("--seeds", type=int, default=10, help="fleets in which nothing is planted")
    words.add_argument("--runs", type=int, default=2_000, help="of each of those; a fifth as many machines")
    args = words.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; seconds on the clock, and of the command's processor"
    )
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        urls = args.urls or [_made(Path(folder) / "planted.db", 1, args.runs * 10)]
        for url in urls:
            wrong += planted(url)
        for seed in range(1000, 1000 + args.seeds):
            url = _made(Path(folder) / f"{seed}.db", seed, args.runs, "--nothing-planted")
            wrong += nothing(url, f"seed {seed}")
    print(f"{wrong} wrong")
    return 1 if wrong else 0


def planted(url: str) -> int:
    """Whether all that is planted is found, and nothing else; how many answers are wrong."""
    print(f"{url.rpartition('/')[2]}: what is planted")
    end, wrong = _end(url), 0
    everything = ("--since", _at(end, 0.0))
    for cause in PLANTED:
        document, took = _ask(url, "correlate", cause.category.value, *everything)
        named = [_named(row) for row in document["correlate"]]
        # What stands on the same machines cannot be told apart, and is said with it.
        right = len(named) == 1 and set(cause.where) in named[0]
        wrong += _say(right, took, f"correlate {cause.category.value}", f"{cause.name}: {_shown(document)}")
    for category in EVERYWHERE:
        document, took = _ask(url, "correlate", category, *everything)
        wrong += _say(not document["correlate"], took, f"correlate {category}", _shown(document) or "nothing")
    for asked, due in (
        (
            ("--against", _at(end, 0.22), "--since", _at(end, 0.62)),
            {"artifact.incompatible", "network.blocked"},
        ),
        (("--against", _at(end, 0.61), "--since", _at(end, 0.82)), {"network.blocked"}),
        (("--of", "engine.version", "--since", _at(end, 0.5)), {"artifact.incompatible"}),
    ):
        document, took = _ask(url, "regressions", *asked)
        found = {row["name"] for row in document["regressions"] if row["what"] == "category"}
        # The other may come along: the version spreads in all of these windows, and the network is blocked in their last.
        right = due <= found <= {"artifact.incompatible", "network.blocked"}
        wrong += _say(right, took, " ".join(("regressions", *asked)), ", ".join(sorted(found)))
    return wrong


def nothing(url: str, name: str) -> int:
    """Whether nothing is claimed of a fleet in which nothing is planted; how many answers claim something."""
    claims, begun, spent = [], time.perf_counter(), 0.0
    for category in sorted({c.value for c, _, _ in BACKGROUND}):
        document, took = _ask(url, "correlate", category, "--since", _at(_end(url), 0.0))
        claims += [f"{category}: {_shown(document)}"] * bool(document["correlate"])
        spent += took[1]
    end = _end(url)
    for asked in (
        ("--against", _at(end, 0.22), "--since", _at(end, 0.62)),
        ("--of", "engine.version", "--since", _at(end, 0.22)),
    ):
        document, took = _ask(url, "regressions", *asked)
        changed = [*document["regressions"], *document["recovered"]]
        claims += [f"{asked[0]}: {row['name']}" for row in changed]
        spent += took[1]
    _say(
        not claims,
        (time.perf_counter() - begun, spent),
        f"{name}, nothing planted",
        "; ".join(claims) or "nothing",
    )
    return len(claims)


def _made(path: Path, seed: int, runs: int, *options: str) -> str:
    command = [
        "-m",
        "tests.simulator",
        "bulk",
        "--seed",
        str(seed),
        "--runs",
        str(runs),
        "--machines",
        str(runs // 5),
    ]
    url = f"sqlite:///{path}"
    subprocess.run(
        [sys.executable, *command, *options, "--database-url", url],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return url


def _ask(url: str, *args: str) -> tuple[dict[str, Any], tuple[float, float]]:
    """A command's document, and its seconds: on the clock, of its processor."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "localloom_collector", *args, "--json", "--database-url", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(done.stdout), (wall, spent)


def _end(url: str) -> datetime:
    """When the history ends: when something last came in; clocks of machines may run ahead by hours."""
    from sqlalchemy import func, select

    from localloom_collector.storage.engine import open_engine, parse_url
    from localloom_collector.storage.schema import machines

    with open_engine(parse_url(url)).connect() as connection:
        found = connection.scalar(select(func.max(machines.c.last_seen)))
    assert found is not None
    return found


def _at(end: datetime, share: float) -> str:
    return (end - timedelta(days=DAYS * (1 - share))).isoformat()


def _items(items: Iterable[Any]) -> set[tuple[str, str]]:
    return {(item["name"], item["value"]) for item in items}


def _named(row: Any) -> list[set[tuple[str, str]]]:
    return [_items(row["attributes"]), *map(_items, row["same_machines"])]


def _shown(document: Any) -> str:
    found: Sequence[Any] = document["correlate"]
    return "; ".join(
        " and ".join(f"{item['name']}={item['value']}" for item in row["attributes"]) for row in found
    )


def _say(right: bool, took: tuple[float, float], asked: str, found: str) -> int:
    print(f"{'ok' if right else 'WRONG':<6}{took[0]:7.2f} {took[1]:7.2f}  {asked}: {found}", flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
