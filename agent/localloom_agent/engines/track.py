"""Where the engine is: one span is open at a time, whichever thread moves on, so a failure belongs to one phase."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from localloom_agent.engines.interface import Observer, Span
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Phase


@dataclass(frozen=True, slots=True)
class Place:
    """A phase, and what is done there."""

    phase: Phase
    name: str


class Track:
    """Moves from span to span. The engine's phases interleave: a place may be come back to."""

    def __init__(self, observer: Observer) -> None:
        """Report to `observer`; no span is open yet."""
        self.observer = observer
        self.visited: set[Phase] = set()
        self.streaming = False
        """The answer has begun to come: its pieces are the progress from here on."""
        self._lock = threading.RLock()
        self._place: Place | None = None
        self._context: AbstractContextManager[Span] | None = None
        self._span: Span | None = None

    @property
    def place(self) -> Place | None:
        """Where it is now."""
        return self._place

    def enter(self, place: Place, **attributes: FactValue | None) -> Span:
        """Close what is open as passed, and open a span for `place`; stay where it is that already."""
        with self._lock:
            if self._span is not None and place == self._place:
                self._span.set(**attributes)
                return self._span
            self.close()
            self._context = self.observer.span(place.phase, place.name, **attributes)
            self._span = self._context.__enter__()
            self._place = place
            self.visited.add(place.phase)
            return self._span

    def set(self, **attributes: FactValue | None) -> None:
        """Attach what the work found to the span that is open."""
        with self._lock:
            if self._span is not None:
                self._span.set(**attributes)

    def close(self, error: BaseException | None = None) -> None:
        """Close what is open: as failed where there is an error, else as passed."""
        with self._lock:
            context, self._context, self._span = self._context, None, None
            if context is None:
                return
            if error is None:
                context.__exit__(None, None, None)
                return
            try:
                context.__exit__(type(error), error, error.__traceback__)
            except BaseException as same:
                if same is not error:
                    raise

    @contextmanager
    def stage(self, place: Place, after: Place | None = None) -> Iterator[Span]:
        """Be at `place` for a while, then at `after`, or where it came from.

        Where the work fails nothing moves: what is open then is what failed.
        """
        came_from = self._place
        span = self.enter(place)
        yield span
        following = after or came_from
        if following is not None:
            self.enter(following)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Close the open span as failed with whatever error leaves the block."""
        try:
            yield
        except BaseException:
            self.close(sys.exc_info()[1])
            raise
        self.close()
