"""Brings a database's schema to this version's."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from .recount import recount
from .revisions import HEAD, SchemaState, cannot_open, check, current, state

#: Rows of an earlier schema have not been counted.
COUNTS_SINCE = "0004"

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the schema to this version's. Does nothing on a current one.

    Returns:
        The revisions before and after.

    Raises:
        DatabaseFault: it cannot be opened or written, is newer than this version, or is not ours.
    """
    try:
        with engine.begin() as connection:
            before = current(connection)
            if state(connection) in (SchemaState.NEWER, SchemaState.FOREIGN):
                check(connection)
            command.upgrade(_config(connection), "head")
            if before is not None and before < COUNTS_SINCE:
                recount(connection)
            return before, HEAD
    except SQLAlchemyError as error:
        raise cannot_open(engine, error) from None
