"""Alembic's entry: runs migrations on the connection that it was handed, in one transaction."""

from __future__ import annotations

from alembic import context

from localloom_collector.storage import dialects
from localloom_collector.storage.schema import metadata

dialects.complete()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter most things in place: a migration's batch operations make the table anew.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
