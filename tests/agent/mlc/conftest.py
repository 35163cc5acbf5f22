"""An interpreter of its own for the engine: a bare virtual environment that has the stand-in and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bare_interpreters import STANDIN, bare_environment
from runs import Done, Probe, Runs


@pytest.fixture(scope="session")
def standin_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the stand-in for mlc-llm."""
    folder = tmp_path_factory.mktemp("mlc") / "environment"
    return bare_environment(folder, pth=STANDIN, wheel="mlc-llm-nightly-cpu 0.20.dev1")


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Runs probes ahead."""
    made = Runs(tmp_path_factory.mktemp("runs"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def ahead(request: pytest.FixtureRequest, runs: Runs) -> Callable[[dict[str, Probe], str], Done]:
    """Start all probes of a table that this session's tests will ask for, and wait for one of them."""
    asked = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}

    def wait(table: dict[str, Probe], name: str) -> Done:
        for other, probe in table.items():
            if other in asked or other == name:
                runs.start(other, probe)
        return runs.result(name)

    return wait
