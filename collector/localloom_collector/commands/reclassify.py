"""`localloom-collector reclassify`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from .options import output_options, since_option
from .output import Column, note, plural, print_json, print_table

if TYPE_CHECKING:
    from localloom_collector.storage.reclassify import Moves


@click.command(
    short_help="Judge stored failures again, by the present rules.",
    epilog="""\b
Examples:
  localloom-collector reclassify --dry-run
  localloom-collector reclassify --since 30d --json""",
)
@since_option
@click.option("--dry-run", is_flag=True, help="Only say what would move.")
@output_options
def reclassify(*, since: datetime | None, dry_run: bool, as_json: bool, database_url: str) -> None:
    """Judge stored failures again from their evidence, by this version's rules, and show what moved.

    The collector's verdict changes, which reports use; the agent's stays as it came. It can run beside the server,
    and a run that was interrupted is simply started again.
    """
    from localloom_collector.ingest.verdicts import own_verdict
    from localloom_collector.storage import reclassify as storage
    from localloom_collector.storage.working import working
    from localloom_diagnosis import RULES_VERSION

    with working(database_url) as engine:
        moves = storage.reclassify(engine, own_verdict, since, dry_run=dry_run)
    rows = _rows(moves)
    if as_json:
        print_json(
            {
                "reclassify": rows,
                "judged": moves.judged,
                "changed": moves.changed,
                "signatures_moved": moves.signatures,
                "unjudged": moves.unjudged,
                "unjudged_examples": [str(run) for run in moves.broken],
                "rules_version": RULES_VERSION,
                "dry_run": dry_run,
            }
        )
        return
    if rows:
        print_table(
            [
                Column("FROM"),
                Column("TO"),
                Column("RUNS", right=True, whole=True),
                Column("FOR EXAMPLE", whole=True),
            ],
            [(row["from"], row["to"], str(row["runs"]), row["examples"][0]) for row in rows],
        )
    would = "would get" if dry_run else "got"
    note(
        f"{plural(moves.judged, 'failure')} judged by rules {RULES_VERSION}: {moves.changed} {would} a new verdict, "
        f"{sum(row['runs'] for row in rows)} of them another category, {moves.signatures} another signature"
    )
    if moves.unjudged:
        note(f"{moves.unjudged} could not be judged and were left as they are, run {moves.broken[0]} for one")


def _rows(moves: Moves) -> list[dict[str, Any]]:
    """The commonest move first."""
    return [
        {"from": before, "to": after, "runs": move.runs, "examples": [str(run) for run in move.examples]}
        for (before, after), move in sorted(moves.categories.items(), key=lambda m: (-m[1].runs, m[0]))
    ]
