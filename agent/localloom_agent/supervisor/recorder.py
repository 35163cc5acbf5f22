"""The one way into the outbox: numbers events, gathers them into chunks, and keeps the chunks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from localloom.fleet.v1 import event_pb2
from localloom_agent.outbox import Outbox, OutboxError
from localloom_agent.outbox.chunks import Body, bodies
from localloom_agent.outbox.shedding import shed_event

from .events import DETAIL

FLUSH_S = 0.3
"""A few times a second for outcomes, which also go at every phase boundary."""

DETAIL_FLUSH_S = 1.0
"""Detail can wait a little: fewer, larger chunks cost the collector less."""

HELD_DETAIL_EVENTS = 5000
"""Detail that is held in memory while the disk refuses; beyond this the oldest is dropped."""


@dataclass(slots=True)
class Recorder:
    """Records one run. With no outbox (no collector was named) events are numbered and forgotten."""

    outbox: Outbox | None
    run_id: bytes
    started_mono: int
    events: int = 0
    trouble: str = ""
    """Why chunks could not be kept, while that is so."""
    lost_detail: int = 0
    _outcomes: list[event_pb2.Event] = field(default_factory=list)
    _details: list[event_pb2.Event] = field(default_factory=list)
    _flushed_at: float = field(default_factory=time.monotonic)
    _details_flushed_at: float = field(default_factory=time.monotonic)

    def add(self, event: event_pb2.Event, *, mono: int | None = None, wall: int | None = None) -> None:
        """Number an event and hold it for the next chunk. Clocks in nanoseconds; now, where not given."""
        self.events += 1
        event.seq = self.events
        event.time_unix_nano = wall if wall is not None else time.time_ns()
        event.elapsed_nano = max(0, (mono if mono is not None else time.monotonic_ns()) - self.started_mono)
        if self.outbox is None:
            return
        held = self._details if event.WhichOneof("payload") in DETAIL else self._outcomes
        held.append(event)

    def due(self) -> bool:
        """Whether it is time to flush."""
        return time.monotonic() - self._flushed_at >= FLUSH_S

    def flush(self, phase: str | None = None, *, close: bool = False) -> None:
        """Keep what is held. A disk that refuses is noted in `trouble`, and tried again at the next flush."""
        now = self._flushed_at = time.monotonic()
        if self.outbox is None:
            return
        details = close or now - self._details_flushed_at >= DETAIL_FLUSH_S
        try:
            shed = self.outbox.take_shed(self.run_id)
            if shed is not None:
                self.add(shed_event(shed))
            made: list[Body] = bodies(self._outcomes, detail=False)
            if details:
                made += bodies(self._details, detail=True)
            if made or close:
                self.outbox.append(self.run_id, made, phase, close=close)
            self._outcomes.clear()
            if details:
                self._details.clear()
                self._details_flushed_at = now
            self.trouble = ""
        except OutboxError as error:
            self.trouble = str(error)
            over = len(self._details) - HELD_DETAIL_EVENTS
            if over > 0:
                del self._details[:over]
                self.lost_detail += over
