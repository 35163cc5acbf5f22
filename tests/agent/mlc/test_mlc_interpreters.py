"""Where mlc-llm is looked for, what another interpreter gets of ours, and what is said where there is none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest
from bare_interpreters import STANDIN, bare_environment
from runs import Probe

from localloom_agent.engines import interpreters
from localloom_agent.engines.interpreters import Interpreter, Search, ask, search
from localloom_agent.supervisor.bundle import environment_with, write_bundle

TELL = "import sys; print('%d.%d' % sys.version_info[:2])"


def others():
    """Other Pythons on this machine that start and are new enough, by version."""
    found = {}
    for minor in range(10, 16):
        path = shutil.which(f"python3.{minor}")
        if path and minor != sys.version_info[1]:
            done = subprocess.run([path, "-I", "-c", TELL], capture_output=True, text=True, check=False)
            if done.stdout.strip() == f"3.{minor}":
                found[f"python3.{minor}"] = path
    return found


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An interpreter with nothing installed."""
    return bare_environment(tmp_path_factory.mktemp("bare") / "environment")


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    """An interpreter with PyPI's placeholder."""
    return bare_environment(tmp_path_factory.mktemp("trap") / "environment", wheel="mlc-llm-nightly-cpu 0.1")


IMPORTS = """
import sys
before = set(sys.modules)
sys.path.insert(0, sys.argv[1])
import localloom_agent.child.observer, localloom_agent.child.framing, localloom_agent.engines.registry
import localloom_agent.engines.mlc, localloom_diagnosis.evidence
localloom_agent.engines.registry.make("mlc")
ours = {m for m in set(sys.modules) - before if m.startswith("localloom")}
foreign = {m.partition(".")[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names)
foreign = {m for m in foreign if not m.startswith(("localloom", "_", "__"))}
print(sorted(foreign), all(sys.modules[m].__file__.startswith(sys.argv[1]) for m in ours))
"""


