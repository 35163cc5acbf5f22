"""Counts that are kept as rows come in, and what they are counted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from localloom_collector.storage import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_HARDWARE = (
    "hw_gpu_vendor", "hw_gpu_model", "hw_gpu_architecture", "hw_gpu_driver_version", "hw_gpu_memory", "hw_cpu_model",
    "hw_cpu_features", "host_memory", "os_type", "os_version", "browser_name", "browser_version",
)  # fmt: skip
_SIZES = ("hw_gpu_memory", "host_memory")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Add the columns and tables; `migrate.upgrade` fills them."""
    for name in ("hw_gpu_architecture", "hw_cpu_features"):
        op.add_column("hardware_profiles", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("hardware_profiles", sa.Column("hardware", sa.BigInteger(), nullable=True))
    op.create_table(
        "hardware_kinds",
        _number("hardware"),
        *(sa.Column(n, sa.BigInteger() if n in _SIZES else sa.Text(), nullable=True) for n in _HARDWARE),
        sa.PrimaryKeyConstraint("hardware", name=op.f("pk_hardware_kinds")),
    )
    for table, key, names in (
        ("setups", "setup", ("engine", "engine_version", "model", "agent_version")),
        ("verdicts", "verdict", ("phase", "category", "signature")),
    ):
        op.create_table(
            table,
            _number(key),
            *(sa.Column(name, sa.Text(), nullable=True) for name in names),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "label_sets",
        _number("label_set"),
        sa.Column("labels", types.Json(), nullable=False),
        sa.PrimaryKeyConstraint("label_set", name=op.f("pk_label_sets")),
    )
    op.create_table(
        "counted_runs",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        _number("hardware"),
        _number("setup"),
        sa.Column("verdict", sa.BigInteger(), nullable=True),
        sa.Column("label_set", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("machine_id", "run_id", name=op.f("pk_counted_runs")),
    )
    op.create_index(op.f("ix_counted_runs_started_at"), "counted_runs", ["started_at"], unique=False)
    op.create_index(
        "ix_counted_runs_failed",
        "counted_runs",
        ["started_at", "hardware", "setup", "verdict", "label_set", "machine_id"],
        unique=False,
        postgresql_where=sa.text("verdict IS NOT NULL"),
        sqlite_where=sa.text("verdict IS NOT NULL"),
    )
    op.create_table(
        "run_counts",
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        _number("hardware"),
        _number("setup"),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("span", "day", "hardware", "setup", name=op.f("pk_run_counts")),
        postgresql_with={"fillfactor": "70"},
    )


def downgrade() -> None:
    """Drop them, and what is in them."""
    for name in ("run_counts", "counted_runs", "label_sets", "verdicts", "setups", "hardware_kinds"):
        op.drop_table(name)
    for name in ("hardware", "hw_cpu_features", "hw_gpu_architecture"):
        op.drop_column("hardware_profiles", name)
