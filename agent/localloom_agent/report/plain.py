"""The view for pipes and logs: one line a step, on standard error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from localloom_agent.supervisor.record import NANO, RunRecord

from .figures import amount, seconds

PROGRESS_EVERY_S = 10.0
"""A long phase says how far it is this often."""


class PlainView:
    """Writes a line when a span ends, a phase is skipped, or a long phase has something to say."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to `stream`."""
        self._stream = stream
        self._said_at: dict[str, int] = {}

    def update(self, record: RunRecord, frame: Mapping[str, Any] | None) -> None:
        """Take one frame."""
        if frame is None:
            return
        kind = frame["t"]
        if kind == "span_end":
            took = seconds(max(0, frame["mono"] - frame["started"]) / NANO)
            reason = f"  {frame['reason']}" if frame["reason"] else ""
            self._line(f"{frame['phase']:<9}  {frame['status']:<7} {took:>9}  {frame['name']}{reason}")
        elif kind == "skip":
            self._line(f"{frame['phase']:<9}  skipped            {frame['reason']}")
        elif kind == "progress":
            now, said = frame["mono"], self._said_at.setdefault(frame["phase"], record.started_mono)
            if now - said > PROGRESS_EVERY_S * NANO:
                self._said_at[frame["phase"]] = now
                self._line(
                    f"{frame['phase']:<9}  …                  {amount(frame['done'], frame['total'], frame['unit'])}"
                )

    def _line(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is held."""
