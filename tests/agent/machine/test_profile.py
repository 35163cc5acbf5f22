import getpass
import json
import re
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from localloom_agent.machine import (
    Cpu,
    Disk,
    Drivers,
    Gpu,
    MachineProfile,
    Memory,
    OperatingSystem,
    PythonRuntime,
    profile,
)


@pytest.fixture(scope="module")
def here():
    return profile()


def test_the_profile_of_this_machine_agrees_with_other_sources(here):
    """Figures match those of psutil, platform and the package database."""
    assert here.memory.total == pytest.approx(psutil.virtual_memory().total, rel=0.01)
    assert here.cpu.logical_cores == psutil.cpu_count()
    assert 1 <= here.cpu.usable_cores <= here.cpu.logical_cores
    assert here.packages["apache-tvm"] == version("apache-tvm")
    assert here.packages["grpcio"] == version("grpcio")
    assert here.python.version == ".".join(map(str, sys.version_info[:3]))
    assert here.os.type in {"linux", "darwin", "windows"}
    assert here.disk.free <= here.disk.total


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux'")
def test_flags_of_this_machine_are_the_kernels(here):
    """Every instruction set of an x86 profile stands in /proc/cpuinfo, under its old name where it has one."""
    text = Path("/proc/cpuinfo").read_text()
    flags = set(re.findall(r"^(?:flags|Features)\s*: (.*)$", text, re.MULTILINE)[0].split())
    renamed = {"sse3": "pni", "lzcnt": "abm", "neon": "asimd"}
    assert {renamed.get(name, name) for name in here.cpu.instruction_sets} <= flags


def test_the_json_form_is_plain_and_whole(here):
    """The profile survives JSON, with every key that readers rely on and sizes as whole bytes."""
    data = json.loads(json.dumps(here.to_json()))
    assert data == here.to_json()
    assert set(data) == {"os", "cpu", "memory", "disk", "gpus", "drivers", "python", "packages", "container",
                         "virtualization", "notes"}  # fmt: skip
    assert set(data["os"]) == {"type", "name", "version", "kernel", "arch"}
    assert isinstance(data["memory"]["total"], int)
    assert "libcuda" in (data["drivers"]["cuda"] or {"libcuda": None})


def test_the_profile_names_nobody(here):
    """User, home and host of this machine are nowhere in it, nor a MAC address or a GPU's UUID."""
    text = json.dumps(here.to_json()) + json.dumps(here.attributes())
    words = set(re.split(r"[^A-Za-z0-9_.-]+", text))
    for name in (getpass.getuser(), socket.gethostname(), socket.gethostname().partition(".")[0]):
        assert name not in words
    assert str(Path.home()) not in text
    assert not re.search(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|GPU-[0-9a-f]{8}-", text)


def test_a_process_of_its_own_prints_the_profile_quickly():
    """`python -m localloom_agent.machine` prints the JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "localloom_agent.machine"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout)["os"]["type"]
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere programs have to be started")
def test_a_profile_costs_no_time(here):
    """On Linux without NVML at work a profile takes a fraction of the 150 ms it may."""
    if any(gpu.source == "nvml" for gpu in here.gpus):
        pytest.skip("starting NVML takes as long as the driver takes")
    began = time.process_time()
    profile()
    assert time.process_time() - began < 0.15


def test_it_works_without_any_package():
    """The engine's interpreter may hold neither psutil nor pynvml nor platformdirs; the profile is made all the same."""
    code = (
        "import sys\n"
        "for name in ('psutil', 'pynvml', 'platformdirs'): sys.modules[name] = None\n"
        "from localloom_agent.machine import profile\n"
        "print(profile().os.type)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() in {"linux", "darwin", "windows"}


def test_the_cache_need_not_exist(tmp_path):
    """The disk is that of the nearest folder that exists."""
    disk = profile(tmp_path / "a" / "b").disk
    assert disk.total == psutil.disk_usage(str(tmp_path)).total
    assert disk.path_kind == "cache"


def test_attributes_are_flat_and_speak_of_the_gpu_that_would_be_used():
    """Unknown values are left out, names are OpenTelemetry's, and the largest GPU is the primary one."""
    made = MachineProfile(
        os=OperatingSystem("linux", "Debian GNU/Linux", "12", "6.1.0", "x86_64"),
        cpu=Cpu(model="AMD EPYC", instruction_sets=("avx2", "fma")),
        memory=Memory(total=64 << 30),
        disk=Disk(),
        gpus=(
            Gpu("Intel", "UHD"),
            Gpu("NVIDIA", "NVIDIA H200", memory_total=141 << 30, driver_version="580.95.05"),
        ),
        drivers=Drivers(),
        python=PythonRuntime("3.11.9", "cpython", "linux-x86_64"),
    )
    attributes = made.attributes()
    assert attributes["hw.gpu.model"] == "NVIDIA H200"
    assert attributes["hw.gpu.memory"] == 141 << 30
    assert attributes["host.memory"] == 64 << 30
    assert (attributes["os.type"], attributes["host.arch"], attributes["hw.gpu.count"]) == (
        "linux",
        "amd64",
        2,
    )
    assert "host.memory.limit" not in attributes
    assert all(isinstance(value, (str, int, float, bool)) for value in attributes.values())


def test_a_source_that_fails_is_a_note(monkeypatch):
    """Whatever a source throws, the rest of the profile is there, with the reason among the notes."""
    from localloom_agent.machine import survey

    def fails():
        raise RuntimeError("no such thing")

    monkeypatch.setattr(survey, "package_versions", fails)
    made = profile()
    assert made.packages == {}
    assert made.memory.total
    assert any("no such thing" in note for note in made.notes)
