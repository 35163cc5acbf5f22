"""`localloom-collector show`."""

from __future__ import annotations

import sys
from datetime import datetime, timezone

import click

from .options import output_options
from .output import note, print_json


@click.command(
    short_help="Tell the story of one run.",
    epilog="""\b
Examples:
  localloom-collector show 019aa1b2-c3d4-7e
  localloom-collector show 019aa1b2-c3d4-7e --lang es
  localloom-collector show 019aa1b2-c3d4-7e --json | jq .failure.evidence""",
)
@click.argument("run")
@click.option(
    "--lang",
    type=click.Choice(["en", "es"]),
    help="Language of the failure's reasons and remedies; without it they are as they were stored.",
)
@output_options
def show(*, run: str, lang: str | None, as_json: bool, database_url: str) -> None:
    """Tell the story of one RUN, named by its id or the beginning of it.

    Its phases stand on one axis of time with their spans, exchanges and memory; then how it compares with runs like it,
    what failed and why, what to do, and the further probes that were made to tell causes apart.
    """
    from localloom_collector.queries.find import NoSuchRun
    from localloom_collector.queries.show import show_run
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    try:
        with reading(parse_url(database_url), note) as connection:
            document = show_run(connection, run, datetime.now(timezone.utc), lang)
    except NoSuchRun as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    if as_json:
        print_json(document)
        return
    from .story import print_story

    print_story(document)
