import cpuinfo_texts as texts
import pytest

from localloom_agent.machine.cpuinfo import parse_cpuinfo


def test_an_amd_desktop():
    """Model, vendor and the x86-64 level come from the first core's lines."""
    cpu, _ = parse_cpuinfo(texts.RYZEN_5800X3D)
    assert (cpu.model, cpu.vendor) == ("AMD Ryzen 7 5800X3D 8-Core Processor", "AMD")
    assert cpu.x86_64_level == "x86-64-v3"
    assert {"avx2", "f16c", "fma", "sse4_2", "sse3", "lzcnt"} <= set(cpu.instruction_sets)
    assert not any(name.startswith(("avx512", "smep", "smap")) for name in cpu.instruction_sets)
    assert list(cpu.instruction_sets) == sorted(cpu.instruction_sets)


def test_avx512_is_level_4():
    """A Zen 4 with the five AVX-512 sets of the psABI is x86-64-v4."""
    cpu, _ = parse_cpuinfo(texts.ZEN4_FLAGS)
    assert cpu.x86_64_level == "x86-64-v4"
    assert {"avx512f", "avx512_bf16"} <= set(cpu.instruction_sets)


@pytest.mark.parametrize(
    ("missing", "level"), [("fma", "x86-64-v2"), ("sse4_2", "x86-64-v1"), ("abm", "x86-64-v2")]
)
def test_a_level_needs_all_of_its_flags(missing, level):
    """One flag less, as a virtual machine may hide it, is a lower level."""
    cpu, _ = parse_cpuinfo(texts.RYZEN_5800X3D.replace(f" {missing} ", " "))
    assert cpu.x86_64_level == level


def test_an_arm_board_is_named_by_its_part_and_never_by_its_serial():
    """A 64-bit Raspberry Pi lists no model name; the part number tells, and the serial line is not read."""
    cpu, flags = parse_cpuinfo(texts.RASPBERRY_PI_4)
    assert (cpu.model, cpu.vendor, cpu.logical_cores) == ("Cortex-A72", "ARM", 2)
    assert cpu.instruction_sets == ("asimd", "crc32", "fp", "neon")
    assert cpu.x86_64_level is None
    assert "1000000000000000" not in f"{cpu}{flags}"


def test_a_32_bit_kernel_lists_other_features():
    """The same chip under a 32-bit kernel has NEON and no 64-bit names."""
    cpu, _ = parse_cpuinfo(texts.RASPBERRY_PI_4_32BIT)
    assert cpu.model == "Cortex-A72"
    assert "neon" in cpu.instruction_sets
    assert "asimd" not in cpu.instruction_sets


@pytest.mark.parametrize(
    "text", ["", "\n\n", "nonsense", "CPU part: zz\nCPU implementer : 0x41", "processor : x"]
)
def test_what_is_no_cpuinfo_gives_an_empty_record(text):
    """Nothing readable is no error: every field stays unknown."""
    cpu, flags = parse_cpuinfo(text)
    assert cpu.x86_64_level is None
    assert not flags
