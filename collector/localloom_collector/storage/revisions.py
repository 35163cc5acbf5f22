"""Where a database's schema stands to this version's: what every command asks first, without loading Alembic for it."""

from __future__ import annotations

from enum import Enum

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from localloom_collector.faults import DatabaseFault

from .engine import shown

#: The migrations that there are, the first first. A test compares them with the folder's.
REVISIONS = ("0001", "0002", "0003", "0004")

#: The revision of this version's schema.
HEAD = REVISIONS[-1]


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


def current(connection: Connection) -> str | None:
    """The revision of the database's schema; None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def state(connection: Connection) -> SchemaState:
    """How the database's schema stands to this version's."""
    revision = current(connection)
    if revision is None:
        return SchemaState.FOREIGN if inspect(connection).get_table_names() else SchemaState.EMPTY
    if revision == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in REVISIONS else SchemaState.NEWER


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
            f"the schema of {name} ({current(connection)}) is newer than this collector ({HEAD}); "
            "install the collector that made it, or a later one"
        )
    if found is SchemaState.FOREIGN:
        raise DatabaseFault(
            f"{name} holds tables that are not LocalLoom's; give the collector a database of its own"
        )
    return found


def cannot_open(engine: Engine, error: SQLAlchemyError) -> DatabaseFault:
    """The sentence for a database that did not answer."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return DatabaseFault(
        f"the database {shown(engine.url)} cannot be used: {cause}; check the URL, the file's folder and the rights"
    )
