"""Writes a history straight into the tables, by the code that ingest runs, without a network between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from localloom.fleet.v1 import collector_pb2
from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage.rows import ChunkRows, Fate
from localloom_collector.storage.writer import Writer

from .events import chunks
from .plan import Planned

GROUP = 2000


def write(writer: Writer, runs: Iterable[Planned], detail: int) -> int:
    """Write every run, as if each had been received when it ended; the number of chunks stored."""
    limits, stored = Limits(), 0
    group: list[ChunkRows] = []
    for planned in runs:
        received = datetime.fromtimestamp(planned.started + planned.machine.clock_skew_s, timezone.utc)
        made: list[collector_pb2.Chunk] = chunks(planned, detail)
        group += [chunk_rows(chunk, received + timedelta(seconds=20), limits) for chunk in made]
        if len(group) >= GROUP:
            stored += writer.write(group).count(Fate.STORED)
            group = []
    if group:
        stored += writer.write(group).count(Fate.STORED)
    return stored
