"""What the outbox is asked for and answers with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class OutboxError(Exception):
    """The outbox cannot be used. Its text says what happened, to which file, and what to do."""


class OutboxDamaged(OutboxError):
    """The file is no longer a database, or not a whole one; it can be salvaged."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A chunk that waits to be sent."""

    id: int
    run_id: bytes
    chunk_seq: int
    chunk: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A chunk that the collector refused for good."""

    run_id: bytes
    chunk_seq: int
    size: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shed:
    """Detail of one run that was let go of because the outbox was full."""

    first_chunk_seq: int
    last_chunk_seq: int
    chunks: int
    events: int
    bytes: int


@dataclass(frozen=True, slots=True)
class DeadRun:
    """A run whose supervisor died before it could end it."""

    run_id: bytes
    machine_id: bytes
    started_unix_nano: int
    phase: str
    event_seq: int


@dataclass(frozen=True, slots=True)
class Status:
    """What the outbox holds."""

    path: Path
    max_bytes: int
    pending_chunks: int
    pending_bytes: int
    pending_runs: int
    refused_chunks: int
    refused_bytes: int
    shed_chunks: int
    shed_events: int
    corrupt_chunks: int
    """Whose checksum did not hold any more."""
    salvages: int
    """How often a damaged file was moved aside; it lies beside the outbox."""
