"""`localloom-collector hardware`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from .options import Form, by_option, limit_option, moment, report_options, where_option
from .output import Column, attribute, bar, note, plural, print_csv, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute, Condition


@click.command(
    short_help="Count the fleet's machines, by attributes.",
    epilog="""\b
Examples:
  localloom-collector hardware
  localloom-collector hardware --by hw.gpu.model,hw.gpu.driver_version --where os.type=windows --json
  localloom-collector hardware --silent-for 7d""",
)
@by_option("os.type,hw.cpu.model,hw.gpu.model,host.memory")
@click.option(
    "--silent-for", metavar="TIME", callback=moment,
    help="List the machines that have not been heard from for so long: 7d, 12h, or since 2026-05-01.",
)  # fmt: skip
@where_option
@limit_option(100)
@report_options
def hardware(
    *,
    by: tuple[Attribute, ...],
    silent_for: datetime | None,
    where: Sequence[Condition],
    limit: int,
    form: Form,
    database_url: str,
) -> None:
    """Count the fleet's machines by what they are made of, from the latest profile of each."""
    from localloom_collector.queries.hardware import HardwareQuery, list_hardware
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    for option, attributes in (("--by", by), ("--where", tuple(condition.attribute for condition in where))):
        strange = [a.name for a in attributes if not a.of_machine]
        if strange:
            raise click.BadParameter(f"{strange[0]} is no attribute of a machine", param_hint=option)
    with reading(parse_url(database_url), note) as connection:
        found = list_hardware(connection, HardwareQuery(by, where, silent_for, limit))
    rows = found["hardware"] if silent_for is None else found["silent"]
    if form is Form.JSON:
        print_json(found)
        return
    if form is Form.CSV:
        names = (
            ("machines", "last_seen") if silent_for is None else ("last_seen", "first_seen", "agent_version")
        )
        head = [] if silent_for is None else ["machine_id"]
        print_csv([*head, *(a.name for a in by), *names], rows)
        return
    if silent_for is not None:
        if rows:
            _silent(by, rows)
        more = f", {len(rows)} of them here; --limit shows more" if found["machines"] > len(rows) else ""
        since = f"{silent_for:%Y-%m-%d %H:%M}Z"
        note(
            f"{found['machines']} of {plural(found['of_machines'], 'machine')} not heard from since {since}{more}"
        )
        return
    if not rows:
        note("no machine matches" if found["of_machines"] else "no machine has been heard from")
        return
    _kinds(by, rows)


def _kinds(by: Sequence[Attribute], rows: Sequence[dict[str, Any]]) -> None:
    most = max(row["machines"] for row in rows)
    bars = [bar(row["machines"] / most, 4) for row in rows]
    print_table(
        [
            *(Column(a.name) for a in by),
            Column("COUNT", right=True, whole=True),
            *([Column("", whole=True)] if any(bars) else []),
            Column("LAST HEARD", whole=True),
        ],
        [
            (
                *(attribute(a.name, row[a.name]) for a in by),
                str(row["machines"]),
                *([drawn] if any(bars) else []),
                _minute(row["last_seen"]),
            )
            for row, drawn in zip(rows, bars, strict=True)
        ],
    )


def _silent(by: Sequence[Attribute], rows: Sequence[dict[str, Any]]) -> None:
    print_table(
        [Column("MACHINE", whole=True), Column("LAST HEARD", whole=True), *(Column(a.name) for a in by)],
        [
            (row["machine_id"][:13], _minute(row["last_seen"]), *(attribute(a.name, row[a.name]) for a in by))
            for row in rows
        ],
    )


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ") + "Z"
