"""`localloom-collector db …`."""

from __future__ import annotations

import click

from .options import database_option, limit_option, output_options
from .output import Column, note, print_json, print_table


@click.group(
    epilog="""\b
Example:
  localloom-collector db upgrade --database-url sqlite:////var/lib/localloom/collector.db"""
)
def db() -> None:
    """Look after the database's schema."""


@db.command(
    epilog="""\b
Example:
  localloom-collector db upgrade --database-url sqlite:////var/lib/localloom/collector.db"""
)
@database_option
def upgrade(database_url: str) -> None:
    """Bring the schema to this version's; an empty database gets its tables."""
    from localloom_collector.storage import migrate
    from localloom_collector.storage.engine import open_engine, parse_url, shown
    from localloom_collector.storage.folder import make_default_folder

    url = parse_url(database_url)
    make_default_folder(url)
    engine = open_engine(url, writing=True)
    try:
        before, after = migrate.upgrade(engine)
    finally:
        engine.dispose()
    note(
        f"{shown(url)}: "
        + (f"already at {after}" if before == after else f"from {before or 'nothing'} to {after}")
    )


@db.command(
    "dead-letters",
    epilog="""\b
Examples:
  localloom-collector db dead-letters --json
  localloom-collector db dead-letters --clear""",
)
@click.option("--clear", is_flag=True, help="Throw them away; the machines' counts stay.")
@limit_option(50)
@output_options
def dead_letters(*, clear: bool, limit: int, as_json: bool, database_url: str) -> None:
    """List chunks that were refused for good: a sample, the newest first, and how many there were."""
    from localloom_collector.queries.dead_letters import list_dead_letters
    from localloom_collector.storage.engine import parse_url
    from localloom_collector.storage.letters import clear as throw_away
    from localloom_collector.storage.reading import reading
    from localloom_collector.storage.working import working

    if clear:
        with working(database_url) as engine, engine.begin() as connection:
            note(f"{throw_away(connection)} dead letters thrown away")
        return
    with reading(parse_url(database_url), note) as connection:
        found = list_dead_letters(connection, limit)
    if as_json:
        print_json(found)
        return
    if found["dead_letters"]:
        print_table(
            [
                Column("RECEIVED", whole=True),
                Column("MACHINE", whole=True),
                Column("CODE", whole=True),
                Column("REASON"),
            ],
            [
                (row["received_at"][:16], row["machine_id"][:13], row["code"], row["reason"])
                for row in found["dead_letters"]
            ],
        )
    note(f"{found['refused']} chunks refused so far, {found['total']} of them kept")
