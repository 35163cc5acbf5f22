"""The view for a terminal: a bar a phase, with bytes and rates, redrawn in place."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from localloom_agent.supervisor.record import NANO, PhaseState, RunRecord
from localloom_diagnosis.taxonomy import Phase, PhaseStatus

from .figures import amount, seconds, size

REDRAW_S = 0.1
OTHER_COLUMNS = 46
"""Mark, phase, bar and time with the blanks between them: what is left of the width tells the rest."""

MARKS = {
    PhaseStatus.PASSED: ("✓", "green"),
    PhaseStatus.FAILED: ("✗", "bold red"),
    PhaseStatus.SKIPPED: ("–", "dim"),
}


class LiveView:
    """Redraws a table of the eight phases, at most every REDRAW_S, from the thread that reports."""

    def __init__(self, console: Console) -> None:
        """Draw on `console` from now until `close`."""
        self._console = console
        self._spinner = Spinner("dots")
        self._live = Live(console=console, auto_refresh=False, transient=False)
        self._live.start()
        self._drawn_at = 0.0
        self._first: dict[Phase, tuple[float, float]] = {}
        self._text = ""

    def update(self, record: RunRecord, frame: Mapping[str, Any] | None) -> None:
        """Take one frame, and redraw if it is time."""
        now = time.monotonic()
        if frame is not None and frame["t"] == "progress":
            self._first.setdefault(Phase(frame["phase"]), (now, frame["done"]))
            if frame["phase"] == Phase.GENERATE.value:
                self._text += frame["text"]
        if now - self._drawn_at >= REDRAW_S or record.outcome is not None:
            self._drawn_at = now
            self._live.update(self._table(record, now), refresh=True)

    def _table(self, record: RunRecord, now: float) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(width=9)
        table.add_column(width=20)
        table.add_column(justify="right", width=11)
        table.add_column(width=max(8, self._console.width - OTHER_COLUMNS), no_wrap=True, overflow="ellipsis")
        open_phases = {span.phase for span in record.spans.values()}
        for phase, state in record.phases.items():
            running = phase in open_phases and state.status is not PhaseStatus.FAILED
            table.add_row(
                self._mark(state, running=running, now=now),
                Text(phase.value, style="" if running or state.status else "dim"),
                self._bar(state, running=running, now=now),
                self._time(record, state),
                Text(self._detail(state, running=running, now=now)),
            )
        return table

    def _mark(self, state: PhaseState, *, running: bool, now: float) -> Any:
        if running:
            return self._spinner.render(now)
        mark, style = MARKS[state.status] if state.status else (" ", "")
        return Text(mark, style=style)

    @staticmethod
    def _bar(state: PhaseState, *, running: bool, now: float) -> Any:
        style = "red" if state.status is PhaseStatus.FAILED else "green"
        if state.status is PhaseStatus.SKIPPED or not (running or state.status):
            return Text("")
        progress = state.progress
        if running and progress and progress["total"]:
            return ProgressBar(total=progress["total"], completed=progress["done"], width=20)
        if running:
            return ProgressBar(total=None, pulse=True, width=20, animation_time=now)
        return ProgressBar(total=1, completed=1, width=20, finished_style=style, complete_style=style)

    @staticmethod
    def _time(record: RunRecord, state: PhaseState) -> Text:
        nano = state.duration_nano
        for span in record.spans.values():
            if span.phase is state.phase:
                nano += max(0, time.monotonic_ns() - record.started_mono - span.started_nano)
        return Text(seconds(nano / NANO) if nano else "")

    def _detail(self, state: PhaseState, *, running: bool, now: float) -> str:
        if state.reason:
            return state.reason
        if state.phase is Phase.GENERATE and self._text:
            return "“" + self._text.replace("\n", " ")
        progress = state.progress
        if not progress:
            return ""
        text = amount(progress["done"], progress["total"], progress["unit"])
        started, first = self._first.get(state.phase, (now, 0.0))
        if running and progress["unit"] == "bytes" and now - started > 0.5:
            text += f", {size((progress['done'] - first) / (now - started))}/s"
        return text

    def close(self) -> None:
        """Leave the last drawing on the screen."""
        self._live.stop()
