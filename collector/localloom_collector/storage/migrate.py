"""Brings a database's schema to this version's, and says where it stands."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from localloom_collector.faults import DatabaseFault

from .engine import shown
from .recount import recount

#: Rows of an earlier schema have not been counted.
COUNTS_SINCE = "0004"

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaState(Enum):
    """How a database's schema stands to this version's."""

    EMPTY = "empty"
    """Nothing is in it."""
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"
    """Made by a later version, or by something else that uses Alembic."""
    FOREIGN = "foreign"
    """Tables, but none of ours."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision of this version's schema."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None
    return found


def current(connection: Connection) -> str | None:
    """The revision of the database's schema; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def state(connection: Connection) -> SchemaState:
    """How the database's schema stands to this version's."""
    revision = current(connection)
    if revision is None:
        return SchemaState.FOREIGN if inspect(connection).get_table_names() else SchemaState.EMPTY
    scripts = ScriptDirectory.from_config(_config())
    if revision == scripts.get_current_head():
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.OLDER if revision in known else SchemaState.NEWER


def check(connection: Connection) -> SchemaState:
    """CURRENT or EMPTY, or a sentence that says why it is neither.

    Raises:
        DatabaseFault: the schema is older, newer, or not ours.
    """
    found = state(connection)
    name = shown(connection.engine.url)
    if found is SchemaState.OLDER:
        raise DatabaseFault(
            f"the schema of {name} is older than this collector; run: localloom-collector db upgrade"
        )
    if found is SchemaState.NEWER:
        raise DatabaseFault(
            f"the schema of {name} ({current(connection)}) is newer than this collector ({head()}); "
            "install the collector that made it, or a later one"
        )
    if found is SchemaState.FOREIGN:
        raise DatabaseFault(
            f"{name} holds tables that are not LocalLoom's; give the collector a database of its own"
        )
    return found


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
            return before, head()
    except SQLAlchemyError as error:
        raise cannot_open(engine, error) from None


def cannot_open(engine: Engine, error: SQLAlchemyError) -> DatabaseFault:
    """The sentence for a database that did not answer."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return DatabaseFault(
        f"the database {shown(engine.url)} cannot be used: {cause}; check the URL, the file's folder and the rights"
    )
