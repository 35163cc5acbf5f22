"""`localloom-collector failures`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from .options import Form, by_option, filter_options, limit_option, report_options
from .output import Column, attribute, bar, note, percent, plural, print_csv, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition


@click.command(
    short_help="Count failed runs, by attributes.",
    epilog="""\b
Examples:
  localloom-collector failures --by category,hw.gpu.model --since 7d
  localloom-collector failures --by hw.gpu.driver_version --category gpu.driver --json
  localloom-collector failures --by label.site --rate machines --since 2026-05-01 --until 2026-06-01 --csv""",
)
@by_option("category")
@click.option(
    "--rate",
    type=click.Choice(("runs", "machines")),
    default="runs",
    show_default=True,
    help="What rates are out of: ended runs, or machines that had one.",
)
@filter_options
@limit_option(50)
@report_options
def failures(
    *,
    by: tuple[Attribute, ...],
    rate: str,
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    limit: int,
    form: Form,
    database_url: str,
) -> None:
    """Count failed primary runs and the machines they were on, by attributes; most machines first.

    A rate is out of all ended runs (or machines that had one) that share the group's attributes, those of the failure
    (category, signature, phase) left aside; beside it stands its 95 % interval.
    """
    from localloom_collector.queries.failed import Filter
    from localloom_collector.queries.failures import FailuresQuery, list_failures
    from localloom_collector.queries.window import Window
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    query = FailuresQuery(by, Filter(Window(since, until), where), limit, rate == "machines")
    with reading(parse_url(database_url), note) as connection:
        found = list_failures(connection, query)
    if form is Form.JSON:
        print_json(found)
        return
    names = ["failed", "runs", "machines", *(["of_machines"] if query.of_machines else [])]
    if form is Form.CSV:
        print_csv([*(a.name for a in by), *names, "rate", "rate_low", "rate_high"], found["failures"])
        return
    if found["failures"]:
        _table(by, found["failures"], of_machines=query.of_machines)
    totals = found["totals"]
    note(
        f"{totals['failed']} of {plural(totals['runs'], 'ended run')} failed, "
        f"on {plural(totals['machines'], 'machine')}; {plural(totals['unfinished'], 'run')} not ended"
    )


def _table(by: Sequence[Attribute], rows: Sequence[dict[str, Any]], *, of_machines: bool) -> None:
    whole = "of_machines" if of_machines else "runs"
    counts = ("MACHINES", "OF", "FAILED") if of_machines else ("MACHINES", "FAILED", "OF")
    most = max(row["machines"] for row in rows)
    bars = [bar(row["machines"] / most) for row in rows]
    print_table(
        [
            *(Column(a.name) for a in by),
            *(Column(name, right=True, whole=True) for name in (*counts, "RATE", "95 %")),
            *([Column("", whole=True)] if any(bars) else []),
        ],
        [
            (
                *(attribute(a.name, row[a.name]) for a in by),
                *(str(row[whole if name == "OF" else name.lower()]) for name in counts),
                percent(row["rate"]),
                _interval(row["rate_low"], row["rate_high"]),
                *([drawn] if any(bars) else []),
            )
            for row, drawn in zip(rows, bars, strict=True)
        ],
    )


def _interval(low: float, high: float) -> str:
    """Percents: "35–72"; with a digit more where they are near each other."""
    digits = 1 if high - low < 0.03 else 0
    return f"{low * 100:.{digits}f}–{high * 100:.{digits}f}"
