"""What the tables say to one kind of database only: apart from them, since to say it loads that database's dialect.

A report on SQLite would spend a tenth of its start on PostgreSQL's.
"""

from __future__ import annotations

from sqlalchemy import text

from .schema import counted_runs, event_chunks, http_exchanges, metadata, run_counts, runs

#: Indexes of some rows only, and which.
_PARTIAL = {
    (runs.name, "ix_runs_unended"): "outcome IS NULL",
    (counted_runs.name, "ix_counted_runs_failed"): "verdict IS NOT NULL",
}


def complete() -> None:
    """Say it: for whoever makes the tables from `schema`, or compares them with it."""
    for table in (http_exchanges, event_chunks):
        table.dialect_kwargs["postgresql_partition_by"] = "RANGE (start_day)"
    # A count changes often, in place where its page has room.
    run_counts.dialect_kwargs["postgresql_with"] = {"fillfactor": "70"}
    for table in metadata.sorted_tables:
        for index in table.indexes:
            condition = _PARTIAL.get((table.name, str(index.name)))
            if condition is not None:
                for dialect in ("postgresql", "sqlite"):
                    index.dialect_kwargs[f"{dialect}_where"] = text(condition)
