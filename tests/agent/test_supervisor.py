"""How a probe ends, whatever happens to the probed process: through the console script, with a real child."""

import contextlib
import os
import signal
import time

import psutil
import pytest
from agent_process import wait_for_child

PHASES = ["preflight", "runtime", "resolve", "metadata", "weights", "compile", "load", "generate"]


def statuses(document):
    assert [p["phase"] for p in document["phases"]] == PHASES
    return {p["phase"]: p["status"] for p in document["phases"]}


def test_a_probe_that_passes_has_all_phases_and_exit_code_0(agent):
    """The document has the design's keys; a skipped phase says why."""
    done, document = agent.scripted("--label", "room=lab")
    assert done.returncode == 0, done.stderr
    assert document["outcome"] == "passed"
    assert document["failure"] is None
    assert statuses(document) == dict.fromkeys(PHASES, "passed") | {"metadata": "skipped"}
    assert document["phases"][3]["reason"] == "nothing to fetch"
    assert document["generation"]["text"] == "t1 t2 t3"
    assert document["generation"]["numeric_check"]["status"] == "passed"
    assert document["delivery"] == {"collector": None, "state": "off"}
    assert document["machine"]["cpu"]["logical_cores"] == os.cpu_count()
    assert document["labels"] == {"room": "lab"}


@pytest.mark.parametrize(
    ("fault", "outcome", "category"),
    [
        ("raise@load", "failed", None),
        ("fault@weights", "failed", "artifact.corrupt"),
        ("segv@load", "crashed", "process.crashed"),
        ("abort@compile", "crashed", "process.crashed"),
        ("ill@generate", "crashed", "host.unsupported_cpu"),
        ("exit0@weights", "crashed", "process.crashed"),
        ("exit3@load", "crashed", "process.crashed"),
    ],
)
def test_a_failure_belongs_to_the_phase_it_happened_in(agent, fault, outcome, category):
    """Exit code 1; what came before passed, what came after was not reached."""
    done, document = agent.scripted(fault=fault)
    phase = fault.partition("@")[2]
    assert done.returncode == 1, done.stderr
    assert document["outcome"] == outcome
    assert document["failure"]["phase"] == phase
    if category:
        assert document["failure"]["category"] == category
    seen = statuses(document)
    assert seen[phase] == "failed"
    assert all(seen[p] in ("passed", "skipped") for p in PHASES[: PHASES.index(phase)])
    for later in PHASES[PHASES.index(phase) + 1 :]:
        assert seen[later] == "skipped"
        assert document["phases"][PHASES.index(later)]["reason"] == f"not reached: {phase} failed"


def test_a_chain_of_errors_is_evidence_first_failure_first(agent):
    """The cause comes before what it caused, each with its traceback."""
    _, document = agent.scripted(fault="raise@load")
    first, second = document["failure"]["evidence"]["errors"][:2]
    assert (first["type"], first["origin"]) == ("ConnectionResetError", "cause")
    assert second["type"] == "RuntimeError"
    assert "localloom_faults" in second["traceback"]


def test_a_crash_leaves_its_signal_and_its_stacks(agent):
    """Faulthandler's trace names the line that crashed."""
    _, document = agent.scripted(fault="segv@load")
    evidence = document["failure"]["evidence"]
    assert evidence["signal"] == "SIGSEGV"
    assert "exit_code" not in evidence
    assert "Segmentation fault" in evidence["stacks"]
    assert "localloom_faults.py" in evidence["stacks"]


def test_the_last_words_on_stderr_are_evidence(agent):
    """A process that prints and exits leaves its tail and its exit code."""
    _, document = agent.scripted(fault="stderr@load")
    evidence = document["failure"]["evidence"]
    assert evidence["exit_code"] == 9
    assert "last words" in evidence["stderr_tail"]


def test_an_error_in_a_thread_is_evidence_of_the_hang_it_causes(agent):
    """An exception that reached only threading.excepthook comes first in the evidence of the hang."""
    _, document = agent.scripted("--timeout", "load=2", fault="thread@load")
    assert document["outcome"] == "hung"
    first = document["failure"]["evidence"]["errors"][0]
    assert (first["origin"], first["message"]) == ("thread", "Cannot find parameter in cache: lm_head.weight")


