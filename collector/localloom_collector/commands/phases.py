"""`localloom-collector phases`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .options import Form, by_option, period_options, report_options
from .output import (
    Column,
    attribute,
    cell,
    note,
    percent,
    print_csv,
    print_json,
    print_lines,
    print_table,
    seconds,
)

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition


@click.command(
    short_help="Say how each phase fares, and how long it takes.",
    epilog="""\b
Examples:
  localloom-collector phases --since 7d
  localloom-collector phases --by hw.gpu.model --since 30d --csv
  localloom-collector phases --by engine --where hw.gpu.vendor=nvidia --json""",
)
@by_option("")
@period_options
@report_options
def phases(
    *,
    by: tuple[Attribute, ...],
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    form: Form,
    database_url: str,
) -> None:
    """Say how often each phase passes, and how long it takes when it does; then how fast the runs generated.

    Percentiles are exact. Of more than 20,000 runs, some 20,000 are looked at: those of machines drawn by lot.
    """
    from localloom_collector.queries.phases import PhasesQuery, list_phases
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    if any(a.name == "phase" for a in by):
        raise click.BadParameter("phases are told apart already; name another attribute", param_hint="--by")
    with reading(parse_url(database_url), note) as connection:
        found = list_phases(connection, PhasesQuery(by, since, until, where))
    if form is Form.JSON:
        print_json(found)
        return
    names = [a.name for a in by]
    counts, times = ("passed", "failed", "skipped"), ("p50", "p90", "p99", "max")
    if form is Form.CSV:
        print_csv(("phase", *names, "runs", *counts, *(f"{name}_s" for name in times)), found["phases"])
        return
    if not found["phases"]:
        note("no runs match")
        return
    print_table(
        [
            Column("PHASE", whole=True),
            *(Column(name) for name in names),
            *(Column(name.upper(), right=True, whole=True) for name in (*counts, *times)),
        ],
        [
            (
                row["phase"],
                *(attribute(name, row[name]) for name in names),
                *(str(row[name]) for name in counts),
                *(seconds(row[f"{name}_s"]) for name in times),
            )
            for row in found["phases"]
        ],
    )
    for metric, title, shown in (("ttft_s", "FIRST TOKEN", seconds), ("tokens_per_s", "TOKENS/S", cell)):
        rows = [row for row in found["generation"] if row["metric"] == metric]
        if rows:
            percents = [key for key in rows[0] if key[0] == "p" and key[1:].isdigit()]
            print_lines([""])
            print_table(
                [
                    Column(title, whole=True),
                    *(Column(name) for name in names),
                    *(Column(key.upper(), right=True, whole=True) for key in ("runs", *percents)),
                ],
                [
                    (
                        "",
                        *(attribute(name, row[name]) for name in names),
                        str(row["runs"]),
                        *(shown(row[k]) for k in percents),
                    )
                    for row in rows
                ],
            )
    if found["drawn"] < 1:
        note(f"by {percent(found['drawn'])} of the machines, drawn by lot")
