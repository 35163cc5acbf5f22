from localloom_agent.machine.nvidia_smi import parse_nvidia_smi

# What nvidia-smi 580.159.04 printed for the very query on an H200, 2026-11-22.
H200 = "NVIDIA H200, 143771, 143156, 580.159.04, 00000000:00:06.0, 0x233510DE, 9.0\n"


def test_a_line_is_a_gpu():
    """Sizes are MiB, the bus address is written as /sys writes it, ids as everywhere else."""
    notes: list[str] = []
    (found,) = parse_nvidia_smi(H200, notes)
    assert found.address == "0000:00:06.0"
    assert (found.gpu.model, found.gpu.driver_version, found.gpu.compute_capability) == (
        "NVIDIA H200",
        "580.159.04",
        "9.0",
    )
    assert (found.gpu.memory_total, found.gpu.pci_id) == (143771 << 20, "10de:2335")
    assert not notes


def test_what_a_gpu_does_not_tell_is_unknown():
    """Drivers answer "[N/A]" for a field; a line of another shape is a note.

    A GB10, which shares the host's memory, is reported in public with "[N/A]" for both sizes ("NVIDIA GB10, [N/A],
    580.126.09"); the line here is the H200's with these answers in their places, for want of one of this very query.
    """
    notes: list[str] = []
    (found,) = parse_nvidia_smi(
        "NVIDIA GB10, [N/A], [N/A], 580.126.09, 00000000:00:06.0, 0x233510DE, 9.0\nNo devices\n", notes
    )
    assert (found.gpu.memory_total, found.gpu.memory_free) == (None, None)
    assert notes == ["nvidia-smi: 1 fields where 7 were asked for"]