@pytest.mark.parametrize("fault", ["hang@load", "spin@load", "orphan@load"])
def test_a_hang_is_named_soon_and_leaves_nothing_behind(agent, fault):
    """Within 5 s of its limit, with the stacks at that time; the whole tree is gone."""
    before = {p.pid for p in psutil.process_iter()}
    started = time.monotonic()
    done, document = agent.scripted("--timeout", "load=2", fault=fault)
    assert time.monotonic() - started < 30
    assert done.returncode == 1
    assert document["outcome"] == "hung"
    assert document["failure"]["category"] == "process.hung"
    assert document["failure"]["phase"] == "load"
    assert 2 <= document["failure"]["evidence"]["facts"]["progress.age_s"] < 7
    assert "localloom_faults.py" in document["failure"]["evidence"]["stacks"]
    left = [
        p
        for p in psutil.process_iter(["cmdline"])
        if p.pid not in before and "time.sleep(3600)" in str(p.info["cmdline"])
    ]
    assert left == []


def test_a_hang_while_an_exchange_is_pending_is_the_networks(agent):
    """What it waited for is in the evidence, and the verdict is a time-out, not a hang of the process."""
    _, document = agent.scripted("--timeout", "weights=2", fault="pending@weights")
    assert document["outcome"] == "hung"
    assert document["failure"]["category"] == "network.timeout"
    (exchange,) = document["failure"]["evidence"]["exchanges"]
    assert exchange["url"] == "https://hub.example/org/name/params_shard_0.bin"
    assert "pending" in exchange["error"]


def test_a_tenth_of_a_core_is_no_hang(agent):
    """A child that is stopped nine tenths of the time goes on slowly, and passes."""
    running = agent.start(
        "probe", "--engine", "scripted", "--json", "-q", "--timeout", "20",
        plugin=True, LOCALLOOM_TEST_STEPS="30", LOCALLOOM_TEST_PAUSE="0.01",
    )  # fmt: skip
    child = wait_for_child(running.pid, pause=0.0)
    while running.poll() is None:
        for number, pause in ((signal.SIGSTOP, 0.18), (signal.SIGCONT, 0.02)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)
            time.sleep(pause)
    out, _ = running.communicate()
    assert '"outcome": "passed"' in out


def test_a_stopped_child_is_a_hang_and_is_ended(agent):
    """SIGSTOP from outside: it cannot even say its stacks, and is gone all the same."""
    running = agent.start(
        "probe", "--engine", "scripted", "--json", "-q", "--timeout", "5", fault="hang@load"
    )
    child = wait_for_child(running.pid)
    os.kill(child.pid, signal.SIGSTOP)
    out, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    assert '"outcome": "hung"' in out
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_ctrl_c_ends_the_child_and_records_cancelled(agent):
    """Exit code 130, one document, no failure to diagnose, no child left."""
    running = agent.start("probe", "--engine", "scripted", "--json", "-q", fault="hang@load")
    child = wait_for_child(running.pid)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, err
    assert '"outcome": "cancelled"' in out
    assert '"failure": null' in out
    assert not child.is_running()


@pytest.mark.skipif(os.name == "nt", reason="the kernel's parent-death signal is Linux's")
def test_a_killed_agent_takes_its_child_along(agent):
    """Kill -9 of the agent leaves no engine running."""
    running = agent.start("probe", "--engine", "scripted", "-q", fault="spin@load")
    child = wait_for_child(running.pid)
    running.kill()
    running.communicate(timeout=10)
    child.wait(5)


def test_the_home_folder_does_not_leave_the_child(agent, tmp_path):
    """Redaction comes before everything else: the document names the folder as ~."""
    model = tmp_path / "models" / "m"
    done = agent.run(
        "probe",
        "--engine",
        "scripted",
        "--json",
        "-q",
        "--model",
        str(model),
        fault="raise@load",
        HOME=str(tmp_path),
    )
    assert str(tmp_path) not in done.stdout
