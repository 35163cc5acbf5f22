"""The rows of a run without its events: runs of one shape differ in a few values, the rest is ingest's own work, done once.

A shape is all of a plan but when it happened, on which machine, and what was drawn. For the first run of a shape the
events are made, opened and folded by the code that ingest runs; its rows, with holes where runs differ, serve for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta, timezone
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage import fold, ranges, schema
from localloom_collector.storage.rows import ChunkRows, Sighting
from localloom_diagnosis import Phase

from .draws import NANO, Drawn
from .events import chunks
from .faults import variant
from .hardware import Machine
from .plan import Planned

#: What a plan has of its own, beside its shape.
_OWN = ("machine", "run_id", "started", "planted", "seed")
_SHAPE = attrgetter(*[f.name for f in fields(Planned) if f.name not in _OWN])

#: Stand in a template's texts for what is drawn; no text has these by itself.
_NUMBER, _SHARDS = 987_654_321, (7001, 7002, 7003)

#: Looked up once: this runs a million times.
_ORDER = {phase: i for i, phase in enumerate(Phase)}
_WEIGHTS, _COMPILE = _ORDER[Phase.WEIGHTS], _ORDER[Phase.COMPILE]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_RECEIVED = timedelta(seconds=20)

#: Tables whose rows a shape tells.
TABLES = (schema.runs, schema.phases, schema.failures, schema.http_exchanges)

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that every run has its own of."""

    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What runs have in common."""

    rows: Mapping[str, Any]
    """By table, with holes, as the destination's `form` made them of lists of values and `Hole`s."""
    numbers: str
    """Of the run's chunks, as a run keeps them whose chunks have been pruned."""


def marked(text: str) -> str:
    """A text of a template as a form that `%` fills with what is drawn."""
    text = text.replace("%", "%%").replace(str(_NUMBER), "%(number)s")
    for i, shard in enumerate(_SHARDS):
        text = text.replace(f"shard {shard}", f"shard %(shard{i})s")
    return text


def clock(started: float) -> datetime:
    """A run's start as its events tell it."""
    return _EPOCH + timedelta(microseconds=int(started * 1e6))


def received(machine: Machine, started: float) -> datetime:
    """When the chunks of a run that started then, by its machine's clock, came in bulk: all at once."""
    return datetime.fromtimestamp(started + machine.clock_skew_s, timezone.utc) + _RECEIVED


def sighting(machine: Machine, at: datetime) -> Sighting:
    """The machine's hello."""
    return Sighting(machine.machine_id, at, "simulated", machine.clock_skew_s)


def opened(planned: Planned, detail: int, drawn: Drawn | None = None) -> list[ChunkRows]:
    """The run's chunks as ingest opens them."""
    limits, at = Limits(), received(planned.machine, planned.started)
    return [chunk_rows(chunk, at, limits) for chunk in chunks(planned, detail, drawn)]


class Shapes:
    """Templates, made as they are needed."""

    def __init__(self, detail: int, form: Callable[[Table, Sequence[Sequence[Any]]], Any]) -> None:
        """Take how many events of progress a run has, and what makes a template fit for its destination."""
        self._detail, self._form = detail, form
        self._made: dict[tuple[Any, ...], Shape] = {}

    def of(self, planned: Planned, drawn: Drawn) -> Shape:
        """The run's shape."""
        machine = planned.machine
        text = variant(planned.category, drawn) if planned.category else None
        # The site is a label, the vendor decides the device.
        key = (*_SHAPE(planned), machine.site, machine.attributes.get("hw.gpu.vendor"), text)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(planned, drawn)
        return found

    def _make(self, planned: Planned, drawn: Drawn) -> Shape:
        made = opened(planned, self._detail, replace(drawn, number=_NUMBER, shards=_SHARDS))
        rows = {
            "runs": [_runs(row) for row in fold.run_rows(made)],
            "phases": [_phases(row, _ORDER[Phase(row["phase"])]) for row in fold.phase_rows(made)],
            "failures": [_holes(row, ("machine_id", "run_id")) for row in fold.failure_rows(made)],
            "http_exchanges": [_exchange(row) for chunk in made for row in chunk.exchanges],
        }
        forms = {
            table.name: self._form(table, [[row.get(c.name) for c in table.c] for row in rows[table.name]])
            for table in TABLES
            if rows[table.name]
        }
        return Shape(forms, ranges.write((chunk.key.chunk_seq,) * 2 for chunk in made))

    def values(self, planned: Planned, drawn: Drawn, digest: str) -> Values:
        """What fills the run's holes: times as datetimes, ids as UUIDs.

        Args:
            planned: the run.
            drawn: its numbers.
            digest: of its machine's profile.
        """
        began = clock(planned.started)
        started = _EPOCH + timedelta(milliseconds=planned.run_id.int >> 80)
        values: Values = {
            "machine_id": planned.machine.machine_id, "run_id": planned.run_id, "started_at": started,
            "start_day": started.date(), "profile_digest": digest,
            "last_received_at": received(planned.machine, planned.started),
            "ttft_s": drawn.ttft_s, "tokens_per_s": drawn.tokens_per_s, "number": drawn.number,
            "shard0": drawn.shards[0], "shard1": drawn.shards[1], "shard2": drawn.shards[2],
        }  # fmt: skip
        at = weights = 0
        for i, took in enumerate(drawn.took[: _last(planned) + 1]):
            start, length = at / NANO, took / NANO
            values[f"nano{i}"], values[f"took{i}"] = took, length
            values[f"start{i}"], values[f"end{i}"] = start, start + length
            if i == _WEIGHTS:
                weights = at + self._detail * (took // (self._detail + 1))
                values["ttfb_s"] = (took // 50) / NANO or None
            at += took
        values["duration_s"] = at / NANO
        values["last_event_at"] = began + timedelta(microseconds=at // 1000)
        values["fetched_at"] = began + timedelta(microseconds=weights // 1000)
        return values


def _last(planned: Planned) -> int:
    """The place of the last phase that ran, as far as chunks tell."""
    last = _ORDER[planned.phase] if planned.phase else len(_ORDER) - 1
    lost = not planned.ends and last >= _COMPILE
    return _WEIGHTS if lost else last


def _holes(row: Mapping[str, Any], names: Iterable[str]) -> Values:
    """The row with holes of the columns' names, where it has a value."""
    return {**row, **{name: Hole(name) for name in names if row[name] is not None}}


def _runs(row: Mapping[str, Any]) -> Values:
    own = (
        "machine_id", "run_id", "started_at", "start_day", "profile_digest", "ttft_s", "tokens_per_s",
        "duration_s", "last_event_at", "last_received_at",
    )  # fmt: skip
    return {**_holes(row, own), "received_chunks": Hole("received_chunks")}


def _phases(row: Mapping[str, Any], i: int) -> Values:
    made = _holes(row, ("machine_id", "run_id"))
    if row["spans"]:
        made |= {
            "spans_nano": Hole(f"nano{i}"),
            "first_start_s": Hole(f"start{i}"),
            "last_end_s": Hole(f"end{i}"),
        }
        if row["duration_s"] is not None:
            made["duration_s"] = Hole(f"took{i}")
    return made


def _exchange(row: Mapping[str, Any]) -> Values:
    holes = {"at": "fetched_at", "duration_s": f"took{_WEIGHTS}", "ttfb_s": "ttfb_s"}
    made = _holes(row, ("machine_id", "run_id", "start_day"))
    return {**made, **{column: Hole(name) for column, name in holes.items()}}
