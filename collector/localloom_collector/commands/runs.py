"""`localloom-collector runs`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from .options import Form, filter_options, limit_option, report_options
from .output import Column, cell, note, print_csv, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Condition

#: The columns of a CSV.
COLUMNS = (
    "run_id",
    "machine_id",
    "started_at",
    "purpose",
    "outcome",
    "engine",
    "model",
    "phase",
    "category",
    "signature",
    "duration_s",
    "tokens_per_s",
    "labels",
)
OUTCOMES = ("passed", "failed", "crashed", "hung", "cancelled", "running", "incomplete")


@click.command(
    short_help="List runs, the newest first.",
    epilog="""\b
Examples:
  localloom-collector runs --since 24h --outcome failed
  localloom-collector runs --category gpu.driver --where os.type=linux --json
  localloom-collector runs --engine tvm --limit 1000 --csv""",
)
@click.option("--outcome", type=click.Choice(OUTCOMES), help="Only runs that ended so.")
@click.option("--purpose", type=click.Choice(("primary", "differential")), help="Only runs made for this.")
@filter_options
@limit_option(50)
@report_options
def runs(
    *,
    outcome: str | None,
    purpose: str | None,
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    limit: int,
    form: Form,
    database_url: str,
) -> None:
    """List runs, the newest first."""
    from localloom_collector.queries.runs import RunsQuery, list_runs
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    query = RunsQuery(datetime.now(timezone.utc), since, until, outcome, purpose, where, limit)
    with reading(parse_url(database_url), note) as connection:
        found = list_runs(connection, query)
    listed: list[dict[str, Any]] = found["runs"]
    if form is Form.JSON:
        print_json(found)
        return
    if form is Form.CSV:
        print_csv(COLUMNS, listed)
        return
    if not listed:
        note("no runs match")
        return
    ids = short_ids([run["run_id"] for run in listed])
    columns = (
        Column("RUN", whole=True),
        Column("STARTED UTC", whole=True),
        Column("OUTCOME", whole=True),
        Column("FAILED IN", whole=True),
        Column("ENGINE, MODEL"),
    )  # fmt: skip
    print_table(
        columns,
        [
            (
                ids[run["run_id"]],
                run["started_at"][5:16].replace("T", " "),
                run["outcome"],
                f"{cell(run['phase'])}: {run['category']}" if run["category"] else "-",
                f"{cell(run['engine'])} {cell(run['model'])}",
            )
            for run in listed
        ],
    )
    if found["total"] > len(listed):
        note(f"{len(listed)} of {found['total']} runs; --limit shows more")


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """The beginnings of ids, as short as they may be and still tell these apart: `show` takes them.

    A UUIDv7 begins with its time: 13 characters say the millisecond, 18 have some of its randomness too.
    """
    length = 18
    while length < 36 and len({i[:length] for i in ids}) < len(set(ids)):
        length += 1
    return {i: i[:length].rstrip("-") for i in ids}
