"""What one chunk comes to, ready for the tables: the writer's input.

Those made by the dozen a chunk are named tuples: a frozen dataclass takes three to five times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

#: Values of one row, by column.
Row = Mapping[str, Any]


class ChunkKey(NamedTuple):
    """What makes a chunk the same chunk."""

    machine_id: UUID
    run_id: UUID
    chunk_seq: int

    def __hash__(self) -> int:
        # A run's id alone tells nearly all apart; UUIDs hash in Python, and a key is hashed often.
        return hash(self.run_id.int + self.chunk_seq)

    @property
    def run(self) -> tuple[UUID, UUID]:
        """The key of its run."""
        return (self.machine_id, self.run_id)


class Facet(NamedTuple):
    """One group of a run's columns (see `schema.RUN_FACETS`) and the event it was taken from."""

    seq: int
    """Number of the event in its run; of two facets of one kind, the higher one holds."""
    values: Row


class PhaseAccount(NamedTuple):
    """What one chunk, or several together, say of a phase. Times in seconds since the run started."""

    phase: str
    precedence: int
    """Of two accounts, the status, reason, attributes and duration of the higher one hold."""
    status: str
    reason: str | None = None
    attributes: Row | None = None
    duration_s: float | None = None
    spans: int = 0
    spans_nano: int = 0
    """Whole nanoseconds: sums of fractions would depend on their order."""
    first_start_s: float | None = None
    last_end_s: float | None = None


_NO_FACETS: Mapping[str, Facet] = MappingProxyType({})


class ChunkRows(NamedTuple):
    """All that is derived from one chunk. Nothing in it depends on any other chunk."""

    key: ChunkKey
    started_at: datetime
    received_at: datetime
    raw_bytes: int
    chunk: Row
    """Its row in `event_chunks`."""
    events: int
    last_event_at: datetime | None = None
    facets: Mapping[str, Facet] = _NO_FACETS
    shed: tuple[int, int, int] = (0, 0, 0)
    """Chunks, events and bytes that the agent let go of."""
    profile: Row | None = None
    phases: Sequence[PhaseAccount] = ()
    failure: Row | None = None
    exchanges: Sequence[Row] = ()
    start_clamped: bool = False
    """`started_at` is not the time in run_id, which cannot be that of a run."""
    start_unsure: bool = False
    """Another collector may see another start: the run's row, once there is one, decides."""

    def on(self, day: date) -> ChunkRows:
        """The same, in the partition of another day."""
        if self.chunk["start_day"] == day:
            return self
        exchanges = tuple({**row, "start_day": day} for row in self.exchanges)
        return self._replace(chunk={**self.chunk, "start_day": day}, exchanges=exchanges)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A machine said hello."""

    machine_id: UUID
    at: datetime
    agent_version: str
    clock_skew_s: float
    """The collector's clock minus the machine's."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A chunk that was refused for good, as its machine sent it."""

    machine_id: UUID
    run_id: str
    """In hexadecimal; it need not be an id."""
    chunk_seq: str
    received_at: datetime
    code: str
    reason: str
    chunk: bytes
    """The message, serialised, as much of it as is kept."""


@dataclass(frozen=True, slots=True)
class Asides:
    """What is to be written beside chunks."""

    sightings: Sequence[Sighting] = ()
    letters: Sequence[Letter] = ()
    refused: Mapping[UUID, int] = field(default_factory=dict)
    """Chunks refused for good, by machine, those of the letters included."""

    def __bool__(self) -> bool:
        return bool(self.sightings or self.letters or self.refused)


class Fate(Enum):
    """What became of a chunk that was not refused."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    """It was stored before, or twice in one group."""
    EXPIRED = "expired"
    """It is older than what is kept, or was kept and has been pruned."""
