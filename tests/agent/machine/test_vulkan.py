import stat
import time

import pytest

from localloom_agent.machine.record import Gpu
from localloom_agent.machine.vulkan import merge, parse_vulkaninfo, with_vulkan
from localloom_diagnosis.hardware import normalise

# github.com/lutris/lutris/issues/6466: one card under two drivers; the second says nothing in driverInfo.
TWO_DRIVERS = """\
Devices:
========
GPU0:
\tapiVersion         = 1.4.328
\tdriverVersion      = 25.3.5
\tvendorID           = 0x1002
\tdeviceID           = 0x73df
\tdeviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
\tdeviceName         = AMD Radeon RX 6700 XT (RADV NAVI22)
\tdriverID           = DRIVER_ID_MESA_RADV
\tdriverName         = radv
\tdriverInfo         = Mesa 25.3.5-arch1.1
GPU1:
\tapiVersion         = 1.3.206
\tdriverVersion      = 2.0.218
\tvendorID           = 0x1002
\tdeviceID           = 0x73df
\tdeviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
\tdeviceName         = AMD Radeon RX 6700 XT
\tdriverID           = DRIVER_ID_AMD_PROPRIETARY
\tdriverName         = AMD proprietary driver
\tdriverInfo         =
"""

# BENCHMARKS.md of github.com/hybridgroup/yzma: a laptop with two GPUs; llvmpipe as the SYCL notes of AdaptiveCpp's
# users show it.
LAPTOP = """\
GPU0:
\tdriverVersion      = 25.2.8
\tvendorID           = 0x8086
\tdeviceID           = 0xa788
\tdeviceType         = PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU
\tdeviceName         = Intel(R) Graphics (RPL-S)
\tdriverID           = DRIVER_ID_INTEL_OPEN_SOURCE_MESA
\tdriverName         = Intel open-source Mesa driver
\tdriverInfo         = Mesa 25.2.8-0ubuntu0.24.04.1
GPU1:
\tdriverVersion      = 580.95.5.0
\tvendorID           = 0x10de
\tdeviceID           = 0x2860
\tdeviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
\tdeviceName         = NVIDIA GeForce RTX 4070 Laptop GPU
\tdriverName         = NVIDIA
\tdriverInfo         = 580.95.05
GPU2:
\tvendorID           = 0x10005
\tdeviceID           = 0x0000
\tdeviceType         = PHYSICAL_DEVICE_TYPE_CPU
\tdeviceName         = llvmpipe (LLVM 20.1.8, 256 bits)
\tdriverInfo         = Mesa 25.2.8-0ubuntu0.25.10.2 (LLVM 20.1.8)
"""


def test_a_summary_lists_gpus_and_their_drivers():
    """Ids, names and driver versions are read; a renderer on the CPU is no GPU."""
    intel, nvidia = parse_vulkaninfo(LAPTOP)
    assert (intel.pci_id, intel.driver_version, intel.shares_host_memory) == (
        "8086:a788",
        "Mesa 25.2.8-0ubuntu0.24.04.1",
        True,
    )
    assert (nvidia.vendor, nvidia.pci_id, nvidia.driver_version) == ("NVIDIA", "10de:2860", "580.95.05")
    named = normalise(
        {}, {"gpus": [{"vendor": nvidia.vendor, "model": nvidia.model, "pci_id": nvidia.pci_id}]}
    )
    assert (named["hw.gpu.model"], named["hw.gpu.architecture"]) == (
        "NVIDIA GeForce RTX 4070 Laptop GPU",
        "Ada Lovelace",
    )


def test_vulkan_tells_the_drivers_version_that_the_bus_does_not():
    """An amdgpu card gets Mesa's version, of the first driver where it has two; what was known stays."""
    bus = [
        Gpu("AMD", None, memory_total=1 << 30, driver="amdgpu", pci_id="1002:73df", source="sysfs"),
        Gpu("NVIDIA", "NVIDIA H200", driver_version="580.1", pci_id="10de:2335", source="nvml"),
    ]
    amd, nvidia = merge(bus, parse_vulkaninfo(TWO_DRIVERS))
    assert (amd.driver_version, amd.memory_total, amd.source) == ("Mesa 25.3.5-arch1.1", 1 << 30, "sysfs")
    assert nvidia == bus[1]


@pytest.mark.parametrize(
    "text", ["", "ERROR_INCOMPATIBLE_DRIVER", "GPU0:\n", "GPU0:\n\tdeviceName = x\n\tdeviceID = zz\n"]
)
def test_an_odd_summary_is_no_crash(text):
    """What cannot be read tells nothing."""
    assert merge([Gpu("AMD", "x")], parse_vulkaninfo(text)) == [Gpu("AMD", "x")]


def test_a_vulkaninfo_that_hangs_is_a_note(tmp_path, monkeypatch):
    """A driver may hang when it is started: the profile goes on without it after its time-out."""
    program = tmp_path / "vulkaninfo"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    notes: list[str] = []
    began = time.monotonic()
    found = [Gpu("AMD", "x")]
    assert with_vulkan(found, notes) == found
    assert notes == ["vulkaninfo: no answer within 1.5 s"]
    assert time.monotonic() - began < 30


def test_nobody_is_asked_where_all_is_known(tmp_path, monkeypatch):
    """Where every driver has its version, or vulkaninfo is not installed, nothing is started and nothing noted."""
    monkeypatch.setenv("PATH", str(tmp_path))
    notes: list[str] = []
    with_vulkan([Gpu("AMD", "x")], notes)
    with_vulkan([Gpu("NVIDIA", "x", driver_version="1")], notes)
    assert notes == []
