"""What each machine is made of now, and an index of the runs that have not ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; `migrate.upgrade` fills the column."""
    op.add_column("machines", sa.Column("hardware", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_runs_unended",
        "runs",
        ["started_at"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
        sqlite_where=sa.text("outcome IS NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_runs_unended", "runs")
    op.drop_column("machines", "hardware")
