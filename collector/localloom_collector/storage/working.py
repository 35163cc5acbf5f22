"""Opens a database to work on: what commands that change something use, beside or without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from localloom_collector.faults import DatabaseFault

from . import revisions
from .engine import open_engine, parse_url, shown, sqlite_file


@contextmanager
def working(database_url: str) -> Iterator[Engine]:
    """An engine for writing, on a current schema.

    Raises:
        DatabaseFault: there is no database, it cannot be written, or its schema is not this version's.
    """
    url = parse_url(database_url)
    file = sqlite_file(url)
    missing = DatabaseFault(
        f"there is no database at {shown(url)}; localloom-collector serve or db upgrade makes it"
    )
    if file is not None and not file.exists() and file.parent.is_dir():
        raise missing
    engine = open_engine(url, writing=True)
    try:
        with engine.connect() as connection:
            if revisions.check(connection) is not revisions.SchemaState.CURRENT:
                raise missing
        yield engine
    except SQLAlchemyError as error:
        raise revisions.cannot_open(engine, error) from None
    finally:
        engine.dispose()
