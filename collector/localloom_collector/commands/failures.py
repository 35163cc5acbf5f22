"""`localloom-collector failures`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .options import by_option, limit_option, output_options, period_options
from .output import Column, attribute, note, percent, plural, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition


@click.command(
    short_help="Count failed runs, by attributes.",
    epilog="""\b
Examples:
  localloom-collector failures --by category,hw.gpu.model --since 7d
  localloom-collector failures --by hw.gpu.driver_version --where category=gpu.driver --json""",
)
@by_option("category")
@period_options
@limit_option(50)
@output_options
def failures(
    *,
    by: tuple[Attribute, ...],
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    limit: int,
    as_json: bool,
    database_url: str,
) -> None:
    """Count failed primary runs, by attributes of run, machine and failure.

    A rate is out of all finished runs that share the group's attributes, those of the failure (category, signature,
    phase) left aside.
    """
    from localloom_collector.queries.failures import FailuresQuery, list_failures
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    with reading(parse_url(database_url), note) as connection:
        found = list_failures(connection, FailuresQuery(by, since, until, where, limit))
    if as_json:
        print_json(found)
        return
    totals = found["totals"]
    if found["failures"]:
        heads = [Column(a.name) for a in by]
        print_table(
            [
                *heads,
                *(Column(name, right=True, whole=True) for name in ("FAILED", "OF RUNS", "RATE", "MACHINES")),
            ],
            [
                (
                    *(attribute(a.name, row[a.name]) for a in by),
                    *(str(row[name]) for name in ("failed", "runs")),
                    percent(row["rate"]),
                    str(row["machines"]),
                )
                for row in found["failures"]
            ],
        )
    note(
        f"{totals['failed']} of {plural(totals['runs'], 'finished run')} failed, "
        f"on {plural(totals['machines'], 'machine')}; {plural(totals['unfinished'], 'run')} not finished"
    )
