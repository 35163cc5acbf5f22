"""The two bulky tables in a partition a start day, so that a day can be dropped: PostgreSQL only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import Connection, Engine, text

#: The tables that are partitioned by `start_day`.
TABLES = ("event_chunks", "http_exchanges")

#: Advisory locks: numbers of our own, in a database of our own.
DAYS_LOCK = 0x10CA1_1
PRUNE_LOCK = 0x10CA1_2


class Partitions:
    """Makes the partitions of days as chunks come in for them, each once."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine; nothing is asked of it when it is no PostgreSQL."""
        self._engine = engine
        self._known: set[date] = set()
        self._needed = engine.dialect.name == "postgresql"

    def make(self, days: Iterable[date]) -> None:
        """Make what is missing, in transactions of their own: an open group would hold the lock too long."""
        for day in sorted(set(days) - self._known) if self._needed else ():
            with self._engine.begin() as connection:
                # Two workers meet here every midnight, and IF NOT EXISTS is no protection against that.
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": DAYS_LOCK})
                for table in TABLES:
                    connection.execute(
                        text(
                            f"CREATE TABLE IF NOT EXISTS {name(table, day)} PARTITION OF {table} "
                            f"FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
                        )
                    )
            self._known.add(day)

    def forget(self) -> None:
        """Somebody else may have dropped some."""
        self._known.clear()


def name(table: str, day: date) -> str:
    """The partition's name: event_chunks_20260501."""
    return f"{table}_{day:%Y%m%d}"


def days(connection: Connection, table: str) -> set[date]:
    """The days that have a partition, by the catalogue: no row is read."""
    names = connection.scalars(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass(:table)"),
        {"table": table},
    )
    return {datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=timezone.utc).date() for name in names}


def drop(connection: Connection, table: str, day: date) -> None:
    """Drop one partition, and all that is in it."""
    connection.execute(text(f"DROP TABLE IF EXISTS {name(table, day)}"))
