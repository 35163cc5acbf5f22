"""Writes a history straight into the tables, by the code that ingest runs, without a network between."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from localloom_collector.storage.rows import Asides, ChunkRows, Fate, Sighting
from localloom_collector.storage.writer import Writer

from .plan import Planned
from .shapes import opened, received, sighting

GROUP = 2000


def write(writer: Writer, runs: Iterable[Planned], detail: int) -> int:
    """Write every run, as if each had been received when it ended; the number of chunks stored."""
    stored = 0
    group: list[ChunkRows] = []
    hellos: dict[UUID, Sighting] = {}
    for planned in runs:
        machine = planned.machine
        hellos[machine.machine_id] = sighting(machine, received(machine, planned.started))
        group += opened(planned, detail)
        if len(group) >= GROUP:
            stored += writer.write(group).count(Fate.STORED)
            group = []
    stored += writer.write(group, Asides(sightings=list(hellos.values()))).count(Fate.STORED)
    return stored
