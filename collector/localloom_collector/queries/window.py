"""A window of time as the sums that lie in it, and the rows at its edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select, true, union_all

from localloom_collector.storage.kinds import day_number
from localloom_collector.storage.schema import SPANS, counted_runs, run_counts

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Runs that started since then and before then; None for no bound."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, column: ColumnElement[datetime]) -> ColumnElement[bool]:
        """Whether a time lies in it, as SQL."""
        clauses: list[ColumnElement[bool]] = [true()]
        if self.since is not None:
            clauses.append(column >= self.since)
        if self.until is not None:
            clauses.append(column < self.until)
        return and_(*clauses)

    def counts(self, connection: Connection) -> Select[tuple[int, int, int]]:
        """Columns `hardware`, `setup`, `runs`: what was counted in it; several rows of one kind are to be added up."""
        day = run_counts.c.day
        known = connection.execute(
            select(func.min(day), func.max(day)).where(run_counts.c.span == SPANS[-1])
        ).one()
        names = ("hardware", "setup", "runs")
        parts: list[Select[tuple[int, int, int]]] = []
        edges: list[ColumnElement[bool]] = []
        if known[0] is not None:
            first, end = known[0], known[1] + SPANS[-1]
            if self.since is not None:
                begin = _midnight_after(self.since)
                first = max(first, day_number(begin.date()))
                edges += _edge(self.since, min(begin, self.until or begin))
            if self.until is not None:
                last = _midnight_before(self.until)
                end = min(end, day_number(last.date()))
                if self.since is None or last >= _midnight_after(self.since):
                    edges += _edge(last, self.until)
            parts += [
                select(*(run_counts.c[name] for name in names)).where(
                    run_counts.c.span == span, day >= start, day < stop
                )
                for span, start, stop in spans(first, end)
            ]
        if edges:
            rows = counted_runs.c
            parts.append(select(rows.hardware, rows.setup, literal(1).label("runs")).where(or_(*edges)))
        if not parts:
            parts.append(select(*(run_counts.c[name] for name in names)).where(run_counts.c.span == 0))
        return select(union_all(*parts).subquery("counted"))


def spans(first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Whole days, the last excluded, as the fewest runs of spans: span, its first day, the day after its last."""
    day = first
    while day < end:
        span = max(s for s in SPANS if day % s == 0 and day + s <= end)
        stop = day + span
        # A longer span takes over where one begins and fits.
        while stop + span <= end and not any(s > span and stop % s == 0 and stop + s <= end for s in SPANS):
            stop += span
        yield span, day, stop
        day = stop


def _edge(begin: datetime, end: datetime) -> list[ColumnElement[bool]]:
    at = counted_runs.c.started_at
    return [and_(at >= begin, at < end)] if begin < end else []


def _midnight_before(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(timezone.utc).date(), time(), timezone.utc)


def _midnight_after(moment: datetime) -> datetime:
    before = _midnight_before(moment)
    return before if before == moment else before + _DAY
