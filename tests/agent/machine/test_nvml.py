import sys
from types import ModuleType

import pytest

from localloom_agent.machine.nvml import nvml_gpus


@pytest.fixture
def lost_gpu_driver(monkeypatch):
    """An NVML whose second GPU fell off the bus: the real one does so only when hardware breaks."""
    nvml = ModuleType("pynvml")

    def handle(index):
        if index == 1:
            raise RuntimeError("GPU is lost")
        return index

    class Pci:
        busId = b"00000000:3B:00.0"  # noqa: N815 - NVML's name
        pciDeviceId = 0x233510DE  # noqa: N815 - NVML's name

    class Bytes:
        total, free = 150754820096, 150109880320

    def refuses(_handle):
        raise RuntimeError("Not Supported")

    for name, value in {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlSystemGetDriverVersion": lambda: "580.159.04",
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": handle,
        "nvmlDeviceGetPciInfo": lambda _handle: Pci,
        "nvmlDeviceGetName": lambda _handle: b"NVIDIA H200",
        "nvmlDeviceGetMemoryInfo": lambda _handle: Bytes,
        "nvmlDeviceGetCudaComputeCapability": refuses,
        "nvmlDeviceGetMigMode": refuses,
    }.items():
        setattr(nvml, name, value)
    monkeypatch.setitem(sys.modules, "pynvml", nvml)


@pytest.mark.usefixtures("lost_gpu_driver")
def test_a_lost_gpu_is_a_note_and_the_others_are_listed():
    """One GPU's failure hides no other, and a question without an answer leaves its field unknown."""
    notes = []
    (found,) = nvml_gpus(notes) or []
    assert found.address == "0000:3b:00.0"
    assert (found.gpu.model, found.gpu.pci_id, found.gpu.memory_total) == (
        "NVIDIA H200",
        "10de:2335",
        150754820096,
    )
    assert found.gpu.compute_capability is None
    assert [note for note in notes if "GPU is lost" in note]
    assert [note for note in notes if "Not Supported" in note]


def test_the_real_library_answers_or_says_why_not():
    """Where there is no NVIDIA driver the reason is a note; where there is one, every GPU has a name and memory."""
    notes = []
    found = nvml_gpus(notes)
    if found is None:
        assert len(notes) == 1
    else:
        assert all(entry.gpu.model and entry.gpu.memory_total for entry in found)


def test_no_package_is_a_note(monkeypatch):
    """Without pynvml the profile goes on."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    notes = []
    assert nvml_gpus(notes) is None
    assert notes
