"""A machine of several GPUs: the run's profile speaks of the one that the engine used."""

import copy

from localloom_agent.machine import (
    Cpu,
    Disk,
    Drivers,
    Gpu,
    MachineProfile,
    Memory,
    OperatingSystem,
    PythonRuntime,
)
from localloom_agent.supervisor.profile import profile_event
from localloom_agent.supervisor.used_gpu import use_gpu
from localloom_diagnosis.wire import attributes_from_wire


def laptop(**changes):
    """Document and attributes of a laptop with an integrated and a dedicated GPU."""
    made = MachineProfile(
        os=OperatingSystem("linux", "Debian GNU/Linux", "12", "6.1.0", "x86_64"),
        cpu=Cpu(model="12th Gen Intel(R) Core(TM) i7-12700H"),
        memory=Memory(total=16 << 30, **changes.pop("memory", {})),
        disk=Disk(),
        gpus=(
            Gpu("Intel", "Intel(R) Iris(R) Xe Graphics", driver="i915", pci_id="8086:46a6", driver_version="Mesa 24.0.9-0ubuntu1"),
            Gpu("NVIDIA", "NVIDIA GeForce RTX 3060 Laptop GPU", memory_total=6 << 30, pci_id="10de:2520",
                compute_capability="8.6", **{"driver_version": "580.95.05", "memory_free": 5 << 30, **changes}),
        ),
        drivers=Drivers(),
        python=PythonRuntime("3.11.9", "cpython", "linux-x86_64"),
    )  # fmt: skip
    return made.to_json(), made.attributes()


def digest(document, attributes):
    return profile_event(document, attributes).machine_profile.digest


def test_the_profile_speaks_of_the_gpu_that_was_used():
    """An engine on the integrated GPU makes it the run's; both stay listed, and nothing of the other is left."""
    document, attributes = laptop()
    assert attributes["hw.gpu.model"] == "NVIDIA GeForce RTX 3060 Laptop GPU"
    before = digest(document, attributes)
    frame = {
        "t": "engine",
        "device": "vulkan:0",
        "attributes": {"device.description": "Intel(R) Iris(R) Xe Graphics (ADL GT2)"},
    }
    assert use_gpu(document, attributes, frame)
    assert {n: v for n, v in attributes.items() if n.startswith("hw.gpu.")} == {
        "hw.gpu.vendor": "intel", "hw.gpu.model": "Intel Iris Xe Graphics", "hw.gpu.architecture": "Xe-LP", "hw.gpu.driver": "i915",
        "hw.gpu.driver_version": "Mesa 24.0.9", "hw.gpu.pci_id": "8086:46a6", "hw.gpu.count": 2,
    }  # fmt: skip
    assert [gpu["pci_id"] for gpu in document["gpus"]] == ["8086:46a6", "10de:2520"]
    assert digest(document, attributes) != before
    assert not use_gpu(document, attributes, frame)


def test_a_browsers_adapter_names_the_gpu_too():
    """WebGPU's vendor and architecture are enough to tell a laptop's two GPUs apart."""
    document, attributes = laptop()
    frame = {
        "t": "machine_part",
        "part": "browser",
        "attributes": {"webgpu.vendor": "intel", "webgpu.architecture": "gen-12lp"},
    }
    assert use_gpu(document, attributes, frame)
    assert attributes["hw.gpu.model"] == "Intel Iris Xe Graphics"


def test_what_names_no_other_gpu_changes_nothing():
    """The CPU, software renderers, unknown names and the GPU that the profile speaks of already leave it as it is."""
    document, attributes = laptop()
    kept = copy.deepcopy((document, attributes))
    for frame in (
        {"t": "engine", "device": "cpu", "attributes": {"device.description": "cpu"}},
        {
            "t": "engine",
            "device": "cuda:0",
            "attributes": {"device.description": "NVIDIA GeForce RTX 3060 Laptop GPU"},
        },
        {"t": "engine", "device": "cuda:0", "attributes": {"device.description": "NVIDIA GeForce RTX 4090"}},
        {
            "t": "engine",
            "device": "vulkan:1",
            "attributes": {"device.description": "llvmpipe (LLVM 15.0.7, 256 bits)"},
        },
        {"t": "engine", "device": "cuda:0", "attributes": {}},
        {
            "t": "machine_part",
            "part": "browser",
            "attributes": {"webgpu.vendor": "google", "webgpu.architecture": "swiftshader"},
        },
        {
            "t": "machine_part",
            "part": "browser",
            "attributes": {"webgpu.vendor": "nvidia", "webgpu.architecture": "ampere"},
        },
        {"t": "progress"},
    ):
        assert not use_gpu(document, attributes, frame)
    assert (document, attributes) == kept


def test_an_adapter_that_fits_two_gpus_keeps_the_larger():
    """Two cards of one maker and architecture look the same to a browser: the profile goes on speaking of its own."""
    document, attributes = laptop()
    document["gpus"].insert(
        0, {"vendor": "NVIDIA", "model": "NVIDIA GeForce RTX 3050", "pci_id": "10de:2507"}
    )
    frame = {
        "t": "machine_part",
        "part": "browser",
        "attributes": {"webgpu.vendor": "nvidia", "webgpu.architecture": "ampere"},
    }
    assert not use_gpu(document, attributes, frame)
    assert attributes["hw.gpu.model"] == "NVIDIA GeForce RTX 3060 Laptop GPU"


def test_what_changes_by_the_minute_is_not_the_profiles_identity():
    """Free memory and notes leave the digest as it is; a driver's update does not."""
    same = digest(*laptop())
    assert digest(*laptop(memory_free=1 << 30, memory={"available": 1, "swap_total": 5})) == same
    assert digest(*laptop(driver_version="581.10")) != same


def test_the_attributes_travel_under_their_names():
    """What the collector gets is what the profile says, with the names of the design."""
    document, attributes = laptop()
    sent = attributes_from_wire(profile_event(document, attributes).machine_profile.attributes)
    assert (sent["hw.cpu.model"], sent["hw.gpu.vendor"], sent["host.memory.class"]) == (
        "Intel Core i7-12700H",
        "nvidia",
        16 << 30,
    )
    assert document["cpu"]["model"].startswith("12th Gen")
