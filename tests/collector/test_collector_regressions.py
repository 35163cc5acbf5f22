"""`regressions` on make-believe fleets: what got worse is named with its version, and neither growth nor time is blamed on one."""

from __future__ import annotations

import time
import uuid

import pytest
from chunks import MACHINE, Run
from collectors import BOTH
from simulator.load import Order, load
from simulator.plan import Fleet
from simulator.truth import PLANTED

from localloom_collector.ingest.extract import chunk_rows
from localloom_collector.limits import Limits
from localloom_collector.storage.writer import SqlWriter
from localloom_diagnosis import Category, Phase

DAY = 86_400
UNTIL = 1_790_000_000.0  # 2026-09-21T14:13:20Z


class History:
    """Runs by hand: machine by machine, day by day."""

    def __init__(self, database) -> None:
        self.database, self.chunks = database, []

    def run(
        self, machine: uuid.UUID, days_ago: float, *, engine="0.27.0", category=None, attributes=None
    ) -> None:
        """One run, so many days ago, that passed, or failed so."""
        run = Run(machine, time.time() - days_ago * DAY).start(attributes).identify()
        run.events[2].engine_identified.version = engine
        if category is not None:
            run.fail(category=category).end(2, failed=Phase.LOAD)
        else:
            run.generate().end()
        run.seal()
        self.chunks += run.chunks

    def write(self) -> None:
        """Through the real writer."""
        from datetime import datetime, timezone

        writer = SqlWriter(self.database.engine(writing=True))
        now = datetime.now(timezone.utc)
        writer.write([chunk_rows(chunk, now, Limits()) for chunk in self.chunks])
        writer.close()


@pytest.fixture
def history(database):
    """An empty history."""
    return History(database)


def names(document, kind="regressions") -> set[str]:
    """The failures that changed."""
    return {row["name"] for row in document[kind]}


@BOTH
def test_a_version_that_makes_things_worse_is_named(history):
    """Machines that fail with the new engine and not with the old one; those that stayed do not."""
    for i in range(30):
        machine = uuid.uuid4()
        history.run(machine, 10 + i / 100)
        history.run(
            machine,
            3,
            engine="0.28.0" if i < 20 else "0.27.0",
            category=Category.ARTIFACT_INCOMPATIBLE if i < 15 else None,
        )
    history.write()
    document = history.database.json("regressions", "--of", "engine.version")
    assert (document["compared"]["old"], document["compared"]["new"]) == ("0.27.0", "0.28.0")
    assert document["compared"]["machines"] == 20
    (found,) = document["regressions"]
    assert (found["name"], found["only_after"], found["only_before"]) == ("artifact.incompatible", 15, 0)
    assert found["alone"] is True
    assert found["stayed"] == {"machines": 10, "only_before": 0, "only_after": 0}
    weeks = history.database.json("regressions")
    assert names(weeks) == {"artifact.incompatible"}
    assert [row["category"] for row in weeks["new_signatures"]] == ["artifact.incompatible"]
    shown = " ".join(history.database.cli("regressions", "--of", "engine.version").stdout.split())
    assert (
        "artifact.incompatible got worse: of 20 machines that ran both, 15 had it with engine.version 0.28.0"
        in shown
    )


@BOTH
def test_what_is_the_time_is_not_the_version(history):
    """Where those that kept the old version fail as much from then on, it is said to be the time."""
    for i in range(60):
        machine = uuid.uuid4()
        history.run(machine, 10)
        history.run(
            machine,
            3,
            engine="0.28.0" if i < 30 else "0.27.0",
            category=Category.NETWORK_TIMEOUT if i % 2 else None,
        )
    history.write()
    (found,) = history.database.json("regressions", "--of", "engine.version")["regressions"]
    assert found["alone"] is False
    assert found["stayed"]["only_after"] == 15
    assert "it is the time" in " ".join(
        history.database.cli("regressions", "--of", "engine.version").stdout.split()
    )


@BOTH
def test_what_changed_together_is_left_out(history):
    """Where the driver came with the engine on every machine, no version is compared, and what else changed is said."""
    for _ in range(20):
        machine = uuid.uuid4()
        history.run(machine, 10)
        newer = {**MACHINE, "hw.gpu.driver_version": "560.35"}
        history.run(machine, 3, engine="0.28.0", category=Category.GPU_DRIVER, attributes=newer)
    history.write()
    document = history.database.json("regressions", "--of", "hw.gpu.driver_version")
    assert document["regressions"] == []
    assert document["compared"]["machines"] == 0
    assert document["compared"]["changed_too"] == {"something of the run": 20}


@BOTH
def test_a_fleet_that_grows_is_none_that_got_worse(history):
    """New machines that fail, and machines that run more, are no regression; machines that stopped failing recovered."""
    for _ in range(40):
        machine = uuid.uuid4()
        history.run(machine, 10, category=Category.GPU_OUT_OF_MEMORY)
        history.run(machine, 3)
        history.run(uuid.uuid4(), 3, category=Category.GPU_UNSUPPORTED)
    for i in range(20):
        machine = uuid.uuid4()
        history.run(machine, 10, category=Category.HOST_OUT_OF_MEMORY if i % 4 == 0 else None)
        for n in range(8):
            history.run(
                machine, 3 + n / 10, category=Category.HOST_OUT_OF_MEMORY if (i + n) % 4 == 0 else None
            )
    history.write()
    document = history.database.json("regressions")
    assert names(document) == set()
    assert names(document, "recovered") == {"gpu.out_of_memory"}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_planted_from_a_day_on_is_found(database):
    """The planted regressions are found between windows; of a version that all machines got, none is said to be alone the cause."""
    load(Fleet(11, 120, 60, UNTIL, PLANTED), Order(database.url, 4200, 0, None), 1)
    weeks = ("--against", "2026-08-05", "--since", "2026-08-29", "--until", "2026-09-21")
    assert names(database.json("regressions", *weeks)) == {"artifact.incompatible", "network.blocked"}
    late = ("--against", "2026-08-28", "--since", "2026-09-10", "--until", "2026-09-21")
    assert names(database.json("regressions", *late)) == {"network.blocked"}
    version = database.json("regressions", "--of", "engine.version", *late[2:3], "2026-08-25", *late[4:])
    assert "artifact.incompatible" in names(version)
    assert {row["alone"] for row in version["regressions"]} == {None}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(200, 210))
def test_nothing_got_worse_where_nothing_is_planted(database, seed):
    """On ten fleets where nothing changes, nothing is claimed, neither of a window nor of a version."""
    load(Fleet(seed, 40, 60, UNTIL, ()), Order(database.url, 600, 0, None), 1)
    windows = database.json(
        "regressions", "--against", "2026-08-05", "--since", "2026-08-29", "--until", "2026-09-21"
    )
    version = database.json(
        "regressions", "--of", "engine.version", "--since", "2026-08-05", "--until", "2026-09-21"
    )
    for document in (windows, version):
        assert document["compared"]["machines"] > 10
        assert names(document) | names(document, "recovered") == set()


@BOTH
def test_an_empty_database_has_nothing_to_compare(database):
    """Without a run both reports are empty, exit 0, and say why."""
    for options in ((), ("--of", "engine.version")):
        result = database.cli("regressions", *options)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert "note: " in result.stderr


def test_strange_windows_are_refused(database):
    """Windows the wrong way round, or versions of nothing: exit 2 and what is wrong."""
    assert database.cli("regressions", "--since", "7d", "--against", "3d").exit_code == 2
    assert database.cli("regressions", "--from", "1").exit_code == 2
    assert database.cli("regressions", "--where", "category=x").exit_code == 2
