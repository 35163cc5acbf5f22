from __future__ import annotations

import pytest

from localloom_agent.engines.interface import EngineFault
from localloom_agent.engines.tvm import devices, memory, targets
from localloom_diagnosis.taxonomy import Category


@pytest.fixture(autouse=True)
def no_gpu(monkeypatch):
    """A machine without GPUs, whatever this one has."""
    monkeypatch.setattr(devices, "_find", lambda *_: None)


class FakeGpu:
    available_global_memory = 1000
    total_global_memory = 2000


@pytest.mark.parametrize(
    "name", ["banana", "cuda:", "cuda:x", "cuda:-1", "auto:1", "", "cuda:1:2", "cuda:99999"]
)
def test_a_name_that_no_device_has_is_config_invalid(name):
    """A device name that means nothing is the caller's mistake, not the machine's."""
    with pytest.raises(EngineFault) as caught:
        devices.choose_device(name)
    assert caught.value.category is Category.CONFIG_INVALID
    assert caught.value.facts["device.requested"] == name


@pytest.mark.parametrize("name", ["cuda", "cuda:1", "metal", "vulkan", "rocm", "CUDA"])
def test_an_absent_device_says_why(name):
    """A device that is not there is gpu.unsupported, with what would have worked and the loader's reason."""
    with pytest.raises(EngineFault) as caught:
        devices.choose_device(name)
    assert caught.value.category is Category.GPU_UNSUPPORTED
    assert caught.value.facts["device.requested"] == name
    assert caught.value.facts["device.available"] == "cpu"
    assert caught.value.facts["device.reason"]


def test_auto_falls_back_to_the_cpu():
    """Without a GPU, "auto" is the CPU."""
    chosen = devices.choose_device("auto")
    assert (chosen.kind, chosen.name, chosen.is_cpu) == ("cpu", "cpu", True)


def test_auto_prefers_the_first_gpu_that_exists(monkeypatch):
    """With GPUs, "auto" is the first kind in the order of preference."""
    existing = {kind: devices.Chosen(kind, 0, None, "a GPU") for kind in ("vulkan", "rocm")}
    monkeypatch.setattr(devices, "_find", lambda kind, _: existing.get(kind))
    assert devices.choose_device("auto").name == "rocm:0"
    assert devices.available_devices() == ["cpu", "rocm:0", "vulkan:0"]


def test_a_number_beyond_the_last_device_is_told_so(monkeypatch):
    """Where the kind exists and the number does not, the reason is the number."""
    first = devices.Chosen("cuda", 0, None, "a GPU")
    monkeypatch.setattr(devices, "_find", lambda kind, index: first if (kind, index) == ("cuda", 0) else None)
    with pytest.raises(EngineFault, match="number 7"):
        devices.choose_device("cuda:7")


def test_a_gpu_too_small_is_refused():
    """A model that needs more than the GPU has free is gpu.out_of_memory, with the three figures."""
    chosen = devices.Chosen("cuda", 0, FakeGpu(), "a small GPU")
    with pytest.raises(EngineFault) as caught:
        memory.check_memory(chosen, 1 << 30)
    assert caught.value.category is Category.GPU_OUT_OF_MEMORY
    assert caught.value.facts == {
        "gpu.memory.needed": 1 << 30,
        "gpu.memory.free": 1000,
        "gpu.memory.total": 2000,
    }


def test_features_that_the_kernel_hides_are_not_used(monkeypatch):
    """A vector extension that the processor's name promises and /proc/cpuinfo lacks is switched off."""
    monkeypatch.setattr(targets.sys, "platform", "linux")
    monkeypatch.setattr(targets.Path, "read_text", lambda *_, **__: "flags\t\t: fpu sse4_1 sse4_2 avx\n")
    masked = targets._masked_features({"kind": "llvm", "mcpu": "x86-64-v3", "mtriple": "x86_64-linux-gnu"})
    assert {"avx2", "fma", "f16c"} <= set(masked)
    assert "avx" not in masked


@pytest.mark.parametrize(
    ("membership", "files", "left"),
    [
        (
            "0::/a/b\n",
            {
                "a/memory.max": "1000",
                "a/memory.current": "900",
                "a/memory.stat": "anon 1\ninactive_file 50\n",
            },
            150,
        ),
        ("0::/a\n", {"a/memory.max": "max", "a/memory.current": "900", "a/memory.stat": ""}, None),
        (
            "5:cpu,memory:/a\n",
            {
                "memory/a/memory.limit_in_bytes": "2000",
                "memory/a/memory.usage_in_bytes": "500",
                "memory/a/memory.stat": "total_inactive_file 0\n",
            },
            1500,
        ),
        ("3:cpu:/a\n", {}, None),
    ],
    ids=["v2, of a parent", "v2 without limit", "v1", "no memory controller"],
)
def test_a_cgroup_leaves_what_its_limit_leaves(membership, files, left, tmp_path):
    """What is left under a cgroup's limit counts page cache as free, in version 2, in version 1, and of parents."""
    (tmp_path / "membership").write_text(membership)
    for name, content in files.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert memory._cgroup_left(tmp_path / "membership", tmp_path / "root") == left
