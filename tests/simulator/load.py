"""A long history at once into an empty database: the rows that ingest would have written, by COPY, without their events.

Indexes and foreign keys are taken away while rows come in and made again afterwards, which also checks them. The raw
timeline (`event_chunks`) is made for the last days only; the runs before are as `prune --timeline` leaves them. The
kept counts are made from the rows at the end.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, text, update

from localloom.fleet.v1 import event_pb2
from localloom_collector.ingest.profiles import profile_row
from localloom_collector.storage import fold, migrate, schema
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.partitions import Partitions
from localloom_collector.storage.recount import recount
from localloom_collector.storage.rows import Asides

from .bare import bare
from .counted import Truth
from .draws import draw
from .encodings import CopyText, Encoding, Tuples
from .events import digest, profile
from .hardware import Machine
from .plan import BLOCK, Fleet, Planned
from .shapes import TABLES, Shapes, clock, opened, received, sighting

_DAY = timedelta(days=1)
_LOADED = (*TABLES, schema.machines, schema.hardware_profiles, schema.event_chunks)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be loaded."""

    url: str
    runs: int
    detail: int
    timeline_from: date | None
    """Chunks of runs that started before that day are not kept; None: all are."""


@dataclass(slots=True)
class Loaded:
    """What has been."""

    rows: dict[str, int] = field(default_factory=dict)
    truth: Truth = field(default_factory=Truth)
    machines: dict[bytes, tuple[float, float]] = field(default_factory=dict)
    """When each one's first and last run started, by its own clock."""

    def merge(self, other: Loaded) -> None:
        """Take another's counts in."""
        for name, count in other.rows.items():
            self.rows[name] = self.rows.get(name, 0) + count
        self.truth.merge(other.truth)
        for machine_id, (first, last) in other.machines.items():
            known = self.machines.get(machine_id, (first, last))
            self.machines[machine_id] = (min(known[0], first), max(known[1], last))


