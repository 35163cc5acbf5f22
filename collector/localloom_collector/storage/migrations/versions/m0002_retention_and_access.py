"""Retention, dead letters, clamped starts, and tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from localloom_collector.storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_GROUPS = (
    "purpose", "outcome", "engine", "engine_version", "model", "os_type", "hw_gpu_vendor", "hw_gpu_model",
    "hw_gpu_driver_version", "phase", "category", "signature", "rules_version",
)  # fmt: skip


def upgrade() -> None:
    """Add the columns and tables."""
    zero = sa.text("0")
    # Plain ALTERs: to make `machines` anew, as a batch does on SQLite, would cascade through all that refers to it.
    for name in ("expired_chunks", "refused_chunks"):
        op.add_column("machines", sa.Column(name, sa.BigInteger(), server_default=zero, nullable=False))
    op.add_column("runs", sa.Column("start_clamped", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("runs", sa.Column("received_chunks", sa.Text(), nullable=True))
    op.create_table(
        "dead_letters",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("chunk_seq", sa.String(length=20), nullable=False),
        sa.Column("received_at", types.UtcTime(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("chunk", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("machine_id", "run_id", "chunk_seq", name=op.f("pk_dead_letters")),
    )
    op.create_table(
        "retention",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("runs_before", sa.Date(), nullable=True),
        sa.Column("timeline_before", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_retention")),
    )
    op.execute("INSERT INTO retention (number) VALUES (1)")
    op.create_table(
        "pruned_runs",
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in _GROUPS),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.Column("machines", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("start_day", "number", name=op.f("pk_pruned_runs")),
    )
    op.create_table(
        "tokens",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("revoked_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )


def downgrade() -> None:
    """Drop them, and what is in them."""
    for name in ("tokens", "pruned_runs", "retention", "dead_letters"):
        op.drop_table(name)
    for name in ("received_chunks", "start_clamped"):
        op.drop_column("runs", name)
    for name in ("refused_chunks", "expired_chunks"):
        op.drop_column("machines", name)
