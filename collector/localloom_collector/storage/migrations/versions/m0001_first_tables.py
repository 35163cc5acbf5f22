"""The first tables: machines, their hardware, runs with phases, failures and exchanges, and the chunks as they came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from localloom_collector.storage import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "event_chunks",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("chunk_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("compression", sa.String(length=8), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("raw_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", types.UtcTime(), nullable=False),
        sa.Column("first_event_at", types.UtcTime(), nullable=True),
        sa.Column("last_event_at", types.UtcTime(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "machine_id", "run_id", "chunk_seq", "start_day", name=op.f("pk_event_chunks")
        ),
        postgresql_partition_by="RANGE (start_day)",
    )
    op.create_table(
        "http_exchanges",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=True),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("received_bytes", sa.BigInteger(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("ttfb_s", sa.Double(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint(
            "machine_id", "run_id", "event_seq", "start_day", name=op.f("pk_http_exchanges")
        ),
        postgresql_partition_by="RANGE (start_day)",
    )
    op.create_table(
        "machines",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("first_seen", types.UtcTime(), nullable=False),
        sa.Column("last_seen", types.UtcTime(), nullable=False),
        sa.Column("clock_skew_s", sa.Double(), nullable=True),
        sa.Column("agent_version", sa.Text(), nullable=True),
        sa.Column("hello_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("machine_id", name=op.f("pk_machines")),
    )
    op.create_table(
        "hardware_profiles",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hw_gpu_vendor", sa.Text(), nullable=True),
        sa.Column("hw_gpu_model", sa.Text(), nullable=True),
        sa.Column("hw_gpu_driver_version", sa.Text(), nullable=True),
        sa.Column("hw_gpu_memory", sa.BigInteger(), nullable=True),
        sa.Column("hw_cpu_model", sa.Text(), nullable=True),
        sa.Column("host_memory", sa.BigInteger(), nullable=True),
        sa.Column("os_type", sa.Text(), nullable=True),
        sa.Column("os_version", sa.Text(), nullable=True),
        sa.Column("browser_name", sa.Text(), nullable=True),
        sa.Column("browser_version", sa.Text(), nullable=True),
        sa.Column("attributes", types.Json(), nullable=True),
        sa.Column("document", types.Json(), nullable=True),
        sa.Column("first_seen", types.UtcTime(), nullable=False),
        sa.Column("last_seen", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine_id"],
            ["machines.machine_id"],
            name=op.f("fk_hardware_profiles_machines"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("machine_id", "digest", name=op.f("pk_hardware_profiles")),
    )
    op.create_table(
        "runs",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("started_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=True),
        sa.Column("parent_run_id", types.Id(), nullable=True),
        sa.Column("agent_version", sa.Text(), nullable=True),
        sa.Column("engine_requested", sa.Text(), nullable=True),
        sa.Column("model_requested", sa.Text(), nullable=True),
        sa.Column("device_requested", sa.Text(), nullable=True),
        sa.Column("max_tokens", sa.Integer(), nullable=True),
        sa.Column("temperature", sa.Double(), nullable=True),
        sa.Column("labels", types.Json(), nullable=True),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("profile_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("profile_digest", sa.String(length=64), nullable=True),
        sa.Column("engine_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("engine_name", sa.Text(), nullable=True),
        sa.Column("engine_version", sa.Text(), nullable=True),
        sa.Column("engine_device", sa.Text(), nullable=True),
        sa.Column("engine_attributes", types.Json(), nullable=True),
        sa.Column("model_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=True),
        sa.Column("model_source", sa.Text(), nullable=True),
        sa.Column("model_bytes", sa.BigInteger(), nullable=True),
        sa.Column("model_attributes", types.Json(), nullable=True),
        sa.Column("generation_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("generated_text", sa.Text(), nullable=True),
        sa.Column("token_ids", types.Json(), nullable=True),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=True),
        sa.Column("completion_tokens", sa.BigInteger(), nullable=True),
        sa.Column("ttft_s", sa.Double(), nullable=True),
        sa.Column("tokens_per_s", sa.Double(), nullable=True),
        sa.Column("prefill_tokens_per_s", sa.Double(), nullable=True),
        sa.Column("finish_reason", sa.Text(), nullable=True),
        sa.Column("numeric_status", sa.String(length=16), nullable=True),
        sa.Column("numeric_agreement", sa.Double(), nullable=True),
        sa.Column("numeric_nonfinite", sa.BigInteger(), nullable=True),
        sa.Column("numeric_min_margin", sa.Double(), nullable=True),
        sa.Column("numeric_reason", sa.Text(), nullable=True),
        sa.Column("ended_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("events_expected", sa.BigInteger(), nullable=True),
        sa.Column("events_received", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("chunks_received", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shed_chunks", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shed_events", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("shed_bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_event_at", types.UtcTime(), nullable=True),
        sa.Column("last_received_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine_id"], ["machines.machine_id"], name=op.f("fk_runs_machines"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("machine_id", "run_id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_run_id"), "runs", ["run_id"], unique=False)
    op.create_index(op.f("ix_runs_started_at"), "runs", ["started_at"], unique=False)
    op.create_table(
        "failures",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("event_seq", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=True),
        sa.Column("category", sa.String(length=48), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("retryable", sa.Boolean(), nullable=False),
        sa.Column("candidates", types.Json(), nullable=False),
        sa.Column("remedies", types.Json(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("agent_category", sa.String(length=48), nullable=False),
        sa.Column("agent_confidence", sa.Double(), nullable=True),
        sa.Column("agent_signature", sa.Text(), nullable=False),
        sa.Column("agent_verdict", types.Json(), nullable=False),
        sa.Column("agent_rules_version", sa.Text(), nullable=False),
        sa.Column("evidence", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["machine_id", "run_id"],
            ["runs.machine_id", "runs.run_id"],
            name=op.f("fk_failures_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("machine_id", "run_id", name=op.f("pk_failures")),
    )
    op.create_index(op.f("ix_failures_category"), "failures", ["category"], unique=False)
    op.create_index(op.f("ix_failures_signature"), "failures", ["signature"], unique=False)
    op.create_table(
        "phases",
        sa.Column("machine_id", types.Id(), nullable=False),
        sa.Column("run_id", types.Id(), nullable=False),
        sa.Column("phase", sa.String(length=16), nullable=False),
        sa.Column("precedence", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attributes", types.Json(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("spans", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("spans_nano", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("first_start_s", sa.Double(), nullable=True),
        sa.Column("last_end_s", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["machine_id", "run_id"],
            ["runs.machine_id", "runs.run_id"],
            name=op.f("fk_phases_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("machine_id", "run_id", "phase", name=op.f("pk_phases")),
    )


def downgrade() -> None:
    """Drop the tables, and all that is in them."""
    for name in (
        "failures",
        "phases",
        "runs",
        "hardware_profiles",
        "machines",
        "http_exchanges",
        "event_chunks",
    ):
        op.drop_table(name)
