"""`localloom-collector db …`."""

from __future__ import annotations

import click

from .options import database_option, limit_option, output_options
from .output import Column, note, plural, print_json, print_table


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


@db.command(
    epilog="""\b
Examples:
  localloom-collector db verify
  localloom-collector db verify --repair --json

\b
Exit codes: 0 all of it agrees, or was repaired; 1 something differs; 2 wrong usage; 3 it could not be looked at."""
)
@click.option("--repair", is_flag=True, help="Make the counts anew from the rows where they differ.")
@output_options
def verify(*, repair: bool, as_json: bool, database_url: str) -> None:
    """Recompute the kept counts from the rows and compare. Reads every run; can run beside the server."""
    from localloom_collector.storage.recount import recount
    from localloom_collector.storage.verify import verify as check_all
    from localloom_collector.storage.working import working

    repaired = False
    with working(database_url) as engine:
        # One state from beginning to end, while others go on writing.
        options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        with engine.connect().execution_options(**options) as connection:
            checks = check_all(connection)
            connection.rollback()
        if repair and any(check.wrong for check in checks):
            with engine.begin() as connection:
                recount(connection)
            with engine.connect() as connection:
                checks, repaired = check_all(connection), True
    wrong = [check for check in checks if check.wrong]
    if as_json:
        rows = [{name: getattr(c, name) for name in c.__slots__} for c in checks]
        print_json({"verify": rows, "wrong": sum(check.wrong for check in wrong), "repaired": repaired})
    for check in wrong:
        named = ", ".join(check.examples)
        more = ", …" if check.wrong > len(check.examples) else ""
        note(f"{check.name}: {check.wrong} of {check.checked} differ ({check.meaning}): {named}{more}")
    if repaired:
        note("the counts were made anew from the rows")
    if wrong:
        mend = "these are no counts: restore a backup, or report it" if repaired else "run it with --repair"
        click.echo(f"error: what is kept differs from what the rows come to; {mend}", err=True)
        click.get_current_context().exit(1)
    counted = next(check.checked for check in checks if check.name == "counted_runs")
    note(f"{plural(counted, 'ended run')} recounted: all that is kept agrees with the rows")
