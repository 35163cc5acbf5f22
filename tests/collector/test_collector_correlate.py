"""`correlate` on a make-believe fleet with a known truth: all that is planted is found, and nothing that is not."""

from __future__ import annotations

import json

import pytest
from collectors import BOTH, Database
from simulator.bulk import write
from simulator.load import Order, load
from simulator.plan import Fleet
from simulator.truth import PLANTED

from localloom_collector.storage.recount import recount
from localloom_collector.storage.writer import SqlWriter

DAYS = 60
UNTIL = 1_790_000_000.0
SINCE = ("--since", "2026-07-01")


def history(database, seed: int, machines: int, runs: int, planted=PLANTED):
    """A fleet's last sixty days of a database."""
    writer = SqlWriter(database.engine(writing=True))
    write(writer, Fleet(seed, machines, DAYS, UNTIL, planted).runs(runs), 0)
    writer.close()
    return database


@pytest.fixture(scope="session")
def planted_file(empty_file, tmp_path_factory):
    """A SQLite file with a fleet of 300 machines and everything planted, made once: these tests only read."""
    path = tmp_path_factory.mktemp("planted") / "fleet.db"
    path.write_bytes(empty_file.read_bytes())
    return history(Database(path), 5, 300, 1800)


@pytest.fixture(scope="session")
def planted_server(postgresql, empty_template):
    """The same on PostgreSQL."""
    return history(Database(url=postgresql.database(empty_template)), 5, 300, 1800)


@pytest.fixture
def planted(request, backend):
    """The planted fleet, in the kind of database that the test is about."""
    return request.getfixturevalue("planted_server" if backend == "postgresql" else "planted_file")


def attributes(row) -> set[tuple[str, str]]:
    """What a finding is about."""
    return {(item["name"], item["value"]) for item in row["attributes"]}


def named(row) -> list[set[tuple[str, str]]]:
    """What a finding is about, and what cannot be told from it."""
    same = [{(item["name"], item["value"]) for item in items} for items in row["same_machines"]]
    return [attributes(row), *same]


@BOTH
def test_all_that_is_planted_is_found_and_nothing_else(planted):
    """Each planted cause is the one finding of its category, and what merely goes with it is explained by it."""
    for cause in PLANTED:
        document = planted.json("correlate", cause.category.value, *SINCE)
        (finding,) = document["correlate"]
        assert set(cause.where) in named(finding), cause.name
        assert finding["p"] <= finding["alpha"]
        assert finding["difference"] >= 0.15
        for row in document["explained"]:
            assert row["by"] == [finding["attributes"]]
    for category in ("gpu.out_of_memory", "network.timeout", "storage.quota_or_disk_full"):
        document = planted.json("correlate", category, *SINCE)
        assert document["population"]["affected"] >= 5
        assert document["correlate"] == []


@BOTH
def test_the_card_is_explained_by_its_driver(planted):
    """The planted driver is mostly on one card: the card stands out, and is said to explain nothing more."""
    document = planted.json("correlate", "gpu.driver", *SINCE)
    by = {row["attributes"][0]["value"]: row for row in document["explained"] if len(row["attributes"]) == 1}
    assert by["nvidia"]["by"] == [[{"name": "hw.gpu.driver_version", "value": "535.54"}]]
    shown = " ".join(planted.cli("correlate", "gpu.driver", *SINCE).stdout.split())
    assert "hw.gpu.driver_version 535.54: " in shown
    assert "given hw.gpu.driver_version 535.54, the" in shown.replace("these", "the")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", range(100, 110))
def test_nothing_is_claimed_where_nothing_is_planted(database, seed):
    """On ten fleets where failures depend on nothing, nothing is claimed of any category."""
    load(Fleet(seed, 100, DAYS, UNTIL, ()), Order(database.url, 500, 0, None), 1)
    with database.engine(writing=True).begin() as connection:
        recount(connection)
    asked = {row["category"] for row in database.rows("failures")}
    assert len(asked) >= 3
    for category in asked:
        document = database.json("correlate", category, *SINCE)
        assert document["population"]["affected"] > 0
        assert document["correlate"] == []


@BOTH
def test_a_signature_is_a_target_too(planted):
    """A signature gives what its category gives, where the category has one signature."""
    signature = next(r["signature"] for r in planted.rows("failures") if r["category"] == "gpu.driver")
    (finding,) = planted.json("correlate", signature, *SINCE)["correlate"]
    assert attributes(finding) == {("hw.gpu.driver_version", "535.54")}


@BOTH
def test_counts_are_those_of_the_base_tables(planted):
    """The affected are the machines that plain SQL counts, and the rest all others that ran."""
    document = planted.json("correlate", "gpu.driver", *SINCE)
    failed = {r["run_id"]: r["machine_id"] for r in planted.rows("failures") if r["category"] == "gpu.driver"}
    ended = {r["run_id"]: r for r in planted.rows("runs") if r["outcome"] is not None}
    affected = {machine for run, machine in failed.items() if run in ended}
    everybody = {row["machine_id"] for row in ended.values()}
    assert document["population"]["affected"] == len(affected)
    assert document["population"]["rest"] == len(everybody - affected)
    driver = {
        (r["machine_id"]) for r in planted.rows("hardware_profiles") if r["hw_gpu_driver_version"] == "535.54"
    }
    (finding,) = document["correlate"]
    assert finding["affected"] == {"with": len(affected & driver), "of": len(affected), "share": 1.0}
    assert finding["rest"]["with"] == len((everybody - affected) & driver)


@BOTH
def test_a_draw_gives_the_same_finding(planted):
    """Of a fleet that is too large, machines are drawn by lot: the finding is the same, and the draw is said."""
    result = planted.cli("correlate", "gpu.driver", *SINCE, "--machines", "100", "--json")
    document = json.loads(result.stdout)
    assert [attributes(row) for row in document["correlate"]] == [{("hw.gpu.driver_version", "535.54")}]
    population = document["population"]
    assert population["rest_looked_at"] < 130 < population["rest"]
    assert "drawn by lot" in result.stderr


@BOTH
def test_an_empty_database_has_nothing_to_say(database):
    """Without a run there is no finding, exit 0, and a note that says why."""
    result = database.cli("correlate", "gpu.driver", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["correlate"] == []
    assert "hit 0 machines" in result.stderr


def test_what_is_no_failure_is_said(database):
    """Neither a category nor a signature: exit 1, and the categories are listed."""
    result = database.cli("correlate", "gpu.dirver")
    assert result.exit_code == 1
    assert "'gpu.dirver' is no category" in result.stderr
    assert "gpu.driver" in result.stderr
    refused = database.cli("correlate", "gpu.driver", "--where", "phase=load")
    assert refused.exit_code == 2


def test_the_table_keeps_to_the_terminal(planted):
    """At 80 columns no line is longer, and CSV has a row a finding."""
    for category in ("gpu.driver", "gpu.device_lost"):
        lines = planted.cli("correlate", category, *SINCE).stdout.splitlines()
        assert max(map(len, lines)) <= 80
    rows = planted.cli("correlate", "gpu.device_lost", *SINCE, "--csv").stdout.splitlines()
    assert rows[0].startswith("attribute,value,attribute_2,value_2")
    assert rows[1].startswith("hw.gpu.model,AMD Radeon RX 7600,os.type,linux,")
