"""Opens databases: which URLs are taken, and what each kind of database needs to be told first."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from localloom_collector.faults import DatabaseFault

BUSY_TIMEOUT_MS = 5_000
LOCK_TIMEOUT_MS = 10_000


def parse_url(text: str) -> URL:
    """A database URL.

    Raises:
        DatabaseFault: not a URL, or a database of a kind that is not kept here. The text is not repeated: it may
            hold a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseFault(
            "the database URL is not one; give one like sqlite:////var/lib/localloom/collector.db"
        ) from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseFault(
            f"no database of kind {url.get_backend_name()!r} is kept here; use a sqlite:// or postgresql:// URL"
        )
    return url


def sqlite_file(url: URL) -> Path | None:
    """The file behind a SQLite URL; None for other databases and for one in memory."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def open_engine(url: URL, *, writing: bool = False) -> Engine:
    """An engine on `url`, not connected yet.

    Args:
        url: from `parse_url`.
        writing: transactions take the write lock at their start, so that none fails half-way for want of it.

    Raises:
        DatabaseFault: the driver that the URL names is not installed.
    """
    try:
        if url.get_backend_name() != "sqlite":
            return _open_postgresql(url, writing=writing)
        engine = create_engine(url)
    except (ImportError, SQLAlchemyError) as error:
        raise DatabaseFault(
            f"the driver for {url.drivername!r} cannot be loaded ({error}); install it, or use a sqlite:// URL"
        ) from None
    begin = "BEGIN IMMEDIATE" if writing else "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, record: object) -> None:
        del record
        # The driver would begin transactions by itself, later than it should; `_begin` does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        if writing:
            # Readers go on reading while the writer writes.
            connection.execute("PRAGMA journal_mode=WAL")
            # An ack lets the agent forget the chunk. NORMAL does not sync a WAL commit, and a power cut would
            # take acked chunks with it; group commit shares FULL's sync among all that has gathered.
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _open_postgresql(url: URL, *, writing: bool) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(
        url,
        pool_pre_ping=True,  # after a restart of the database, one try finds out and the next has a new connection
        connect_args={
            "connect_timeout": 5,
            "application_name": "localloom-collector",
            # A database behind a dead network is gone after about 20 s, not after two hours.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "tcp_user_timeout": 20_000,
            **url.query,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: object) -> None:
        del record
        with connection.cursor() as cursor:
            cursor.execute("SET timezone TO 'UTC'")
            if writing:
                # An ack lets the agent forget the chunk: it follows a commit that is on the disk.
                cursor.execute(
                    "SELECT set_config('synchronous_commit', 'on', false) "
                    "WHERE current_setting('synchronous_commit') = 'off'"
                )
                cursor.execute(f"SET lock_timeout TO {LOCK_TIMEOUT_MS}")
                from . import staging  # reports do without it

                staging.create(cursor)
        connection.commit()

    return engine


def shown(url: URL) -> str:
    """The URL for a person, without its password."""
    return url.render_as_string(hide_password=True)
