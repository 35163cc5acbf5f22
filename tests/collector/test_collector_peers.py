"""`show`: how a run's phases stand against those of runs like it."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timezone

import pytest
from chunks import MACHINE, Run
from collectors import BOTH
from sqlalchemy import update

from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage.schema import phases
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Phase

OTHER = {**MACHINE, "hw.gpu.model": "NVIDIA GeForce RTX 4090"}


def write(database, made) -> None:
    """The runs, through the real writer; each phase of the i-th takes i + 1 seconds more than is said."""
    writer = SqlWriter(database.engine(writing=True))
    now = datetime.now(timezone.utc)
    writer.write([chunk_rows(chunk, now, Limits()) for run in made for chunk in run.chunks])
    writer.close()
    with database.engine(writing=True).begin() as connection:
        for i, run in enumerate(made):
            longer = update(phases).where(phases.c.run_id == run.run_id, phases.c.duration_s.is_not(None))
            connection.execute(longer.values(duration_s=phases.c.duration_s + i + 1))


def one(seconds_ago: float, attributes=MACHINE, *, machine=None, failed: bool = False) -> Run:
    """A run that ended."""
    run = Run(machine or uuid.uuid4(), time.time() - seconds_ago).start(attributes).identify()
    if failed:
        run.fail().end(2, failed=Phase.LOAD)
    else:
        run.generate().end()
    run.seal()
    return run


@BOTH
def test_a_run_stands_among_those_like_it(database):
    """Its peers are the earlier runs of the same model, engine and GPU; shares and percentiles are those of plain counting."""
    machine = uuid.uuid4()
    made = [one(9000 - i, machine=machine if i % 3 else None, failed=i % 8 == 0) for i in range(40)]
    other = [one(8000 - i, OTHER) for i in range(30)]
    mine = one(7000)
    # It comes between them: slower than twenty of those like it.
    write(database, [*made[:20], mine, *made[20:], *other])
    later = one(100)
    document = database.json("show", str(mine.run_id))["peers"]
    assert document["runs"] == 40
    assert document["like"]["hw.gpu.model"] == MACHINE["hw.gpu.model"]
    rows = {(row["run_id"], row["phase"]): row for row in database.rows("phases")}
    for compared in document["phases"]:
        theirs = sorted(
            row["duration_s"]
            for run in made
            if (row := rows[run.run_id, compared["phase"]])["status"] == "passed"
        )
        took = rows[mine.run_id, compared["phase"]]["duration_s"]
        assert compared["runs"] == len(theirs)
        assert compared["duration_s"] == pytest.approx(took)
        assert compared["p50_s"] == theirs[(len(theirs) - 1) // 2]
        assert compared["slower_than"] == sum(t < took for t in theirs) / len(theirs)
    assert {p["phase"]: p["runs"] for p in document["phases"]} == {
        **dict.fromkeys((p.value for p in Phase), 40), "load": 35, "generate": 35,
    }  # fmt: skip
    # What comes later is no peer.
    write(database, [later])
    assert database.json("show", str(mine.run_id))["peers"]["runs"] == 40


@BOTH
def test_a_run_alone_has_no_peers(database):
    """Among fewer than twenty there is no standing; of another GPU of the same vendor, it is said how like they are."""
    made = [one(9000 - i) for i in range(10)]
    write(database, made)
    assert database.json("show", str(made[-1].run_id))["peers"] is None
    mine = one(10, OTHER)
    write(database, [*(one(8000 - i) for i in range(20)), mine])
    peers = database.json("show", str(mine.run_id))["peers"]
    assert (peers["runs"], sorted(peers["like"])) == (30, ["engine", "hw.gpu.vendor", "model"])
