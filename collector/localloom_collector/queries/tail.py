"""What happens in runs, told as it is written: the difference between what was known of a run and what is."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, func, literal_column, select

from localloom_collector.faults import DatabaseFault
from localloom_collector.storage.announce import CHANNEL, named
from localloom_collector.storage.schema import event_chunks, failures, phases, runs
from localloom_diagnosis import Phase

from .attributes import KNOWN, Condition
from .runs import iso
from .source import RUNS

#: Runs that are remembered; those heard from longest ago are forgotten first.
_REMEMBERED = 20_000
#: Seconds between two looks at a database that does not call.
PAUSE = 0.5
#: Runs that one look asks for.
_AT_ONCE = 500

_ROWID = literal_column("event_chunks.rowid", Integer)

_ORDER = {phase.value: phase.order for phase in Phase}


@dataclass(slots=True)
class Known:
    """What has been told of a run."""

    phases: set[str] = field(default_factory=set)
    failed: bool = False
    ended: bool = False


@dataclass(slots=True)
class Follower:
    """Remembers what it told, and tells the rest."""

    where: Sequence[Condition] = ()
    known: OrderedDict[UUID, Known] = field(default_factory=OrderedDict)

    def look(self, connection: Connection, changed: Sequence[UUID]) -> list[dict[str, Any]]:
        """What is new in these runs, in the order in which they started."""
        found: list[dict[str, Any]] = []
        for at in range(0, len(changed), _AT_ONCE):
            found += self._look(connection, changed[at : at + _AT_ONCE])
        while len(self.known) > _REMEMBERED:
            self.known.popitem(last=False)
        return found

    def _look(self, connection: Connection, changed: Sequence[UUID]) -> Iterator[dict[str, Any]]:
        rows = connection.execute(
            select(
                runs.c.machine_id, runs.c.run_id, runs.c.started_at, runs.c.purpose, runs.c.outcome, runs.c.duration_s,
                runs.c.last_event_at, KNOWN["engine"].column.label("engine"), KNOWN["model"].column.label("model"),
                failures.c.phase, failures.c.category, failures.c.summary,
            )
            .select_from(RUNS)
            .where(runs.c.run_id.in_(changed), *(condition.clause for condition in self.where))
            .order_by(runs.c.started_at, runs.c.run_id)
        ).all()  # fmt: skip
        ended = self._phases(connection, [row.run_id for row in rows])
        for row in rows:
            yield from self._new(row, ended.get(row.run_id, []))

    @staticmethod
    def _phases(connection: Connection, found: Sequence[UUID]) -> dict[UUID, list[Any]]:
        by_run: dict[UUID, list[Any]] = {}
        query = select(
            phases.c.run_id, phases.c.phase, phases.c.status, phases.c.duration_s, phases.c.spans_nano
        )
        for row in connection.execute(query.where(phases.c.run_id.in_(found))):
            by_run.setdefault(row.run_id, []).append(row)
        for rows in by_run.values():
            rows.sort(key=lambda row: _ORDER.get(row.phase, len(_ORDER)))
        return by_run

    def _new(self, row: Any, ended: Sequence[Any]) -> Iterator[dict[str, Any]]:
        base = {
            "at": iso(row.last_event_at),
            "run_id": str(row.run_id),
            "machine_id": str(row.machine_id),
            "engine": row.engine,
            "model": row.model,
        }
        known = self.known.get(row.run_id)
        if known is None:
            known = self.known[row.run_id] = Known()
            yield {"event": "started", **base, "started_at": iso(row.started_at), "purpose": row.purpose}
        self.known.move_to_end(row.run_id)
        for phase in ended:
            if phase.phase in known.phases or phase.status == "skipped":
                continue
            known.phases.add(phase.phase)
            took = phase.spans_nano / 1e9 if phase.duration_s is None else phase.duration_s
            yield {"event": "phase", **base, "phase": phase.phase, "status": phase.status, "duration_s": took}
        if row.category is not None and not known.failed:
            known.failed = True
            yield {
                "event": "failed",
                **base,
                "phase": row.phase,
                "category": row.category,
                "summary": row.summary,
            }
        if row.outcome is not None and not known.ended:
            known.ended = True
            yield {"event": "ended", **base, "outcome": row.outcome, "duration_s": row.duration_s}


def follow(connection: Connection, tell: Callable[[Sequence[UUID]], None]) -> None:
    """Call `tell` with the runs that change, from now on and for ever; the database calls, or is looked at twice a second.

    Raises:
        DatabaseFault: there is no database yet, or it went away.
    """
    if not connection.engine.url.database:
        raise DatabaseFault("there is nothing to follow yet; start localloom-collector serve first")
    if connection.dialect.name == "postgresql":
        _listen(connection, tell)
    else:
        _look(connection, tell)


def _listen(connection: Connection, tell: Callable[[Sequence[UUID]], None]) -> None:
    # What listens must not be in a transaction: notifications come between them.
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql(f"LISTEN {CHANNEL}")
    raw: Any = connection.connection.driver_connection
    while True:
        changed = _called(raw)
        if changed:
            tell(list(changed))


def _called(raw: Any) -> dict[UUID, None]:
    """The runs named until the database has been silent for a moment, or for half a second where none was."""
    import psycopg

    changed: dict[UUID, None] = {}
    try:
        for note in raw.notifies(timeout=PAUSE, stop_after=1):
            changed.update(dict.fromkeys(named(note.payload)))
        # Whatever came in the meantime is told with it.
        for note in raw.notifies(timeout=0):
            changed.update(dict.fromkeys(named(note.payload)))
    except psycopg.OperationalError as error:
        raise DatabaseFault(f"the database went away ({error}); run tail again when it is back") from None
    return changed


def _look(connection: Connection, tell: Callable[[Sequence[UUID]], None]) -> None:
    """By the numbers that SQLite gives to rows: a chunk that is new has a higher one than all before."""
    last = connection.scalar(select(func.coalesce(func.max(_ROWID), 0)).select_from(event_chunks))
    connection.rollback()
    while True:
        time.sleep(PAUSE)
        found = connection.execute(
            select(_ROWID, event_chunks.c.run_id).where(last < _ROWID).order_by(_ROWID)
        ).all()
        changed = dict.fromkeys(row.run_id for row in found)
        if found:
            last = found[-1][0]
            tell(list(changed))
        connection.rollback()
