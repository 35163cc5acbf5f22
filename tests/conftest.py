"""Fixtures for every test: an agent with a folder of its own, and a collector on a port of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent_process import Agent
from collector_process import Collector
from hypothesis import settings

NOBODY = 65534

# CI tries the same examples each time; a search for new ones belongs where somebody can act on what it finds.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture
def agent(tmp_path: Path) -> Agent:
    """An agent with a state folder of its own."""
    return Agent(tmp_path)


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Collector]:
    """A collector that listens; stopped in the end."""
    running = Collector(tmp_path).start()
    yield running
    running.stop()


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that the test may read but not write, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    """CI asks that nothing be skipped."""
    parser.addoption("--fail-on-skip", action="store_true", help="a skipped test fails the session")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With --fail-on-skip, a skip is reported as the failure that it hides."""
    outcome = yield
    report = outcome.get_result()
    if item.config.getoption("--fail-on-skip") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
