"""A make-believe fleet with a known truth: `python -m tests.simulator bulk|stream …`, from the repository's root.

Examples:
  python -m tests.simulator bulk --runs 100000 --machines 20000 --database-url sqlite:////tmp/fleet.db
  python -m tests.simulator bulk --runs 1000000 --machines 200000 --processes 2 --database-url postgresql://me@127.0.0.1/fleet
  python -m tests.simulator stream --collector 127.0.0.1:50051 --agents 1000 --seconds 60
  python -m tests.simulator stream --collector 127.0.0.1:50051 --agents 5000 --agents-per-connection 20 --connect-first --rate 1000
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import deque
from datetime import timedelta

from .counted import Truth
from .plan import Fleet
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
    words.add_argument(
        "--timeline-days", type=int, default=1, help="in bulk: days whose raw chunks are kept, the last ones"
    )
    words.add_argument(
        "--through-writer",
        action="store_true",
        help="in bulk: by ingest's own code, slowly, into any database",
    )
    words.add_argument("--collector", help="HOST:PORT, for stream")
    words.add_argument("--agents", type=int, default=100, help="at once, for stream")
    words.add_argument("--processes", type=int, default=1, help="that hold them, or that load")
    words.add_argument("--agents-per-connection", type=int, default=1)
    words.add_argument("--seconds", type=float, default=30.0, help="that the agents' chunks are spread over")
    words.add_argument(
        "--rate", type=float, default=0.0, help="chunks/s of all agents, in place of --seconds"
    )
    words.add_argument("--connect-first", action="store_true", help="open every stream, then send")
    words.add_argument("--runs-each", type=int, default=1, help="that an agent delivers")
    words.add_argument("--give-up", type=float, default=120.0, help="seconds after which agents give up")
    args = words.parse_args()
    document = stream(args) if args.mode == "stream" else bulk(args)
    json.dump(document, sys.stdout, indent=2)
    print()


def _fleet(args: argparse.Namespace) -> Fleet:
    return Fleet(args.seed, args.machines, args.days, args.until, () if args.nothing_planted else PLANTED)


def bulk(args: argparse.Namespace) -> dict[str, object]:
    """Write a history, or only tell its truth."""
    fleet, begun = _fleet(args), time.perf_counter()
    rows: dict[str, int] = {}
    if args.mode == "truth":
        truth = Truth()
        deque(truth.watch(fleet.runs(args.runs)), maxlen=0)
    elif args.through_writer:
        truth = Truth()
        rows["event_chunks"] = _through_writer(fleet, truth, args)
    else:
        from .load import Order, load

        days = args.timeline_days
        kept = None if days is None else fleet.last_day - timedelta(days=days - 1)
        loaded = load(fleet, Order(args.database_url, args.runs, args.detail, kept), args.processes)
        rows, truth = loaded.rows, loaded.truth
    planted = [] if args.nothing_planted else [p.to_json() for p in PLANTED]
    return {
        "rows": rows,
        "seconds": round(time.perf_counter() - begun, 2),
        **truth.to_json(),
        "planted": planted,
    }


def _through_writer(fleet: Fleet, truth: Truth, args: argparse.Namespace) -> int:
    from localloom_collector.storage import migrate
    from localloom_collector.storage.engine import open_engine, parse_url
    from localloom_collector.storage.writer import SqlWriter

    from .bulk import write

    engine = open_engine(parse_url(args.database_url), writing=True)
    migrate.upgrade(engine)
    writer = SqlWriter(engine)
    stored = write(writer, truth.watch(fleet.runs(args.runs)), args.detail)
    writer.close()
    return stored


if __name__ == "__main__":
    main()
