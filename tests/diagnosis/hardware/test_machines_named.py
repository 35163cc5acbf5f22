"""Processors, memory, systems and browsers: real strings, and what they are called."""

import pytest

from localloom_diagnosis.hardware import cpu_model, memory_class
from localloom_diagnosis.hardware.systems import browser_name, browser_version, os_name, os_type, os_version

GIB = 2**30


@pytest.mark.parametrize(
    ("said", "model"),
    [
        # github.com/lutris/lutris/issues/6388, github.com/RPCS3/rpcs3/issues/4055
        ("12th Gen Intel(R) Core(TM) i5-12490F", "Intel Core i5-12490F"),
        ("Intel(R) Core(TM) i7-7700HQ CPU @ 2.80GHz", "Intel Core i7-7700HQ"),
        # /proc/cpuinfo of a cloud's virtual machine, 2026-11-22: the hypervisor hides the model
        ("Intel(R) Xeon(R) Processor", "Intel Xeon"),
        # The forms of AMD's and Intel's brand strings, as CPUID gives them
        ("AMD Ryzen 7 5800X3D 8-Core Processor", "AMD Ryzen 7 5800X3D"),
        ("AMD Ryzen 7 5700U with Radeon Graphics         ", "AMD Ryzen 7 5700U"),
        ("AMD Ryzen 9 7940HS w/ Radeon 780M Graphics", "AMD Ryzen 9 7940HS"),
        ("AMD Ryzen Threadripper PRO 5975WX 32-Cores", "AMD Ryzen Threadripper PRO 5975WX"),
        ("AMD EPYC 7763 64-Core Processor", "AMD EPYC 7763"),
        ("AMD FX(tm)-8350 Eight-Core Processor", "AMD FX-8350"),
        ("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "Intel Xeon E5-2680 v4"),
        ("Intel(R) Core(TM) Ultra 7 155H", "Intel Core Ultra 7 155H"),
        # github.com/archspec/archspec/issues/38, and what names no product
        ("Apple processor", "Apple processor"),
        ("Apple M2 Pro", "Apple M2 Pro"),
        ("Common KVM processor", "Common KVM processor"),
        ("Cortex-A72", "Cortex-A72"),
        ("", None),
        (None, None),
    ],
)
def test_a_processor_is_called_by_its_product(said, model):
    """Marks, clock rates, core counts and the graphics beside it are no part of a processor's name."""
    assert cpu_model(said) == model


@pytest.mark.parametrize(
    ("size", "sold"),
    [
        (143771 * 2**20, 141),  # nvidia-smi of an H200, 2026-11-22
        (12288 * 2**20, 12),  # github.com/geerlingguy/raspberry-pi-pcie-devices/issues/790
        (21458059264, 20),  # github.com/marimo-team/marimo/issues/9237
        (17163091968, 16),  # github.com/mudler/LocalAI/pull/7761
        (
            24348 * 2**20,
            24,
        ),  # dxdiag of an RTX 3090: github.com/Colmanian/AuthentiKit-Trim-Calibration/issues/12
        (2007 * 2**20, 2),  # github.com/nbayazes/Inferno/issues/17
        (135148564480, 128),  # MemTotal of a machine of 128 GiB
        (int(31.2 * GIB), 32),  # github.com/lutris/lutris/issues/6388
        (16 * 10**9, 16),
        (1, 1),
        (1500 * GIB, 1536),
    ],
)
def test_memory_is_the_size_it_was_sold_as(size, sold):
    """Firmware, kernels and error correction keep something to themselves; the class is what stands on the box."""
    assert memory_class(size) == sold * GIB


@pytest.mark.parametrize("size", [None, 0, -1, float("nan"), float("inf"), True])
def test_what_is_no_size_has_no_class(size):
    """Nothing is made up."""
    assert memory_class(size) is None


@pytest.mark.parametrize(
    ("kind", "name", "version", "expected"),
    [
        ("Windows", "Microsoft Windows 11 Pro", "10.0.22631.3447", ("windows", "Windows 11", "10.0.22631")),
        (
            "windows",
            "Windows 10",
            "10.0.26100",
            ("windows", "Windows 11", "10.0.26100"),
        ),  # it calls itself 10
        ("win32", "", "10.0.19045", ("windows", "Windows 10", "10.0.19045")),
        ("macos", "", "15.1", ("darwin", "macOS", "15.1")),
        ("Darwin", "Mac OS X", "14.7", ("darwin", "macOS", "14.7")),
        ("linux", "Debian GNU/Linux", "12", ("linux", "Debian GNU/Linux", "12")),
        ("FreeBSD", "FreeBSD", "14.1", ("freebsd", "FreeBSD", "14.1")),
    ],
)
def test_systems_have_a_family_and_a_version(kind, name, version, expected):
    """OpenTelemetry's type, the family a person names, and the version without what changes by the patch."""
    of = os_type(kind)
    short = os_version(version, of)
    assert (of, os_name(name, of, short), short) == expected


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("HeadlessChrome", "chrome"),
        ("Google Chrome", "chrome"),
        ("Microsoft Edge", "edge"),
        ("Chromium", "chromium"),
        ("Safari", "safari"),
    ],
)
def test_browsers_have_short_names(said, name):
    """A browser with a window and one without are one browser."""
    assert browser_name(said) == name
    assert browser_version("HeadlessChrome/131.0.6778.33") == "131.0.6778.33"
