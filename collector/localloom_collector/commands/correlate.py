"""`localloom-collector correlate`."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from .options import Form, moment, report_options, where_option
from .output import Column, note, percent, plural, print_csv, print_json, print_lines, print_table

if TYPE_CHECKING:
    from localloom_collector.queries.attributes import Condition


@click.command(
    short_help="Say what the machines that a failure hits have in common.",
    epilog="""\b
Examples:
  localloom-collector correlate gpu.driver
  localloom-collector correlate gpu.out_of_memory --since 7d --where engine=tvm
  localloom-collector correlate "load|gpu.driver" --json | jq .correlate[].sentence""",
)
@click.argument("target", metavar="CATEGORY|SIGNATURE")
@click.option(
    "--since",
    metavar="TIME",
    default="30d",
    show_default=True,
    callback=moment,
    help="Runs started since: 7d, 12h, 30m, or 2026-05-01.",
)
@click.option("--until", metavar="TIME", callback=moment, help="Runs started before; written the same way.")
@where_option
@click.option(
    "--machines",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    help="How many machines are looked at, drawn by lot, of the affected and of the others; a fleet with fewer is "
    "looked at whole.",
)
@report_options
def correlate(
    *,
    target: str,
    since: datetime | None,
    until: datetime | None,
    where: Sequence[Condition],
    machines: int,
    form: Form,
    database_url: str,
) -> None:
    """Say which attributes, alone and in pairs, machines that failed so have more often than the others.

    A machine counts once, however often it ran. An attribute is named where at least 5 affected machines have it, its
    share among the affected exceeds that among the others by 15 points, and chance is ruled out: 1 % for everything
    tried together. What another finding explains is said to be explained by it. None of this proves a cause.
    """
    from localloom_collector.queries.correlate import CorrelateQuery, NoSuchFailure, correlate_failures
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.reading import reading

    _only_runs(where)
    try:
        with reading(parse_url(database_url), note) as connection:
            found = correlate_failures(connection, CorrelateQuery(target, since, until, where, machines))
    except NoSuchFailure as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    if form is Form.JSON:
        print_json(found)
    elif form is Form.CSV:
        print_csv(_NAMES, [_flat(row) for row in (*found["correlate"], *found["explained"])])
    else:
        _print(found)
    _remark(found)


def _only_runs(where: Sequence[Condition]) -> None:
    strange = [c.attribute.name for c in where if c.attribute.of_failure]
    if strange:
        raise click.BadParameter(
            f"{strange[0]} divides the failures; correlate takes it as its argument", param_hint="--where"
        )


_NAMES = (
    "attribute", "value", "attribute_2", "value_2", "explained_by", "affected_with", "affected_of", "rest_with",
    "rest_of", "difference", "lift", "odds_ratio", "phi", "p", "alpha", "test",
)  # fmt: skip


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    one, two = [*row["attributes"], {"name": None, "value": None}][:2]
    return {
        **row,
        "attribute": one["name"], "value": one["value"], "attribute_2": two["name"], "value_2": two["value"],
        "explained_by": " with ".join(_text(items) for items in row.get("by", ())),
        "affected_with": row["affected"]["with"], "affected_of": row["affected"]["of"],
        "rest_with": row["rest"]["with"], "rest_of": row["rest"]["of"],
    }  # fmt: skip


def _text(items: Sequence[Mapping[str, str]]) -> str:
    return " and ".join(f"{item['name']} {item['value']}" for item in items)


def _print(found: Mapping[str, Any]) -> None:
    """A table of the findings, and below it what they are and what they explain, in sentences."""
    if not found["correlate"]:
        return
    heads = ("AFFECTED", "OTHERS", "LIFT", "EFFECT")
    rows = []
    for row in found["correlate"]:
        first, *more = row["attributes"]
        shares = (f"{row[group]['with']} ({percent(row[group]['share'])})" for group in ("affected", "rest"))
        rows.append((_text([first]), *shares, f"{row['lift']:.1f}", f"{row['phi']:.2f}"))
        rows += [(f"  and {_text([item])}", *("" for _ in heads)) for item in more]
    print_table([Column("FOUND"), *(Column(head, right=True, whole=True) for head in heads)], rows)
    print_lines(["", *(f"• {row['sentence']}" for row in found["correlate"]), *_explained(found)], hang=2)


def _explained(found: Mapping[str, Any]) -> list[str]:
    """What stands out only because of a finding, a line a finding."""
    by: dict[str, list[str]] = {}
    for row in found["explained"]:
        # A pair that is explained is one thing more to read, and says nothing that its halves do not.
        if len(row["attributes"]) == 1:
            given = " with ".join(_text(items) for items in row["by"])
            by.setdefault(given, []).append(f"{_text(row['attributes'])} (p = {row['p_given']:.2g})")
    return [
        f"• given {given}, {'these explain' if len(names) > 1 else 'this explains'} nothing more: {', '.join(names)}"
        for given, names in by.items()
    ]


def _remark(found: Mapping[str, Any]) -> None:
    population, (one, two) = found["population"], found["tried"]
    affected, rest = population["affected"], population["rest"]
    if not found["correlate"]:
        if affected < 5:
            note(
                f"{found['target']} hit {plural(affected, 'machine')} in this window: "
                "5 is the least that anything is said of"
            )
        else:
            note(
                f"nothing that the {plural(affected, 'machine')} with {found['target']} have in common sets them apart "
                f"from the {rest} others: {one['candidates']} attributes and {two['candidates']} pairs tried"
            )
        return
    looked = population["affected_looked_at"] + population["rest_looked_at"]
    drawn = f", of which {looked} drawn by lot were looked at" if looked < affected + rest else ""
    note(
        f"{plural(affected, 'machine')} affected, {rest} others{drawn}; {one['candidates']} attributes and "
        f"{two['candidates']} pairs tried; these go together, which need not mean that one causes the other"
    )
