"""A real fleet, in containers: every planted fault ends in its category, and the collector knows of everybody."""

from collections import Counter

import pytest
from fleet_compose import docker, wait_until

HEALTHY = "passed"


def test_images_hold_their_own_side_and_no_compiler(fleet):
    """Neither runs as root; the collector's has no TVM and no compiler, the agent's no SQLAlchemy."""
    absent = {"collector": ("tvm", "tokenizers", "numpy"), "agent": ("sqlalchemy", "alembic", "psycopg")}
    for image, modules in absent.items():
        tag = f"localloom-{image}:{fleet.name}"
        assert docker("inspect", "--format", "{{.Config.User}}", tag).strip() == "10001:10001"
        code = f"import importlib.util as u; print(*[m for m in {modules!r} if u.find_spec(m)])"
        assert docker("run", "--rm", "--network=none", tag, "python3", "-c", code).strip() == ""
        fleet.sizes[image] = int(docker("inspect", "--format", "{{.Size}}", tag))
    looked_for = "command -v cc gcc g++ clang ld as make || true"
    assert (
        docker("run", "--rm", "--network=none", f"localloom-collector:{fleet.name}", "sh", "-c", looked_for)
        == ""
    )


def test_the_root_file_systems_cannot_be_written(fleet):
    """Collector and agent run on a read-only root, and find where they may write."""
    for service in ("collector", "agent"):
        said = fleet.compose(
            "exec", "-T", service, "sh", "-c", "touch /opt/x /etc/x 2>&1; touch /tmp/x && echo fine"
        )
        assert said.count("Read-only file system") == 2
        assert said.endswith("fine\n")


def test_people_are_told_where_to_look(fleet):
    """The guide names the commands; both agents passed as they come, and have nothing left to deliver."""
    said = wait_until("the guide", lambda: fleet.compose("logs", "--no-log-prefix", "guide"))
    assert "docker compose exec collector localloom-collector failures" in said
    agents = fleet.containers("agent")
    assert len(agents) == 2
    runs = wait_until(
        "both agents' first runs",
        lambda: (
            (found := fleet.ask("runs", "--where", "label.source=compose")["runs"])
            and [r["outcome"] != "running" for r in found] == [True, True]
            and found
        ),
    )
    assert {run["outcome"] for run in runs} == {"passed"}
    assert len({run["machine_id"] for run in runs}) == 2


@pytest.mark.usefixtures("members")
def test_every_planted_fault_ends_in_its_category(fleet):
    """By member and category the collector counts exactly what was planted, each in as many machines as it was in."""
    expected = {
        (name, category): count for name, (category, count) in fleet.expected().items() if category != HEALTHY
    }
    report = fleet.ask("failures", "--by", "label.member,category", "--where", "label.source=")
    found = {(row["label.member"], row["category"]): row["failed"] for row in report["failures"]}
    assert found == expected
    assert all(row["machines"] == row["failed"] == row["runs"] for row in report["failures"])
    assert report["totals"]["failed"] == sum(expected.values())
    assert report["totals"]["unfinished"] == 0
    by_category = fleet.ask("failures", "--by", "category")["failures"]
    planted = Counter()
    for (_, category), count in expected.items():
        planted[category] += count
    assert {row["category"]: row["failed"] for row in by_category} == planted


def test_every_healthy_agent_passed_and_every_machine_was_heard(fleet, members):
    """Who has no fault has none in the report; there are as many machines as containers, and no more."""
    runs = fleet.ask("runs", "--limit", "1000")["runs"]
    assert {member.exit_code for member in members} == {0}
    healthy = {name for name, (category, _) in fleet.expected().items() if category == HEALTHY}
    by_run = {run["run_id"]: run for run in runs}
    for member in members:
        (document,) = member.runs
        assert (document["outcome"] == "passed") == (member.service in healthy), document["failure"]
        assert by_run[document["run_id"]]["outcome"] == document["outcome"]
    assert len({run["machine_id"] for run in runs}) == len(members) + 2
    counted = sum(row["machines"] for row in fleet.ask("hardware")["hardware"])
    assert counted == len(members) + 2


def test_agents_and_tables_tell_the_same(fleet, members):
    """All outboxes are empty; what an agent of each kind printed of its run is what `show` has, all of its events came."""
    for member in members:
        assert (member.outbox["pending_chunks"], member.outbox["refused_chunks"]) == (0, 0)
    for member in {member.service: member for member in members}.values():
        (document,) = member.runs
        shown = fleet.ask("show", document["run_id"])
        assert shown["delivery"]["events_missing"] == 0
        assert shown["labels"]["member"] == member.service
        assert [(p["phase"], p["status"]) for p in shown["phases"]] == [
            (p["phase"], p["status"]) for p in document["phases"]
        ]
        if document["failure"]:
            assert shown["failure"]["category"] == document["failure"]["category"]
            assert shown["failure"]["signature"] == document["failure"]["signature"]


@pytest.mark.usefixtures("members")
def test_failures_are_grouped_by_replayed_hardware(fleet):
    """The old driver fails on all of its machines, and the same card with the new one on none."""
    report = fleet.ask(
        "failures", "--by", "hw.gpu.model,hw.gpu.driver_version,category", "--where", "category=gpu.driver"
    )
    (row,) = report["failures"]
    assert (row["hw.gpu.model"], row["hw.gpu.driver_version"]) == ("NVIDIA GeForce RTX 3060", "535.54.03")
    assert (row["failed"], row["runs"], row["machines"]) == (9, 9, 9)


@pytest.mark.usefixtures("members")
def test_correlate_finds_the_driver(fleet):
    """What the failing machines have in common is the old driver, or what exactly the same machines have."""
    report = fleet.ask("correlate", "gpu.driver")
    assert report["population"]["affected"] == 9
    strongest = report["correlate"][0]
    same = [item for items in strongest["same_machines"] for item in items]
    assert {"name": "hw.gpu.driver_version", "value": "535.54.03"} in [*strongest["attributes"], *same]
    assert (strongest["affected"]["with"], strongest["rest"]["with"]) == (9, 0)
