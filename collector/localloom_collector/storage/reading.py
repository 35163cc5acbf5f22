"""Opens a database to read from; one that does not exist yet, or holds nothing, reads as empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from localloom_collector.faults import DatabaseFault
from localloom_collector.locations import default_database

from . import revisions
from .engine import open_engine, shown, sqlite_file
from .schema import metadata


@contextmanager
def reading(url: URL, note: Callable[[str], None]) -> Iterator[Connection]:
    """A connection on a current schema, on which all questions are answered from one state of the database.

    On SQLite any transaction is like that.

    Args:
        url: from `parse_url`.
        note: told, in a sentence, when there is nothing to read from.

    Raises:
        DatabaseFault: it does not open, does not answer, or its schema is not this version's.
    """
    file = sqlite_file(url)
    if file is not None and not file.exists():
        if file != default_database() and not file.parent.is_dir():
            raise DatabaseFault(
                f"the folder {file.parent} of the database does not exist; check --database-url"
            )
        note(f"no database at {file} yet; localloom-collector serve makes it")
        with _nothing() as connection:
            yield connection
        return
    engine = open_engine(url)
    snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(**snapshot) as connection:
            if revisions.check(connection) is revisions.SchemaState.CURRENT:
                _prepare(connection)
                yield connection
                return
        note(f"{shown(url)} is empty; localloom-collector db upgrade makes the tables")
        with _nothing() as connection:
            yield connection
    except DBAPIError as error:
        raise revisions.cannot_open(engine, error) from None
    finally:
        engine.dispose()


def _prepare(connection: Connection) -> None:
    """Reports group a hundred thousand rows at a time: in memory, and by plans that no compiler has to be waited for."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")
        )


@contextmanager
def _nothing() -> Iterator[Connection]:
    """The same tables, without a row, so that a report on nothing is made like any other."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
