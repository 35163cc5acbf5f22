"""`localloom-collector signatures`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .options import Form, filter_options, limit_option, report_options
from .output import Column, bar, cell, note, plural, print_csv, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Condition


@click.command(
    short_help="List failures by signature.",
    epilog="""\b
Examples:
  localloom-collector signatures --since 30d
  localloom-collector signatures --category gpu.driver --where os.type=windows --json""",
)
@filter_options
@limit_option(50)
@report_options
def signatures(
    *,
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    limit: int,
    form: Form,
    database_url: str,
) -> None:
    """List failures that are one and the same, by signature; those on most machines first.

    Each with when it was first and last seen, in which versions, on how many kinds of hardware and system (--json has
    all of them), and its latest run, for `show`.
    """
    from localloom_collector.queries.failed import Filter
    from localloom_collector.queries.signatures import SignaturesQuery, list_signatures
    from localloom_collector.queries.window import Window
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    from .runs import short_ids

    with reading(parse_url(database_url), note) as connection:
        found = list_signatures(connection, SignaturesQuery(Filter(Window(since, until), where), limit))
    rows = found["signatures"]
    if form is Form.JSON:
        print_json(found)
        return
    if form is Form.CSV:
        names = (
            "signature",
            "category",
            "phases",
            "runs",
            "machines",
            "first_seen",
            "last_seen",
            "engines",
            "agents",
        )
        print_csv([*names, "spread", "example", "summary"], rows)
        return
    if not rows:
        note("no failure matches")
        return
    ids = short_ids([row["example"] for row in rows if row["example"]])
    most = max(row["machines"] for row in rows)
    bars = [bar(row["machines"] / most, 4) for row in rows]
    print_table(
        [
            Column("MACHINES", right=True, whole=True),
            Column("RUNS", right=True, whole=True),
            *([Column("", whole=True)] if any(bars) else []),
            Column("FIRST", whole=True),
            Column("LAST", whole=True),
            Column("GPUS", right=True, whole=True),
            Column("LATEST RUN", whole=True),
            Column("SIGNATURE"),
        ],
        [
            (
                str(row["machines"]),
                str(row["runs"]),
                *([drawn] if any(bars) else []),
                row["first_seen"][5:10],
                row["last_seen"][5:10],
                str(row["spread"]["hw.gpu.model"]),
                ids.get(row["example"], "-"),
                cell(row["signature"]),
            )
            for row, drawn in zip(rows, bars, strict=True)
        ],
    )
    if found["total"] > len(rows):
        note(f"{len(rows)} of {plural(found['total'], 'signature')}; --limit shows more")
