import macos_texts as texts

from localloom_agent.machine import macos


def test_apple_gpus_share_the_hosts_memory():
    """Apple's GPUs name no memory of their own; the model is read with and without sppci_model."""
    for text, model in ((texts.M1, "Apple M1"), (texts.M3_PRO, "Apple M3 Pro")):
        notes = []
        (gpu,) = macos.parse_system_profiler(text, notes)
        assert (gpu.vendor, gpu.model, gpu.memory_total, gpu.shares_host_memory) == (
            "Apple",
            model,
            None,
            True,
        )
        assert gpu.source == "system_profiler"
        assert not notes
        assert "DELL" not in repr(gpu)


def test_an_intel_gpu_of_an_older_macos():
    """A key that system_profiler left untranslated is made readable, and the device id is kept."""
    (gpu,) = macos.parse_system_profiler(texts.IRIS_6100, [])
    assert (gpu.vendor, gpu.model, gpu.pci_id) == ("Intel", "Intel Iris 6100", "8086:162b")


def test_dedicated_memory_is_bytes():
    """Sizes come with their unit: "4 GB" stands in sebhildebrandt/systeminformation#348's report of a Radeon Pro 560X."""
    assert macos._size("4 GB") == 4 << 30
    assert macos._size("1536 MB") == 1536 << 20
    assert macos._size("spdisplays_none") is None


def test_what_is_no_json_is_a_note():
    """An output of another shape is a result with a reason."""
    for text in ("", "Graphics/Displays:", "[]", '{"SPDisplaysDataType": null}'):
        notes = []
        assert macos.parse_system_profiler(text, notes) == []
        assert len(notes) == 1


def test_sysctl_of_apple_silicon():
    """Apple's names for instruction sets become Linux'."""
    cpu = macos.cpu(macos.parse_sysctl(texts.SYSCTL_M1_MACOS_11))
    assert (cpu.model, cpu.vendor, cpu.physical_cores, cpu.x86_64_level) == (
        "Apple processor",
        "Apple",
        8,
        None,
    )
    assert cpu.instruction_sets == ("asimd", "asimdfhm", "asimdhp", "atomics", "crc32", "neon")


def test_sysctl_of_macos_12_and_later():
    """Features of value 0 are absent, and figures that are no feature are ignored."""
    cpu = macos.cpu(macos.parse_sysctl(texts.SYSCTL_M4_SME))
    assert cpu.instruction_sets == ("sme", "sme2")


def test_sysctl_of_an_intel_mac():
    """Intel's names for instruction sets become Linux', and add up to a level."""
    cpu = macos.cpu(macos.parse_sysctl(texts.SYSCTL_I5_5250U))
    assert (cpu.vendor, cpu.x86_64_level) == ("Intel", "x86-64-v3")
    assert {"avx", "avx2", "f16c", "fma", "sse4_1", "sse4_2", "lzcnt"} <= set(cpu.instruction_sets)
