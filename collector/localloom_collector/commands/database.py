"""`localloom-collector db …`."""

from __future__ import annotations

import click

from .options import database_option
from .output import note


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
