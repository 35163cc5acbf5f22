"""`localloom-collector export`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from localloom_collector.faults import CollectorFault

from .options import database_option, filter_options
from .output import note, plural

if TYPE_CHECKING:
    from localloom_collector.export.interface import RowFile
    from localloom_collector.queries.attributes import Condition

PARTS = ("runs", "phases", "failures")


class NotWritten(CollectorFault):
    """A file cannot be written."""


@click.command(
    short_help="Write runs, phases and failures for other tools.",
    epilog="""\b
Examples:
  localloom-collector export fleet --since 30d
  localloom-collector export fleet --format jsonl --where os.type=windows
  localloom-collector export - --part failures --format jsonl --since 7d | jq .category

\b
Then, for one:
  duckdb -c "SELECT hw_gpu_model, count(*) FROM 'fleet/runs.parquet' GROUP BY 1\"""",
)
@click.argument("target", metavar="FOLDER|-")
@click.option(
    "--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only this; may be given several times."
)
@click.option(
    "--format", "form", type=click.Choice(("parquet", "jsonl")), default="parquet", show_default=True,
    help="Parquet, which needs pyarrow, or JSON lines.",
)  # fmt: skip
@filter_options
@database_option
def export(
    *,
    target: str,
    parts: tuple[str, ...],
    form: str,
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    database_url: str,
) -> None:
    """Write runs, phases and failures to a file each in FOLDER, or one of them to stdout.

    Rows go from the database to the file in batches, so that memory stays the same however many there are. A run is
    chosen by when it started and by the filters; its phases and its failure go with it.
    """
    from localloom_collector.queries.export import ExportQuery, Part
    from localloom_collector.queries.window import Window
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    chosen = [Part(name) for name in dict.fromkeys(parts or PARTS)]
    if target == "-" and len(chosen) != 1:
        raise click.UsageError("stdout takes one part: add --part runs, --part phases or --part failures")
    open_file = _opener(form)
    query = ExportQuery(Window(since, until), where)
    with reading(parse_url(database_url), note) as connection:
        for part in chosen:
            if target == "-":
                rows = _copy(connection, part, query, open_file, sys.stdout.buffer)
                note(plural(rows, "row"))
                continue
            path = Path(target) / f"{part.value}.{form}"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as sink:
                    rows = _copy(connection, part, query, open_file, sink)
            except OSError as error:
                raise NotWritten(
                    f"{path} cannot be written: {error.strerror or error}; give another folder, or make room"
                ) from None
            note(f"{path}: {plural(rows, 'row')}")


def _opener(form: str) -> Callable[..., RowFile]:
    if form == "jsonl":
        from localloom_collector.export.jsonl import JsonLines

        return JsonLines
    from localloom_collector.export.parquet import Parquet

    return Parquet


def _copy(connection: Any, part: Any, query: Any, open_file: Callable[..., RowFile], sink: Any) -> int:
    from localloom_collector.queries.export import batches, columns

    file, total = open_file(sink, columns(part)), 0
    for rows in batches(connection, part, query):
        file.write(rows)
        total += len(rows)
    file.close()
    return total
