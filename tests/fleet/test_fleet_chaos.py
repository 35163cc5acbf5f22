"""Faults in the middle: what the agents of a fleet have to say arrives whole and once, whatever breaks on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fleet_compose import Fleet, Statement, docker, wait_until

ENOUGH = "/var/lib/localloom/enough"
OF_COMMUTERS = "FROM runs WHERE labels->>'member' = 'commuter'"
LOSS = ["-p", "tcp", "-m", "statistic", "--mode", "random", "--probability", "0.3", "-j", "DROP"]
DELAYED = ["-p", "tcp", "-j", "NFQUEUE", "--queue-num", "1", "--queue-bypass"]


def received(fleet: Fleet) -> int:
    """Events of the commuters that are in the tables."""
    return int(fleet.sql(f"SELECT coalesce(sum(events_received), 0) {OF_COMMUTERS}")[0][0])


def goes_on(fleet: Fleet) -> None:
    """Wait until more has arrived than now: the fault is over, and the agents are still on their way."""
    before = received(fleet)
    wait_until("events come in again", lambda: received(fleet) > before)


def arrives_from(fleet: Fleet, container: str) -> Callable[[], int]:
    """How many events of the machine in this container are in the tables."""
    machine = docker("exec", container, "cat", "/var/lib/localloom/machine-id").strip()
    query = f"SELECT coalesce(sum(events_received), 0) {OF_COMMUTERS} AND machine_id = '{machine}'"
    return lambda: int(fleet.sql(query)[0][0])


@pytest.fixture(scope="module")
def commuters(fleet: Fleet) -> Iterator[list[str]]:
    """Four agents that make one run after another, all of them in the middle of one that the collector has begun to hear."""
    fleet.compose("--profile", "chaos", "create", "--no-build", "--no-recreate", "commuter")
    containers = fleet.containers("commuter")
    docker("start", *containers)
    wait_until(
        "all commuters are heard",
        lambda: fleet.sql(f"SELECT count(DISTINCT machine_id) {OF_COMMUTERS}") == [["4"]],
    )
    yield containers
    docker("rm", "--force", "--volumes", *containers)


@pytest.fixture(scope="module")
def statements(fleet: Fleet, commuters: list[str]) -> list[Statement]:
    """What the commuters say at the end, each from its second run on, once it has delivered all it had."""
    # Where the faults were soon over, some are in their first run still.
    again = (
        f"SELECT count(*) FROM (SELECT machine_id {OF_COMMUTERS} GROUP BY 1 HAVING count(*) > 1) AS machines"
    )
    wait_until("all commuters are in their second run", lambda: fleet.sql(again) == [["4"]])
    for container in commuters:
        docker("exec", container, "touch", ENOUGH)
    with fleet.step("chaos: the last deliveries"):
        wait_until(
            "the commuters have delivered", lambda: not any(fleet.state(c)["Running"] for c in commuters)
        )
    return [fleet.statement(container) for container in commuters]


def test_a_collector_that_is_killed_comes_back(fleet, commuters):
    """SIGKILL in the middle of the streams; once it is started again, the agents find it by themselves."""
    (collector,) = fleet.containers("collector")
    with fleet.step("chaos: the collector is killed, and started"):
        docker("kill", collector)
        assert fleet.state(collector)["ExitCode"] == 137
        assert all(fleet.state(c)["Running"] for c in commuters)
        wait_until("an agent keeps what it cannot deliver", lambda: fleet.keeps(commuters[3]))
        docker("start", collector)
        goes_on(fleet)


def test_a_database_that_is_killed_comes_back(fleet, commuters):
    """PostgreSQL loses its memory under the collector, which goes on by itself when it is back."""
    (database,) = fleet.containers("database")
    (collector,) = fleet.containers("collector")
    began = fleet.state(collector)["StartedAt"]
    with fleet.step("chaos: PostgreSQL is killed, and started"):
        docker("kill", database)
        wait_until("an agent keeps what is not committed", lambda: fleet.keeps(commuters[3]))
        docker("start", database)
        wait_until("PostgreSQL has recovered", lambda: fleet.state(database)["Health"]["Status"] == "healthy")
        goes_on(fleet)
    assert fleet.state(collector)["StartedAt"] == began


def test_an_agent_whose_network_is_cut_comes_back(fleet, commuters):
    """An agent without a network goes on probing; healed, it delivers what it kept."""
    network, cut = f"{fleet.name}_fleet", commuters[0]
    arrived = arrives_from(fleet, cut)
    with fleet.step("chaos: a network is cut, and healed"):
        docker("network", "disconnect", network, cut)
        wait_until("the agent keeps what it cannot deliver", lambda: fleet.keeps(cut))
        goes_on(fleet)
        before = arrived()
        docker("network", "connect", network, cut)
        wait_until("the agent is heard again", lambda: arrived() > before)


def test_an_agent_that_loses_packets_gets_through(fleet, commuters):
    """With 30 % of the packets lost, both ways, events still arrive."""
    arrived = arrives_from(fleet, commuters[1])
    with fleet.step("chaos: 30 % of packets are lost"):
        for chain in ("INPUT", "OUTPUT"):
            fleet.beside(commuters[1], "iptables", "-A", chain, *LOSS)
        before = arrived()
        wait_until("events through the losses", lambda: arrived() > before)


def test_an_agent_on_a_slow_link_gets_through(fleet, commuters):
    """With half a second of delay on every packet, events still arrive."""
    arrived = arrives_from(fleet, commuters[2])
    with fleet.step("chaos: a slow link"):
        link = ("python3", "/opt/localloom-test/fleet/slow_link.py", "1", "0.5", "0.2")
        fleet.beside(commuters[2], *link, detached=True)
        fleet.beside(commuters[2], "iptables", "-A", "OUTPUT", *DELAYED)
        before = arrived()
        wait_until("events over the slow link", lambda: arrived() > before)


def test_nothing_is_lost_and_nothing_twice(fleet, statements):
    """The runs that the agents say they made are those in the tables, each with all of its events, none twice."""
    assert {statement.exit_code for statement in statements} == {0}
    said = [document["run_id"] for statement in statements for document in statement.runs]
    assert len(said) >= 2 * len(statements)
    assert {document["outcome"] for statement in statements for document in statement.runs} == {"passed"}
    kept = fleet.sql(f"SELECT run_id, outcome, events_expected, events_received, shed_events {OF_COMMUTERS}")
    assert sorted(row[0] for row in kept) == sorted(said)
    for run_id, outcome, expected, came, shed in kept:
        assert (outcome, came, shed) == ("passed", expected, "0"), run_id
    for statement in statements:
        assert (statement.outbox["pending_chunks"], statement.outbox["refused_chunks"]) == (0, 0)
        assert (statement.outbox["shed_chunks"], statement.outbox["corrupt_chunks"]) == (0, 0)
    # Chunks, by their numbers within a run: no gap, none twice.
    chunks = fleet.sql(
        "SELECT run_id, count(*), count(DISTINCT chunk_seq), max(chunk_seq) - min(chunk_seq) + 1, max(chunks_received) "
        f"FROM event_chunks JOIN (SELECT run_id AS r, chunks_received {OF_COMMUTERS}) c ON r = run_id GROUP BY run_id"
    )
    assert len(chunks) == len(said)
    for run_id, rows, distinct, span, came in chunks:
        assert rows == distinct == span == came, run_id
    assert fleet.sql("SELECT machine_id FROM machines WHERE refused_chunks > 0") == []
