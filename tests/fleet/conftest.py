"""One fleet for all tests of this folder: built, brought up, run to its members' end, and taken away whatever happens."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from fleet_compose import Fleet, Statement, docker

_FLEET = Fleet()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """A termination is an interruption: fixtures are taken down after that one."""
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def fleet() -> Iterator[Fleet]:
    """The collector, its database, the hub and two agents as people have them; all are up."""
    docker("info")  # says what is wrong where there is no engine
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        _FLEET.remove()  # what a killed run left
        with _FLEET.step("build the images"):
            _FLEET.compose("build")
        with _FLEET.step("bring up the collector, the hub, two agents"):
            _FLEET.compose("up", "--detach", "--no-build", "collector", "hub", "agent", "guide")
        yield _FLEET
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with _FLEET.step("take it away"):
            _FLEET.remove()
            left = _FLEET.left_behind()
        signal.signal(signal.SIGTERM, before)
    assert left == []


@pytest.fixture(scope="session")
def members(fleet: Fleet) -> list[Statement]:
    """What every member of the fleet says of itself, after its one probe."""
    services = list(fleet.expected())
    with fleet.step("make the members"):
        fleet.compose("create", "--no-build", "--no-recreate", *services)
    with fleet.step("run the members"):
        containers = fleet.containers(*services)
        fleet.run_to_the_end(containers)
    return [fleet.statement(container) for container in containers]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the time went."""
    if _FLEET.steps:
        terminalreporter.section("the fleet's steps")
        for what, seconds in sorted(_FLEET.steps, key=lambda step: -step[1]):
            terminalreporter.line(f"{seconds:7.1f} s  {what}")
        for image, size in _FLEET.sizes.items():
            terminalreporter.line(f"{size / 1e6:6.0f} MB  image {image}")
