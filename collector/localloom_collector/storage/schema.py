"""The tables: what a fleet's runs come to, one schema for SQLite and PostgreSQL.

Every fact carries `machine_id` first in its key, so that tables can be distributed by machine. `start_day` follows
from `run_id`; it stands in the keys of the two bulky tables because a partitioned table demands its partition's
column there, and adds nothing to what the key means. The three tables at the end hold no facts of machines.
What is said to one kind of database only stands in storage/dialects.py.
Times are UTC, durations seconds, sizes bytes.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from .types import Id, Int64, Json, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

ZERO = text("0")

#: What pruned runs are counted by; null where a run has none.
PRUNED_GROUPS = (
    "purpose",
    "outcome",
    "engine",
    "engine_version",
    "model",
    "os_type",
    "hw_gpu_vendor",
    "hw_gpu_model",
    "hw_gpu_driver_version",
    "phase",
    "category",
    "signature",
    "rules_version",
)

#: Columns of `hardware_kinds`, and of the profile they are taken from.
HARDWARE = (
    "hw_gpu_vendor",
    "hw_gpu_model",
    "hw_gpu_architecture",
    "hw_gpu_driver_version",
    "hw_gpu_memory",
    "hw_cpu_model",
    "hw_cpu_features",
    "host_memory",
    "os_type",
    "os_version",
    "browser_name",
    "browser_version",
)

#: Those that are bytes.
HARDWARE_SIZES = ("hw_gpu_memory", "host_memory")

#: Columns of `setups`.
SETUP = ("engine", "engine_version", "model", "agent_version")

#: Columns of `verdicts`.
VERDICT = ("phase", "category", "signature")

machines = Table(
    "machines",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    # The collector's clock minus the machine's, at the latest hello: positive where the machine is behind.
    Column("clock_skew_s", Double),
    Column("agent_version", Text),
    Column("hello_at", UtcTime),
    # Chunks that were older than what is kept, and chunks refused for good.
    Column("expired_chunks", Int64, nullable=False, server_default=ZERO),
    Column("refused_chunks", Int64, nullable=False, server_default=ZERO),
    Column("hardware", Int64),  # the kind of its latest profile, in hardware_kinds
)

hardware_profiles = Table(
    "hardware_profiles",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("digest", String(64), primary_key=True),  # SHA-256, in hexadecimal
    Column("hw_gpu_vendor", Text),
    Column("hw_gpu_model", Text),
    Column("hw_gpu_architecture", Text),
    Column("hw_gpu_driver_version", Text),
    Column("hw_gpu_memory", Int64),
    Column("hw_cpu_model", Text),
    Column("hw_cpu_features", Text),
    Column("host_memory", Int64),
    Column("os_type", Text),
    Column("os_version", Text),
    Column("browser_name", Text),
    Column("browser_version", Text),
    Column("hardware", Int64),  # its kind, in hardware_kinds
    Column("attributes", Json()),  # all of them, the ones above too
    Column("document", Json()),
    Column("first_seen", UtcTime, nullable=False),  # by the machine's clock
    Column("last_seen", UtcTime, nullable=False),
    ForeignKeyConstraint(["machine_id"], ["machines.machine_id"], ondelete="CASCADE"),
)

runs = Table(
    "runs",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    # The time in run_id; where that is no time a run can have, when the run's first chunk came. Fixed by the first
    # chunk, and `start_day` with it: later chunks and replays take it from here.
    Column("started_at", UtcTime, nullable=False),
    Column("start_day", Date, nullable=False),
    Column("start_clamped", Boolean, nullable=False, server_default=false()),
    # Each group of columns below comes from one kind of event; `*_seq` is the number of the event it was taken from,
    # 0 where none came yet. The highest number wins, so the order in which chunks arrive does not matter.
    Column("started_seq", Int64, nullable=False, server_default=ZERO),
    Column("purpose", String(16)),
    Column("parent_run_id", Id),
    Column("agent_version", Text),
    Column("engine_requested", Text),
    Column("model_requested", Text),
    Column("device_requested", Text),
    Column("max_tokens", Integer),
    Column("temperature", Double),
    Column("labels", Json()),
    Column("prompt", Text),
    Column("profile_seq", Int64, nullable=False, server_default=ZERO),
    Column("profile_digest", String(64)),
    Column("engine_seq", Int64, nullable=False, server_default=ZERO),
    Column("engine_name", Text),
    Column("engine_version", Text),
    Column("engine_device", Text),
    Column("engine_attributes", Json()),
    Column("model_seq", Int64, nullable=False, server_default=ZERO),
    Column("model_id", Text),
    Column("model_source", Text),
    Column("model_bytes", Int64),
    Column("model_attributes", Json()),
    Column("generation_seq", Int64, nullable=False, server_default=ZERO),
    Column("generated_text", Text),
    Column("token_ids", Json()),
    Column("prompt_tokens", Int64),
    Column("completion_tokens", Int64),
    Column("ttft_s", Double),
    Column("tokens_per_s", Double),
    Column("prefill_tokens_per_s", Double),
    Column("finish_reason", Text),
    Column("numeric_status", String(16)),
    Column("numeric_agreement", Double),
    Column("numeric_nonfinite", Int64),
    Column("numeric_min_margin", Double),
    Column("numeric_reason", Text),
    Column("ended_seq", Int64, nullable=False, server_default=ZERO),
    Column("outcome", String(16)),  # null until the run's last event came
    Column("duration_s", Double),
    Column("events_expected", Int64),
    # Sums over the chunks that were stored.
    Column("events_received", Int64, nullable=False, server_default=ZERO),
    Column("chunks_received", Int64, nullable=False, server_default=ZERO),
    Column("shed_chunks", Int64, nullable=False, server_default=ZERO),
    Column("shed_events", Int64, nullable=False, server_default=ZERO),
    Column("shed_bytes", Int64, nullable=False, server_default=ZERO),
    Column("last_event_at", UtcTime),  # by the machine's clock
    Column("last_received_at", UtcTime, nullable=False),
    # Numbers of the chunks received, "1-5 7", once the chunks themselves have been pruned; see storage/ranges.py.
    Column("received_chunks", Text),
    ForeignKeyConstraint(["machine_id"], ["machines.machine_id"], ondelete="CASCADE"),
    Index(None, "started_at"),
    Index(None, "run_id"),
    # Of the unended only, by storage/dialects.py: few at any time; reports say how many there are.
    Index("ix_runs_unended", "started_at"),
)

phases = Table(
    "phases",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("phase", String(16), primary_key=True),
    # Which account of the phase the next four columns come from; the highest wins. See ingest/phases.py.
    Column("precedence", Int64, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reason", Text),
    Column("attributes", Json()),
    Column("duration_s", Double),  # null until the run's last event says it
    # From the spans that ended: what the phase took as far as is known.
    Column("spans", Int64, nullable=False, server_default=ZERO),
    Column("spans_nano", Int64, nullable=False, server_default=ZERO),
    Column("first_start_s", Double),
    Column("last_end_s", Double),
    ForeignKeyConstraint(["machine_id", "run_id"], ["runs.machine_id", "runs.run_id"], ondelete="CASCADE"),
)

failures = Table(
    "failures",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("event_seq", Int64, nullable=False),  # the highest wins: the agent's last word on its run
    Column("phase", String(16)),
    # The collector's verdict, which reports use.
    Column("category", String(48), nullable=False),
    Column("confidence", Double, nullable=False),
    Column("signature", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("retryable", Boolean, nullable=False),
    Column("candidates", Json(), nullable=False),
    Column("remedies", Json(), nullable=False),
    Column(
        "rules_version", Text
    ),  # null where the collector could not judge and took over the agent's verdict
    Column("note", Text),
    # The agent's verdict.
    Column("agent_category", String(48), nullable=False),
    Column("agent_confidence", Double),
    Column("agent_signature", Text, nullable=False),
    Column("agent_verdict", Json(), nullable=False),
    Column("agent_rules_version", Text, nullable=False),
    Column("evidence", Json(), nullable=False),
    ForeignKeyConstraint(["machine_id", "run_id"], ["runs.machine_id", "runs.run_id"], ondelete="CASCADE"),
    Index(None, "category"),
    Index(None, "signature"),
)

http_exchanges = Table(
    "http_exchanges",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("event_seq", Int64, primary_key=True, autoincrement=False),
    Column("start_day", Date, primary_key=True),
    Column("phase", String(16)),
    Column("at", UtcTime, nullable=False),  # by the machine's clock
    Column("method", Text),
    Column("url", Text),
    Column("status", Integer),  # null where no response came
    Column("received_bytes", Int64),
    Column("duration_s", Double),
    Column("ttfb_s", Double),
    Column("error", Text),
)

event_chunks = Table(
    "event_chunks",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("chunk_seq", Int64, primary_key=True, autoincrement=False),
    Column("start_day", Date, primary_key=True),
    Column("kind", String(8), nullable=False),  # outcome | detail
    Column("compression", String(8), nullable=False),  # none | zlib
    Column("event_count", Integer, nullable=False),
    Column("raw_bytes", Integer, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("first_event_at", UtcTime),  # by the machine's clock
    Column("last_event_at", UtcTime),
    Column("body", LargeBinary, nullable=False),  # as it came
)

# What reports count by. A number here is a hash of what it stands for (storage/kinds.py), so that rows in any order,
# from any collector, get the same one. Rows are never changed, and stay when what referred to them is pruned.

#: All that a profile says, as far as reports group by it; memory in whole GiB.
hardware_kinds = Table(
    "hardware_kinds",
    metadata,
    Column("hardware", Int64, primary_key=True, autoincrement=False),
    *(Column(name, Int64 if name in HARDWARE_SIZES else Text) for name in HARDWARE),
)

#: What ran.
setups = Table(
    "setups",
    metadata,
    Column("setup", Int64, primary_key=True, autoincrement=False),
    *(Column(name, Text) for name in SETUP),
)

#: How a run failed, by the collector's verdict; nulls for a run that failed and said nothing.
verdicts = Table(
    "verdicts",
    metadata,
    Column("verdict", Int64, primary_key=True, autoincrement=False),
    *(Column(name, Text) for name in VERDICT),
)

label_sets = Table(
    "label_sets",
    metadata,
    Column("label_set", Int64, primary_key=True, autoincrement=False),
    Column("labels", Json(), nullable=False),
)

#: A narrow row for each primary run that has ended by itself: what reports on failures read.
counted_runs = Table(
    "counted_runs",
    metadata,
    Column("machine_id", Id, primary_key=True),
    Column("run_id", Id, primary_key=True),
    Column("started_at", UtcTime, nullable=False),
    Column("day", Integer, nullable=False),  # that it started on, counted from 1970-01-01
    Column("hardware", Int64, nullable=False),
    Column("setup", Int64, nullable=False),
    Column("verdict", Int64),  # null: it passed
    Column("label_set", Int64),  # null: it has none
    Index(None, "started_at"),
    # All that a report on failures needs of a failed run, so that it reads nothing but this. Of the failed only, by
    # storage/dialects.py.
    Index("ix_counted_runs_failed", "started_at", "hardware", "setup", "verdict", "label_set", "machine_id"),
)

#: Days that counts are kept over. A window of n days is then about 6 + n/16 spans, whatever day it begins on.
SPANS = (1, 4, 16)

#: Rows of `counted_runs`, counted over spans of so many days, so that a window of any length is a few spans.
run_counts = Table(
    "run_counts",
    metadata,
    Column("span", Integer, primary_key=True, autoincrement=False),  # days
    Column("day", Integer, primary_key=True, autoincrement=False),  # its first, a multiple of the span
    Column("hardware", Int64, primary_key=True, autoincrement=False),
    Column("setup", Int64, primary_key=True, autoincrement=False),
    Column("runs", Int64, nullable=False),
)

#: Chunks refused for good, for a person to look at; a sample, since `machines.refused_chunks` counts them all.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("machine_id", Id, primary_key=True),  # the machine that sent it, by its hello
    Column("run_id", String(64), primary_key=True),  # as it came, in hexadecimal: it need not be an id
    Column("chunk_seq", String(20), primary_key=True),  # likewise
    Column("received_at", UtcTime, nullable=False),
    Column("code", String(24), nullable=False),
    Column("reason", Text, nullable=False),
    Column("chunk", LargeBinary, nullable=False),  # the message as it came
)

#: One row: what has been pruned.
retention = Table(
    "retention",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("runs_before", Date),  # runs that started before this day are gone
    Column("timeline_before", Date),  # their chunks are gone
)

#: What pruned days came to: written once, when a day is pruned, and never changed.
pruned_runs = Table(
    "pruned_runs",
    metadata,
    Column("start_day", Date, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # of the group in its day
    *(Column(name, Text) for name in PRUNED_GROUPS),
    Column("runs", Int64, nullable=False),
    Column("machines", Int64, nullable=False),  # different ones, in this group
)

#: Who may send, where the server asks for it.
tokens = Table(
    "tokens",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256 of the token, in hexadecimal
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

#: The groups of columns of `runs`, by the kind of event that fills them.
RUN_FACETS: dict[str, tuple[str, ...]] = {
    "started": (
        "purpose",
        "parent_run_id",
        "agent_version",
        "engine_requested",
        "model_requested",
        "device_requested",
        "max_tokens",
        "temperature",
        "labels",
        "prompt",
    ),
    "profile": ("profile_digest",),
    "engine": ("engine_name", "engine_version", "engine_device", "engine_attributes"),
    "model": ("model_id", "model_source", "model_bytes", "model_attributes"),
    "generation": (
        "generated_text",
        "token_ids",
        "prompt_tokens",
        "completion_tokens",
        "ttft_s",
        "tokens_per_s",
        "prefill_tokens_per_s",
        "finish_reason",
        "numeric_status",
        "numeric_agreement",
        "numeric_nonfinite",
        "numeric_min_margin",
        "numeric_reason",
    ),
    "ended": ("outcome", "duration_s", "events_expected"),
}

#: Columns of `runs` that add up over chunks.
RUN_SUMS = ("events_received", "chunks_received", "shed_chunks", "shed_events", "shed_bytes")
