"""`localloom-collector prune`."""

from __future__ import annotations

from datetime import datetime

import click

from .options import moment, output_options
from .output import note, plural, print_json


@click.command(
    short_help="Let go of old runs, or of their timelines.",
    epilog="""\b
Examples:
  localloom-collector prune --older-than 365d --timeline-older-than 30d
  localloom-collector prune --timeline-older-than 2026-05-01 --json""",
)
@click.option(
    "--older-than", metavar="TIME", callback=moment,
    help="Runs that started on an earlier day: 365d, 52w, 2026-05-01. A summary of each day stays.",
)  # fmt: skip
@click.option(
    "--timeline-older-than", metavar="TIME", callback=moment,
    help="Only their chunks; runs, phases, failures and exchanges stay.",
)  # fmt: skip
@output_options
def prune(
    *, older_than: datetime | None, timeline_older_than: datetime | None, as_json: bool, database_url: str
) -> None:
    """Let go of whole days, oldest first; it can run beside the server.

    What comes in late for pruned days is acked as expired, and counted with its machine. What is pruned does not come
    back by giving a later time.
    """
    from localloom_collector.storage.prune import Pruned, prune_runs, prune_timeline
    from localloom_collector.storage.working import working

    if older_than is None and timeline_older_than is None:
        raise click.UsageError("say what to let go of: --older-than, --timeline-older-than, or both")
    gone, timeline = Pruned(), Pruned()
    with working(database_url) as engine:
        if older_than is not None:
            gone = prune_runs(engine, older_than.date())
        if timeline_older_than is not None:
            timeline = prune_timeline(engine, timeline_older_than.date())
    if as_json:
        print_json(
            {
                "prune": {
                    "runs": {"days": gone.days, "runs": gone.runs, "chunks": gone.chunks},
                    "timeline": {"days": timeline.days, "chunks": timeline.chunks},
                }
            }
        )
        return
    if older_than is not None:
        note(f"{plural(gone.runs, 'run')} of {plural(gone.days, 'day')} before {older_than.date()} are gone")
    if timeline_older_than is not None:
        day = timeline_older_than.date()
        note(f"{plural(timeline.chunks, 'chunk')} of {plural(timeline.days, 'day')} before {day} are gone")