def load(fleet: Fleet, order: Order, processes: int) -> Loaded:
    """Load the fleet's history.

    Raises:
        SystemExit: the database holds something already.
    """
    engine = open_engine(parse_url(order.url), writing=True)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        if connection.scalar(select(func.count()).select_from(schema.machines)):
            raise SystemExit("the database is not empty; give another, or add --through-writer")
        connection.execute(update(schema.retention).values(timeline_before=order.timeline_from))
    if engine.dialect.name == "postgresql":
        Partitions(engine).make(_days(fleet))
        with bare(engine, [table.name for table in _LOADED]):
            engine.dispose()  # before the fork: a connection is one process's
            done = _in_processes(fleet, order, processes)
    else:
        done = _in_processes(fleet, order, 1)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))  # the counts are made by queries that want a plan
        recount(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    engine.dispose()
    return done


def _days(fleet: Fleet) -> Iterator[date]:
    """Those of the history, and what machines' clocks add to it."""
    day, last = fleet.first_day - _DAY, fleet.last_day + _DAY
    while day <= last:
        yield day
        day += _DAY


def _in_processes(fleet: Fleet, order: Order, processes: int) -> Loaded:
    done = Loaded()
    if processes == 1:
        part = Part(fleet, order)
        for first in range(0, order.runs, BLOCK):
            done.merge(part.block(first))
        done.merge(part.machines(done.machines.items()))
        part.close()
        return done
    # Forked, for the fleet is made once and shared.
    with multiprocessing.get_context("fork").Pool(processes, _begin, (fleet, order)) as pool:
        for part_done in pool.imap_unordered(_block, range(0, order.runs, BLOCK)):
            done.merge(part_done)
        found = list(done.machines.items())
        shares = [found[at : at + BLOCK] for at in range(0, len(found), BLOCK)]
        for part_done in pool.imap_unordered(_machines, shares):
            done.merge(part_done)
    return done


class Part:
    """One process's share of the work, and its connection."""

    def __init__(self, fleet: Fleet, order: Order) -> None:
        """Connect."""
        self._fleet, self._order = fleet, order
        self._engine = open_engine(parse_url(order.url), writing=True)
        self._raw: Any = self._engine.raw_connection()
        self._copies = self._engine.dialect.name == "postgresql"
        self._encoding: Encoding = CopyText() if self._copies else Tuples()
        self._shapes = Shapes(order.detail, self._encoding.form)
        self._by_id: dict[bytes, Machine] = {}
        self._digests: dict[bytes, str] = {}
        cursor = self._raw.cursor()
        if self._copies:
            cursor.execute("SET synchronous_commit TO off")
        else:
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-400000"):
                cursor.execute(f"PRAGMA {pragma}")
        self._raw.commit()

    def close(self) -> None:
        """Let go of the database."""
        self._raw.close()
        self._engine.dispose()

    def block(self, first: int) -> Loaded:
        """Load the runs from that number on."""
        done = Loaded()
        rows: dict[str, list[Any]] = {table.name: [] for table in (*TABLES, schema.event_chunks)}
        for planned in done.truth.watch(self._fleet.block(first, self._order.runs)):
            self._run(planned, rows)
            key = planned.machine.machine_id.bytes
            known = done.machines.get(key, (planned.started, planned.started))
            done.machines[key] = (min(known[0], planned.started), max(known[1], planned.started))
        self._store(rows, done)
        return done

    def _run(self, planned: Planned, rows: dict[str, list[Any]]) -> None:
        drawn = draw(planned.seed)
        shape = self._shapes.of(planned, drawn)
        values = self._shapes.values(planned, drawn, self._digest(planned.machine))
        kept = self._order.timeline_from is None or values["start_day"] >= self._order.timeline_from
        values["received_chunks"] = None if kept else shape.numbers
        values = self._encoding.prepare(values)
        for name, form in shape.rows.items():
            rows[name] += self._encoding.fill(form, values)
        if kept:
            table = schema.event_chunks
            rows[table.name] += [
                self._encoding.row(table, c.chunk) for c in opened(planned, self._order.detail)
            ]

    def machines(self, found: Iterable[tuple[bytes, tuple[float, float]]]) -> Loaded:
        """Load machines and their profiles, as their runs have left them."""
        self._by_id = self._by_id or {m.machine_id.bytes: m for m in self._fleet.machines}
        rows: dict[str, list[Any]] = {"machines": [], "hardware_profiles": []}
        for key, (first, last) in found:
            machine = self._by_id[key]
            rows["machines"].append(self._encoding.row(schema.machines, _machine_row(machine, first, last)))
            row = _profile_row(machine, first, last)
            rows["hardware_profiles"].append(self._encoding.row(schema.hardware_profiles, row))
        done = Loaded()
        self._store(rows, done)
        return done

    def _digest(self, machine: Machine) -> str:
        key = machine.machine_id.bytes
        found = self._digests.get(key)
        if found is None:
            found = self._digests[key] = digest(machine).hex()
        return found

    def _store(self, rows: dict[str, list[Any]], done: Loaded) -> None:
        """All of it, in one transaction."""
        cursor = self._raw.cursor()
        if not self._copies:
            cursor.execute("BEGIN")
        for name, made in rows.items():
            if not made:
                continue
            columns = [column.name for column in schema.metadata.tables[name].c]
            if self._copies:
                with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
                    copy.write("\n".join(made) + "\n")
                done.rows[name] = cursor.rowcount
            else:
                holes = ", ".join("?" * len(columns))
                cursor.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({holes})", made)
                done.rows[name] = len(made)
        self._raw.commit()


def _machine_row(machine: Machine, first: float, last: float) -> dict[str, Any]:
    hellos = [sighting(machine, received(machine, started)) for started in (first, last)]
    return fold.machine_rows((), Asides(sightings=hellos))[0]


def _profile_row(machine: Machine, first: float, last: float) -> dict[str, Any]:
    row = profile_row(machine.machine_id, event_pb2.Event(seq=2, machine_profile=profile(machine)))
    return {**row, "first_seen": clock(first), "last_seen": clock(last)}


_part: Part


def _begin(fleet: Fleet, order: Order) -> None:
    global _part  # noqa: PLW0603  # one a process
    _part = Part(fleet, order)


def _block(first: int) -> Loaded:
    return _part.block(first)


def _machines(found: list[tuple[bytes, tuple[float, float]]]) -> Loaded:
    return _part.machines(found)
