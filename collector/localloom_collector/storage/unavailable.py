"""Tells a database that cannot take anything now from one that refuses something for good."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: Classes of PostgreSQL's SQLSTATE that pass: connection, transaction rolled back (deadlock), out of disk or memory,
#: object in use (lock timeout), operator's intervention (shutdown), the system's own errors. And a standby, which
#: becomes writable when it is promoted.
_PASSING = ("08", "40", "53", "55", "57", "58", "25006")


def unavailable(error: BaseException) -> str | None:
    """One line on why the database cannot store anything now; None where trying again would not help."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = getattr(origin, "sqlstate", None)
    if state is not None:
        passing = str(state).startswith(_PASSING)
    else:
        # psycopg's own, without a word from the server: the connection. It is known by name, for SQLite needs none.
        passing = isinstance(error, (OperationalError, PoolTimeout)) or type(origin).__name__ in (
            "OperationalError",
            "ConnectionTimeout",
        )
        passing = passing or (isinstance(error, DBAPIError) and error.connection_invalidated)
    return (str(origin).strip() or type(origin).__name__).splitlines()[0] if passing else None
