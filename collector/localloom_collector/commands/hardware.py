"""`localloom-collector hardware`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .options import by_option, limit_option, output_options
from .output import Column, attribute, note, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Attribute


@click.command(
    short_help="Count the fleet's machines, by attributes.",
    epilog="""\b
Examples:
  localloom-collector hardware
  localloom-collector hardware --by hw.gpu.model,hw.gpu.driver_version --json""",
)
@by_option("os.type,hw.cpu.model,hw.gpu.model,host.memory")
@limit_option(100)
@output_options
def hardware(*, by: tuple[Attribute, ...], limit: int, as_json: bool, database_url: str) -> None:
    """Count the fleet's machines by what they are made of, from the latest profile of each."""
    from localloom_collector.queries.hardware import list_hardware
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    strange = [a.name for a in by if not a.of_machine]
    if strange:
        raise click.BadParameter(f"{strange[0]} is no attribute of a machine", param_hint="--by")
    with reading(parse_url(database_url), note) as connection:
        found = list_hardware(connection, by, limit)
    if as_json:
        print_json(found)
        return
    if not found["hardware"]:
        note("no machine has been heard from")
        return
    print_table(
        [
            *(Column(a.name) for a in by),
            Column("COUNT", right=True, whole=True),
            Column("LAST HEARD", whole=True),
        ],
        [
            (
                *(attribute(a.name, row[a.name]) for a in by),
                str(row["machines"]),
                row["last_seen"][:16].replace("T", " ") + "Z",
            )
            for row in found["hardware"]
        ],
    )
