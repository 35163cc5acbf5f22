"""`localloom-collector phases`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .options import by_option, output_options, period_options
from .output import Column, attribute, note, print_json, print_table, seconds

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition


@click.command(
    short_help="Say how each phase fares, and how long it takes.",
    epilog="""\b
Examples:
  localloom-collector phases --since 7d
  localloom-collector phases --by engine --where hw.gpu.vendor=nvidia --json""",
)
@by_option("")
@period_options
@output_options
def phases(
    *,
    by: tuple[Attribute, ...],
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    as_json: bool,
    database_url: str,
) -> None:
    """Say how often each phase passes, and how long it takes when it does."""
    from localloom_collector.queries.phases import PhasesQuery, list_phases
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    if any(a.name == "phase" for a in by):
        raise click.BadParameter("phases are told apart already; name another attribute", param_hint="--by")
    with reading(parse_url(database_url), note) as connection:
        found = list_phases(connection, PhasesQuery(by, since, until, where))
    if as_json:
        print_json(found)
        return
    if not found["phases"]:
        note("no runs match")
        return
    counts, times = ("passed", "failed", "skipped"), ("p50", "p90", "max")
    print_table(
        [
            Column("PHASE", whole=True),
            *(Column(a.name) for a in by),
            *(Column(name.upper(), right=True, whole=True) for name in (*counts, *times)),
        ],
        [
            (
                row["phase"],
                *(attribute(a.name, row[a.name]) for a in by),
                *(str(row[name]) for name in counts),
                *(seconds(row[f"{name}_s"]) for name in times),
            )
            for row in found["phases"]
        ],
    )
