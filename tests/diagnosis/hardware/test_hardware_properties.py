"""What holds of every string and every profile, however odd."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from localloom_diagnosis.hardware import (
    cpu_model,
    driver_version,
    gpus,
    identify,
    memory_class,
    normalise,
    same_gpu,
    vendor_of,
    webgpu_adapter,
)
from localloom_diagnosis.hardware.systems import browser_name, browser_version, os_name, os_type, os_version

WORDS = (
    "NVIDIA", "GeForce", "RTX", "3060", "Laptop GPU", "Mobile / Max-Q", "/PCIe/SSE2", "ANGLE (", "(", ")", "[", "]", ", ", "Direct3D11",
    "AMD", "Radeon", "RX", "6700 XT", "Graphics", "(RADV NAVI22)", "Series", "Vega", "8", "Intel(R)", "UHD", "Iris(R) Xe", "620",
    "(KBL GT2)", "Arc(TM)", "Apple", "M2", "Pro", "GPU", "Mesa", "DRI", "llvmpipe", "SwiftShader", "Vulkan 1.3.0 (", "(0x00002504)",
    "OpenGL Engine", "kHW_", "Item", "Tesla", "T4", "SXM2", "-16GB", "Core(TM)2", "i5-12400", "CPU", "@ 3.00GHz", "with Radeon Graphics",
    "8-Core Processor", "12th Gen", "Ryzen", "Xeon", "31.0.15.3623", "535.183.1.0", "Mesa 24.0.9-0ubuntu1", "10.0.22631.3447",
    "Windows", "macOS", "Qualcomm", "Adreno", "zink", "D3D12 (", "Virtio-GPU Venus (", "Snapdragon", " - ", "0x10de", "®", "Google Inc.",
    "Lite Hash Rate", "Corporation", "Refresh", "Rev. A",
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=8).map("".join),
)
ids = st.one_of(
    st.none(),
    st.sampled_from(["10de:2504", "1002:73df", "1002:73df:c1", "8086:a788", "ffff:ffff", "x"]),
    texts,
)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    texts,
    st.lists(texts, max_size=2),
    st.dictionaries(texts, texts, max_size=2),
)
names = st.sampled_from(
    ["os.type", "os.name", "os.version", "host.memory", "hw.cpu.model", "hw.cpu.vendor", "hw.cpu.features", "hw.cpu.instruction_sets",
     "hw.gpu.vendor", "hw.gpu.model", "hw.gpu.architecture", "hw.gpu.driver", "hw.gpu.driver_version", "hw.gpu.memory", "hw.gpu.pci_id",
     "hw.gpu.pci_revision", "hw.gpu.compute_capability", "browser.name", "browser.version", "label.site", "anything"]
)  # fmt: skip
documents = st.one_of(
    values,
    st.fixed_dictionaries(
        {
            "gpus": st.lists(
                st.one_of(
                    values,
                    st.dictionaries(st.sampled_from(["model", "vendor", "pci_id", "memory_total"]), values),
                ),
                max_size=3,
            )
        }
    ),
)


@settings(max_examples=300, deadline=None)
@example(attributes={"hw.cpu.features": ",", "hw.cpu.instruction_sets": 0}, document=None)
@given(attributes=st.dictionaries(names, values, max_size=10), document=documents)
def test_normalising_never_raises_and_settles(attributes, document):
    """Any profile has names; normalised again, with or without its document, it has the same; and JSON takes it."""
    once = normalise(attributes, document)
    assert normalise(once) == once or once != once  # noqa: PLR0124 - NaN passes through as it came
    json.dumps(once)
    gpus(document)


@settings(max_examples=300, deadline=None)
@given(
    name=texts,
    vendor=st.one_of(st.none(), texts),
    pci_id=ids,
    revision=st.one_of(st.none(), texts),
    architecture=texts,
)
def test_a_gpus_name_names_the_same_gpu(name, vendor, pci_id, revision, architecture):
    """Whatever identity comes of a text, its own model, maker and architecture lead back to it."""
    found = identify(name, vendor=vendor, pci_id=pci_id, revision=revision, architecture=architecture)
    again = identify(
        found.model,
        vendor=found.vendor,
        pci_id=found.pci_id,
        revision=revision,
        architecture=found.architecture,
    )
    assert again == found
    assert same_gpu(found, again) or not found.vendor


@settings(max_examples=300, deadline=None)
@given(text=texts, other=texts)
@example(text="a " * 150, other="a " * 150)
def test_every_text_settles(text, other):
    """What a function of one text returns, it returns again for its own answer."""
    for function in (
        cpu_model,
        vendor_of,
        os_type,
        browser_name,
        browser_version,
        os_version,
        driver_version,
    ):
        once = function(text)
        assert function(once) == once
    for vendor in ("nvidia", "amd", "intel", "apple", None):
        once = driver_version(text, vendor, other)
        assert driver_version(once, vendor, other) == once
    for kind in ("windows", "darwin", "linux", None):
        version = os_version(text, kind)
        assert os_version(version, kind) == version
        name = os_name(other, kind, version)
        assert os_name(name, kind, version) == name


@example(9_126_805_505)
@example(2**62 - 1)
@given(size=st.one_of(st.floats(), st.integers(), st.booleans(), st.none()))
def test_a_size_has_a_class_or_none(size):
    """A class is a whole number of bytes, and its own class."""
    sold = memory_class(size)
    assert sold is None or (sold > 0 and memory_class(sold) == sold)


@given(info=st.dictionaries(st.sampled_from(["vendor", "architecture", "device", "description"]), values))
def test_any_adapter_has_an_identity(info):
    """A browser may say anything about its adapter."""
    webgpu_adapter(info)
