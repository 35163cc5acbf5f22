"""What is kept: from which day on runs, and from which day on their chunks too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, text

from .partitions import PRUNE_LOCK
from .schema import retention


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days before which things have been pruned; None for never."""

    runs_before: date | None = None
    timeline_before: date | None = None

    def runs_gone(self, day: date) -> bool:
        """Whether runs that started on that day are gone."""
        return self.runs_before is not None and day < self.runs_before

    def chunks_gone(self, day: date) -> bool:
        """Whether chunks of runs that started on that day are gone."""
        return self.timeline_before is not None and day < self.timeline_before


def horizon(connection: Connection, *, pruning: bool = False) -> Horizon:
    """Read the horizon; it stays as it is until the transaction ends.

    Args:
        connection: in a transaction that writes. On SQLite that alone keeps others out.
        pruning: wait until nobody else writes, instead of writing beside others.
    """
    if connection.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock" if pruning else "pg_advisory_xact_lock_shared"
        connection.execute(text(f"SELECT {lock}(:key)"), {"key": PRUNE_LOCK})
    row = connection.execute(select(retention.c.runs_before, retention.c.timeline_before)).one_or_none()
    return Horizon(row.runs_before, row.timeline_before) if row else Horizon()
