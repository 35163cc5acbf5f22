"""A make-believe fleet with a known truth: `python -m tests.simulator bulk|stream …`, from the repository's root.

Examples:
  python -m tests.simulator bulk --runs 100000 --machines 20000 --database-url sqlite:////tmp/fleet.db
  python -m tests.simulator stream --collector 127.0.0.1:50051 --agents 1000 --seconds 60
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter

from localloom_diagnosis import Phase

from .plan import Fleet, Planned
from .stream import stream
from .truth import PLANTED


def main() -> None:
    """Parse and run; what was done, and the truth of it, is a JSON document on stdout."""
    words = argparse.ArgumentParser(
        prog="python -m tests.simulator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("mode", choices=("bulk", "stream", "truth"))
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--machines", type=int, default=1000, help="of which runs are drawn, in bulk")
    words.add_argument("--runs", type=int, default=10_000, help="in bulk")
    words.add_argument("--days", type=float, default=60.0, help="that the history covers")
    words.add_argument("--until", type=float, default=time.time(), help="its end, in Unix seconds: now")
    words.add_argument("--detail", type=int, default=10, help="progress events of a run")
    words.add_argument("--nothing-planted", action="store_true", help="only what fails everywhere")
    words.add_argument("--database-url", help="for bulk")
    words.add_argument("--collector", help="HOST:PORT, for stream")
    words.add_argument("--agents", type=int, default=100, help="at once, for stream")
    words.add_argument("--processes", type=int, default=1, help="that hold them")
    words.add_argument("--agents-per-connection", type=int, default=1)
    words.add_argument("--seconds", type=float, default=30.0, help="that the agents' chunks are spread over")
    words.add_argument("--give-up", type=float, default=120.0, help="seconds after which agents give up")
    args = words.parse_args()
    document = stream(args) if args.mode == "stream" else bulk(args)
    json.dump(document, sys.stdout, indent=2)
    print()


def _fleet(args: argparse.Namespace) -> Fleet:
    return Fleet(args.seed, args.machines, args.days, args.until, () if args.nothing_planted else PLANTED)


def bulk(args: argparse.Namespace) -> dict[str, object]:
    """Write a history, or only tell its truth."""
    truth = Truth()
    runs = truth.watch(_fleet(args).runs(args.runs))
    begun, stored = time.perf_counter(), 0
    if args.mode == "truth":
        for _ in runs:
            pass
    else:
        from localloom_collector.storage import migrate
        from localloom_collector.storage.engine import open_engine, parse_url
        from localloom_collector.storage.writer import SqlWriter

        from .bulk import write

        engine = open_engine(parse_url(args.database_url), writing=True)
        migrate.upgrade(engine)
        writer = SqlWriter(engine)
        stored = write(writer, runs, args.detail)
        writer.close()
    planted = [] if args.nothing_planted else [p.to_json() for p in PLANTED]
    return {
        "chunks": stored,
        "seconds": round(time.perf_counter() - begun, 2),
        **truth.to_json(),
        "planted": planted,
    }


class Truth:
    """Counts what goes by."""

    def __init__(self) -> None:
        self.runs = 0
        self.unfinished = 0
        self.categories: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()
        self.machines: set[object] = set()

    def watch(self, runs):
        """The same runs."""
        for planned in runs:
            self._count(planned)
            yield planned

    def _count(self, planned: Planned) -> None:
        self.runs += 1
        self.machines.add(planned.machine.machine_id)
        reached = planned.ends or (planned.phase is not None and planned.phase.order < Phase.COMPILE.order)
        self.unfinished += not reached
        if planned.category is not None and reached:
            self.categories[planned.category.value] += 1
            self.causes[planned.planted or "background"] += 1

    def to_json(self) -> dict[str, object]:
        """As the command prints it."""
        return {
            "runs": self.runs, "machines": len(self.machines), "unfinished": self.unfinished,
            "failures": dict(self.categories.most_common()), "causes": dict(self.causes.most_common()),
        }  # fmt: skip


if __name__ == "__main__":
    main()
