"""The house's walls: who may import whom, and what an installation brings."""

import ast
import re
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {
    "localloom_agent": ROOT / "agent" / "localloom_agent",
    "localloom_collector": ROOT / "collector" / "localloom_collector",
    "localloom_diagnosis": ROOT / "diagnosis" / "localloom_diagnosis",
}
FORBIDDEN = {
    "localloom_agent": {"localloom_collector", "sqlalchemy", "alembic"},
    "localloom_collector": {"localloom_agent", "tvm", "tvm_ffi", "numpy", "tokenizers"},
    "localloom_diagnosis": {"localloom_agent", "localloom_collector", "click", "grpc", "sqlalchemy"},
}
IN_THE_CHILD = [
    "child/__init__.py",
    "child/framing.py",
    "child/observer.py",
    "engines/__init__.py",
    "engines/interface.py",
    "engines/registry.py",
]


def imports(path):
    """Top-level names of all that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_point_one_way(room):
    """Agent and collector never import each other; the diagnosis imports neither."""
    found = {(path.name, name) for path in ROOMS[room].rglob("*.py") for name in imports(path)}
    assert {pair for pair in found if pair[1] in FORBIDDEN[room]} == set()


@pytest.mark.parametrize("module", IN_THE_CHILD)
def test_the_child_reports_with_the_standard_library_alone(module):
    """What every engine's interpreter must be able to import asks for nothing that has to be installed."""
    ours = {"localloom_agent", "localloom_diagnosis"}
    assert set(imports(ROOMS["localloom_agent"] / module)) - set(sys.stdlib_module_names) - ours == set()


def test_an_installation_brings_only_its_side():
    """The agent's extra brings no SQLAlchemy, the collector's no TVM."""
    by_extra = {}
    for line in requires("localloom"):
        name = re.match(r"[A-Za-z0-9_.-]+", line).group().lower()
        extra = re.search(r"extra == ['\"](\w+)['\"]", line)
        by_extra.setdefault(extra.group(1) if extra else "", set()).add(name)
    assert "sqlalchemy" not in by_extra["agent"] | by_extra[""]
    assert not {"apache-tvm", "apache-tvm-ffi"} & (by_extra["collector"] | by_extra[""])
    assert "apache-tvm" in by_extra["agent"]
    assert "sqlalchemy" in by_extra["collector"]


def test_no_module_is_called_after_nothing():
    """A reader finds the room from the question: no utils, helpers, common, misc, manager."""
    names = {path.stem for room in ROOMS.values() for path in room.rglob("*.py")}
    assert names & {"utils", "util", "helpers", "helper", "common", "misc", "manager"} == set()


def test_every_module_says_what_it_is():
    """The first statement of each module is a docstring, save where there is no statement."""
    bare = [
        str(path.relative_to(ROOT))
        for room in ROOMS.values()
        for path in room.rglob("*.py")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert bare == []


def test_every_test_says_what_it_shows():
    """Each test opens with one sentence that states the behaviour."""
    bare = [
        f"{path.relative_to(ROOT)}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert bare == []
