"""`localloom-agent setup mlc`: the right wheels, an environment of their own, and one clear sentence where it fails."""

from __future__ import annotations

import dataclasses
import shlex
import sys

import pytest

from localloom_agent.engines import mlc_wheels
from localloom_agent.engines.mlc_wheels import InstallError, commands, execute, fitting
from localloom_agent.machine import profile
from localloom_agent.machine.record import Drivers, Gpu, Library, OperatingSystem


@pytest.fixture(scope="module")
def machine():
    return profile()


def with_cuda(machine, version):
    linux = OperatingSystem("linux", "Debian", "12", "6.1", "x86_64")
    cuda = Library("libcuda", loadable=True, version=version)
    return dataclasses.replace(machine, os=linux, gpus=(Gpu("NVIDIA"),), drivers=Drivers(cuda=cuda))


@pytest.mark.parametrize(
    ("cuda", "variant"),
    [("13.1", "cu130"), ("13.0", "cu130"), ("12.9", "cu128"), ("12.4", "cpu"), (None, "cpu")],
)
def test_the_variant_follows_the_nvidia_driver(machine, cuda, variant):
    """The newest build that the driver's CUDA can run; an older driver is told to be updated."""
    chosen = fitting(with_cuda(machine, cuda))
    assert chosen.name == variant
    assert (cuda is None) or (cuda in chosen.because)


@pytest.mark.parametrize(("rocm", "variant"), [("6.3.1", "rocm62"), ("6.1.0-66", "rocm61"), ("5.7", "cpu")])
def test_the_variant_follows_rocm(machine, rocm, variant):
    """Where there is no NVIDIA GPU."""
    linux = OperatingSystem("linux", "Debian", "12", "6.1", "x86_64")
    assert (
        fitting(dataclasses.replace(machine, os=linux, gpus=(), drivers=Drivers(rocm=rocm))).name == variant
    )


def test_a_mac_gets_the_one_that_has_metal(machine):
    """Its wheel is called cpu all the same."""
    chosen = fitting(dataclasses.replace(machine, os=OperatingSystem("darwin", "macOS", "15", "24", "arm64")))
    assert (chosen.name, "Metal" in chosen.because) == ("cpu", True)


def test_the_commands_go_into_an_environment_of_its_own(tmp_path):
    """Both wheels together, psutil beside them, never PyPI's empty packages of these names."""
    make, install = commands("cu130", tmp_path / "own", "/usr/bin/python3")
    assert make == ["/usr/bin/python3", "-m", "venv", str(tmp_path / "own")]
    assert install[0].startswith(str(tmp_path / "own"))
    assert install[-3:] == ["mlc-llm-nightly-cu130>0.1", "mlc-ai-nightly-cu130>0.1", "psutil"]
    assert {"--pre", "https://mlc.ai/wheels"} < set(install)


def test_without_run_it_only_says(agent, tmp_path):
    """Commands on stdout, ready for a shell; the reasons on stderr; nothing is made."""
    done = agent.run("setup", "mlc", "--variant", "cu128", XDG_DATA_HOME=str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    first, second = (shlex.split(line) for line in done.stdout.splitlines())
    assert first[1:3] == ["-m", "venv"]
    assert "mlc-llm-nightly-cu128>0.1" in second
    assert "no extra of localloom" in done.stderr
    assert not (tmp_path / "data").exists()


def test_no_network_is_one_sentence_and_exit_code_3(agent, tmp_path):
    """The environment that was begun is taken away again; this one is as it was."""
    refused = "http://127.0.0.1:9"
    done = agent.run(
        "setup",
        "mlc",
        "--variant",
        "cpu",
        "--run",
        XDG_DATA_HOME=str(tmp_path / "data"),
        HTTPS_PROXY=refused,
        https_proxy=refused,
        PIP_RETRIES="0",
    )
    assert done.returncode == 3
    assert done.stdout == ""
    (_variant, sentence) = done.stderr.strip().splitlines()
    assert "https://mlc.ai/wheels cannot be reached from here" in sentence
    assert "HTTPS_PROXY" in sentence
    assert not (tmp_path / "data" / "localloom" / "mlc-llm").exists()


def test_a_variant_that_cannot_be_is_wrong_usage(agent):
    """Exit code 2, with the names that there are."""
    done = agent.run("setup", "mlc", "--variant", "banana")
    assert done.returncode == 2
    assert "cu130" in done.stderr


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("WARNING: Retrying after NewConnectionError('Name or service not known')", "cannot be reached"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: No matching distribution found for mlc-llm-nightly-cu130>0.1", "has no such wheel"),
        ("ERROR: something new", "pip failed: ERROR: something new"),
    ],
)
def test_what_pip_says_becomes_one_sentence(monkeypatch, output, words):
    """The cause, and what to do."""
    monkeypatch.setattr(mlc_wheels, "_unreachable", lambda: "")
    seen = []
    with pytest.raises(InstallError, match=words) as caught:
        execute([sys.executable, "-c", f"import sys; print({output!r}); sys.exit(1)"], seen.append)
    assert seen == [output]
    assert "\n" not in str(caught.value)


def test_a_missing_ensurepip_is_named():
    """Debian ships Python without it."""
    code = "import sys; print('ensurepip is not available'); sys.exit(1)"
    with pytest.raises(InstallError, match="python3-venv"):
        execute([sys.executable, "-c", code, "venv"], lambda _line: None)
