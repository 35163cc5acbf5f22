"""`localloom-collector tail`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from .options import output_options, where_option
from .output import cell, note, plain, seconds

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Condition


@click.command(
    short_help="Tell what happens in runs, as it happens.",
    epilog="""\b
Examples:
  localloom-collector tail
  localloom-collector tail --failures
  localloom-collector tail --where hw.gpu.vendor=amd --json | jq -r .category""",
)
@where_option
@click.option("--failures", "only_failures", is_flag=True, help="Only tell how runs fail.")
@output_options
def tail(*, where: Sequence[Condition], only_failures: bool, as_json: bool, database_url: str) -> None:
    """Tell what happens in runs as it happens: a line when one starts, a phase ends, it fails, it ends.

    From now on, until Ctrl-C. With --json a JSON object a line. PostgreSQL calls when something was written; a SQLite
    file is looked at twice a second.
    """
    from localloom_collector.queries.tail import Follower, follow
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    follower = Follower(where)
    try:
        with reading(parse_url(database_url), note) as connection:
            note("from now on; Ctrl-C ends")

            def tell(changed: Sequence[UUID]) -> None:
                for event in follower.look(connection, changed):
                    if not only_failures or event["event"] == "failed":
                        click.echo(json.dumps(event, ensure_ascii=False) if as_json else _line(event))

            follow(connection, tell)
    except KeyboardInterrupt:
        # Not by the interpreter's way, which would print a traceback while it is at it.
        sys.exit(130)
    except BrokenPipeError:
        # Who read has enough. What is left in the buffer has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _line(event: Mapping[str, Any]) -> str:
    when = (event["at"] or "")[11:19]
    what = {
        "started": lambda: f"started   {cell(event['engine'])} {cell(event['model'])}",
        "phase": lambda: f"{event['status']:<8}  {event['phase']:<10} {seconds(event['duration_s'])}",
        "failed": lambda: f"FAILED    {event['category']} in {cell(event['phase'])}: {event['summary']}",
        "ended": lambda: f"ended     {event['outcome']}, {seconds(event['duration_s'])}",
    }[event["event"]]()
    return plain(f"{when}  {event['run_id'][:18]}  {what}")