def test_the_bundle_needs_the_standard_library_alone(tmp_path, bare):
    """In bare interpreters, cut off from their site-packages, everything the child needs comes from the zip."""
    bundle = write_bundle(tmp_path)
    for python in (str(bare), *others().values()):
        command = [python, "-S", "-I", "-c", IMPORTS, str(bundle)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "[] True", (python, done.stderr)


def test_the_bundle_is_small_and_holds_no_engine_but_one(tmp_path):
    """Neither tvm's engine nor the agent: their packages are not to be met in a foreign interpreter."""
    bundle = write_bundle(tmp_path)
    names = zipfile.ZipFile(bundle).namelist()
    assert {name.split("/")[0] for name in names} == {"localloom_agent", "localloom_diagnosis"}
    assert not [name for name in names if "/tvm/" in name or "supervisor" in name or "/cli/" in name]
    assert bundle.stat().st_size < 200_000


@pytest.mark.parametrize("version", sorted(others()) or ["bare"])
def test_another_version_of_python_runs_the_engine(runs, bare, version):
    """The child speaks every Python from 3.10 on; where this machine has no other, a bare one of the same version."""
    args = ("--engine", "mlc", "--python", others().get(version, str(bare)))
    runs.start(version, Probe(args, {"PYTHONPATH": str(STANDIN)}))
    assert runs.result(version).code == 0


def test_our_packages_are_not_seen_by_the_other_interpreter(runs, standin_python):
    """mlc-llm's own tvm is the one that is imported, and our site-packages are not on the path."""
    runs.start("whose tvm", Probe(("--engine", "mlc", "--python", str(standin_python))))
    done = runs.result("whose tvm")
    runtime = next(p for p in done.document["phases"] if p["phase"] == "runtime")["attributes"]
    assert runtime["tvm.version"] == "0.20.dev0"
    assert runtime["package.mlc-llm-nightly-cpu"] == "0.20.dev1"


def test_variables_that_misguide_another_python_do_not_reach_it(tmp_path):
    """PYTHONHOME of this one would break that one; the user's PYTHONPATH stays, behind the bundle."""
    seen = environment_with(tmp_path / "b.zip", {"PYTHONHOME": "/here", "PYTHONPATH": "/source", "A": "1"})
    assert seen == {"PYTHONPATH": f"{tmp_path / 'b.zip'}{os.pathsep}/source", "A": "1"}


def test_none_found_is_a_finding_that_says_where_was_looked(runs, bare):
    """`runtime` fails with the missing module, the places, and the way out."""
    runs.start("none", Probe(("--engine", "mlc", "--python", str(bare))))
    failure = runs.result("none").failure
    assert (failure["phase"], failure["category"]) == ("runtime", "host.missing_dependency")
    assert failure["evidence"]["facts"]["module.missing"] == "mlc_llm"
    said = failure["evidence"]["errors"][0]["message"]
    assert "named with --python" in said
    assert "localloom-agent setup mlc" in said


def test_a_placeholder_is_recognised_and_named(runs, trapped):
    """What PyPI has under that name installs no mlc_llm."""
    assert ask(str(trapped), "a test").placeholders == ("mlc-llm-nightly-cpu 0.1",)
    runs.start("trap", Probe(("--engine", "mlc", "--python", str(trapped))))
    said = runs.result("trap").said()
    assert "mlc-llm-nightly-cpu 0.1 is an empty placeholder" in said
    assert "mlc.ai/wheels" in said


def test_the_environment_of_setup_is_found(runs, tmp_path, standin_python):
    """Without --python, the environment in the user's data folder is asked last, and taken."""
    data = tmp_path / "data"
    (data / "localloom").mkdir(parents=True)
    (data / "localloom" / "mlc-llm").symlink_to(standin_python.parent.parent)
    env = {"XDG_DATA_HOME": str(data), "HOME": str(tmp_path)}
    runs.start("from setup", Probe(("--engine", "mlc"), env))
    done = runs.result("from setup")
    assert done.code == 0, done.document
    assert done.document["engine"]["name"] == "mlc"


def test_auto_takes_mlc_where_it_is_and_says_why_it_was_skipped(agent, standin_python, bare):
    """One note on standard error; --quiet has none."""
    done = agent.run("probe", "--python", str(standin_python), "--json", "--plain")
    assert json.loads(done.stdout)["engine"]["name"] == "mlc"
    assert "note: engine mlc, in" in done.stderr
    done = agent.run("probe", "--python", str(bare), "--json", "--plain", "--device", "banana")
    assert json.loads(done.stdout)["engine"]["name"] == "tvm"
    assert "note: engine tvm: mlc was skipped, no Python here has mlc_llm" in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--engine", "mlc", "--python", "/no/such/python"), "no program"),
        (("--engine", "mlc", "--python", shutil.which("true") or "true"), "is no Python that answers"),
        (("--engine", "tvm", "--python", sys.executable), "runs in the agent's own interpreter"),
        (("--option", "nonsense"), "NAME=VALUE"),
        (("--option", "agent={}"), "NAME=VALUE"),
    ],
)
def test_wrong_usage_is_exit_code_2(agent, args, words):
    """Before anything is started."""
    done = agent.run("probe", *args)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_first_that_has_it_is_chosen():
    """In the order in which they were asked; one that is too old is passed over."""
    looked = (
        Interpreter("a", "this one", "3.11.1"),
        Interpreter("b", "python3 on PATH", "3.9.1", mlc_llm=True, trouble="Python 3.9.1 is too old"),
        Interpreter("c", "$CONDA_PREFIX", "3.13.0", mlc_llm=True),
        Interpreter("d", "made by setup", "3.13.0", mlc_llm=True),
    )
    assert Search(looked).chosen is looked[2]
    assert "too old" in Search(looked).lines()[1]


def test_an_interpreter_that_never_answers_does_not_hold_the_probe(tmp_path, monkeypatch):
    """It is given up after a while, and the others are still asked."""
    slow = tmp_path / "bin" / "python3"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(interpreters, "ASK_S", 0.5)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    looked = {one.path: one for one in search().looked}
    assert looked[str(slow)].trouble == "no answer within 0 s"
    assert looked[sys.executable].python
