"""`localloom-collector regressions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import click

from .options import Form, moment, report_options, where_option
from .output import Column, note, plural, print_csv, print_json, print_lines, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Condition

_VERSIONED = ("agent.version", "engine.version", "hw.gpu.driver_version", "browser.version", "model")


@click.command(
    short_help="Say what got worse: since last week, or with a new version.",
    epilog="""\b
Examples:
  localloom-collector regressions
  localloom-collector regressions --since 2d --against 9d
  localloom-collector regressions --of engine.version --from 0.27.0 --to 0.28.0 --since 30d
  localloom-collector regressions --of hw.gpu.driver_version --since 60d --json""",
)
@click.option(
    "--since",
    metavar="TIME",
    callback=moment,
    help="The later window begins here: 7d, 12h, or 2026-05-01. With --of, the only window.  [default: 7d; with --of 30d]",
)
@click.option("--until", metavar="TIME", callback=moment, help="It ends here; written the same way.")
@click.option(
    "--against",
    metavar="TIME",
    callback=moment,
    help="The earlier window begins here and ends where the later begins.  [default: as long as the later]",
)
@click.option(
    "--of", type=click.Choice(_VERSIONED), help="Compare two versions of this, instead of two windows."
)
@click.option(
    "--from", "old", metavar="VALUE", help="The old version.  [default: the commonest beside the new]"
)
@click.option("--to", "new", metavar="VALUE", help="The new version.  [default: the one that came last]")
@where_option
@report_options
def regressions(
    *,
    since: datetime | None,
    until: datetime | None,
    against: datetime | None,
    of: str | None,
    old: str | None,
    new: str | None,
    where: Sequence[Condition],
    form: Form,
    database_url: str,
) -> None:
    """Say which failures more machines have than before, and which fewer.

    A machine is set against itself, in as many runs before as after, so that a fleet that grows or works more is none
    that got worse. With --of, only runs of a machine that differ in nothing but that version are compared; machines
    that kept the old one tell the version from its time. Chance is ruled out: 1 % for everything tried together.
    """
    from localloom_collector.queries.attributes import KNOWN
    from localloom_collector.queries.regressions import NothingToCompare, RegressionsQuery, list_regressions
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    if of is None and (old or new):
        raise click.UsageError("--from and --to are versions of something: say of what with --of")
    strange = [c.attribute.name for c in where if c.attribute.of_failure]
    if strange:
        raise click.BadParameter(f"{strange[0]} is no attribute of a run that passed", param_hint="--where")
    end = until or datetime.now(timezone.utc)
    since = since or end - timedelta(days=7 if of is None else 30)
    begin = since if of is not None else against or since - (end - since)
    if not begin <= since < end or (of is None and begin == since):
        raise click.UsageError(
            "the windows are empty: --against must lie before --since, and that before --until"
        )
    query = RegressionsQuery(since, end, begin, where, KNOWN[of] if of else None, old, new)
    try:
        with reading(parse_url(database_url), note) as connection:
            found = list_regressions(connection, query)
    except NothingToCompare as error:
        click.echo(f"note: {error}", err=True)
        found = {
            "regressions": [],
            "recovered": [],
            "new_signatures": [],
            "compared": {"machines": 0, "of": of},
        }
    if form is Form.JSON:
        print_json(found)
    elif form is Form.CSV:
        rows = [{"change": kind, **row} for kind in ("regressions", "recovered") for row in found[kind]]
        print_csv(
            (
                "change",
                "what",
                "name",
                "machines",
                "before",
                "after",
                "only_before",
                "only_after",
                "p",
                "alpha",
            ),
            rows,
        )
    else:
        _print(found)
    _remark(found)


def _print(found: Mapping[str, Any]) -> None:
    rows = [(kind, row) for kind in ("regressions", "recovered") for row in found[kind]]
    if rows:
        print_table(
            [
                Column("FAILURE"),
                *(Column(head, right=True, whole=True) for head in ("BEFORE", "AFTER", "OF", "P")),
            ],
            [
                (row["name"], str(row["before"]), str(row["after"]), str(row["machines"]), f"{row['p']:.1g}")
                for _, row in rows
            ],
        )
        print_lines(["", *(f"• {_sentence(kind, row, found['compared'])}" for kind, row in rows)], hang=2)
    if found["new_signatures"]:
        print_lines([""] if rows else [])
        print_table(
            [
                Column("NEW SIGNATURE"),
                Column("MACHINES", right=True, whole=True),
                Column("FIRST SEEN", whole=True),
            ],
            [
                (row["signature"], str(row["machines"]), row["first_seen"][:16].replace("T", " ") + "Z")
                for row in found["new_signatures"]
            ],
        )


def _sentence(kind: str, row: Mapping[str, Any], compared: Mapping[str, Any]) -> str:
    of = compared.get("of")
    when = f"with {of} {compared['new']}, and not with {compared['old']}" if of else "now, and not before"
    back = f"with {compared['old']}, and not with {compared['new']}" if of else "before, and not now"
    said = (
        f"{row['name']} {'got worse' if kind == 'regressions' else 'got better'}: of {plural(row['machines'], 'machine')} "
        f"that ran both, {row['only_after']} had it {when}; {row['only_before']} {back}"
    )
    if not of:
        return said
    if row["stayed"] is None:
        return f"{said}; no machine stayed with the old one, so whatever else changed at that time may be the cause"
    stayed = row["stayed"]
    if row["alone"]:
        return f"{said}; of {stayed['machines']} that stayed with the old one, {stayed['only_after']} got it"
    return (
        f"{said}; but {stayed['only_after']} of {stayed['machines']} that stayed with the old one got it too: "
        "it is the time, not the version"
    )


def _remark(found: Mapping[str, Any]) -> None:
    compared = found["compared"]
    if not compared["machines"]:
        note("no machine ran both before and after: there is nothing to compare")
    elif not found["regressions"] and not found["recovered"]:
        note(f"nothing changed beyond chance on the {plural(compared['machines'], 'machine')} that ran both")
    if compared.get("changed_too"):
        names = ", ".join(f"{name} ({count})" for name, count in compared["changed_too"].items())
        note(f"left out, because more than this changed with it: {names}")
