"""Real strings of one GPU from several sources; each table names where they were published."""

import pytest

from localloom_diagnosis.hardware import (
    GpuIdentity,
    driver_version,
    gpus,
    identify,
    normalise,
    same_gpu,
    webgpu_adapter,
)

#: One GPU a row: its name, its architecture, and what tools said of it as keyword arguments of `identify`.
ONE_GPU = [
    # github.com/gfx-rs/wgpu-native/issues/444: one machine through Vulkan, Direct3D 12 and OpenGL; device 9988 is 0x2704.
    ("nvidia", "NVIDIA GeForce RTX 4080", "Ada Lovelace", [
        {"name": "NVIDIA GeForce RTX 4080", "pci_id": "10de:2704"},
        {"name": "NVIDIA GeForce RTX 4080/PCIe/SSE2"},
        {"name": "AD103 [GeForce RTX 4080]", "vendor": "NVIDIA"},  # pci-ids.ucw.cz
        {"name": None, "pci_id": "10de:2704"},
    ]),
    # github.com/geerlingguy/raspberry-pi-pcie-devices/issues/790 (nvidia-smi); github.com/akash-network/provider-configs/pull/84
    # (lspci); pci-ids.ucw.cz for 2504; the ANGLE string with and without the id is quoted in many browser projects.
    ("nvidia", "NVIDIA GeForce RTX 3060", "Ampere", [
        {"name": "NVIDIA GeForce RTX 3060", "compute_target": "8.6"},
        {"name": "GA106 [GeForce RTX 3060]", "pci_id": "10de:2503"},
        {"name": "GA106 [GeForce RTX 3060 Lite Hash Rate]", "pci_id": "10de:2504"},
        {"name": "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0)"},
        {"name": "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 vs_5_0 ps_5_0, D3D11)", "vendor": "Google Inc. (NVIDIA)"},
        {"name": "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)"},
        {"name": "NVIDIA GeForce RTX 3060/PCIe/SSE2"},
    ]),
    # github.com/akash-network/provider-configs/pull/86; github.com/batocera-linux/nvidia-lists/pull/6
    ("nvidia", "NVIDIA GeForce RTX 3060 Laptop GPU", "Ampere", [
        {"name": "NVIDIA GeForce RTX 3060 Laptop GPU"},
        {"name": "GA106M [GeForce RTX 3060 Mobile / Max-Q]", "pci_id": "10de:2560"},
        {"name": "GeForce RTX 3060 Mobile / Max-Q", "pci_id": "10de:2520"},
        {"name": "GeForce RTX 3060 Laptop GPU/PCIe/SSE2"},
        {"name": "", "pci_id": "10de:2520"},
    ]),
    # github.com/akash-network/provider-configs/pull/89 (Get-PnpDevice)
    ("nvidia", "NVIDIA GeForce RTX 5090 Laptop GPU", "Blackwell", [
        {"name": "NVIDIA GeForce RTX 5090 Laptop GPU", "pci_id": "PCI\\VEN_10DE&DEV_2C58&SUBSYS_30111A58&REV_A1\\B7"},
        {"name": None, "pci_id": "10de:2c58"},
    ]),
    # github.com/Kitware/trame-vtklocal/pull/86
    ("nvidia", "NVIDIA GeForce RTX 5080", "Blackwell", [
        {"name": "ANGLE (NVIDIA, Vulkan 1.4.312 (NVIDIA NVIDIA GeForce RTX 5080 (0x00002C02)), NVIDIA)"},
        {"name": "GB203 [GeForce RTX 5080]"},
    ]),
    # docs.nvidia.com names of server cards as nvidia-smi prints them, and the PCI id database's.
    ("nvidia", "NVIDIA A100 SXM4 80GB", "Ampere", [
        {"name": "NVIDIA A100-SXM4-80GB"}, {"name": "A100-SXM4-80GB", "vendor": "NVIDIA"}, {"name": "GA100 [A100 SXM4 80GB]"},
    ]),
    ("nvidia", "NVIDIA H200", "Hopper", [
        {"name": "NVIDIA H200", "pci_id": "10de:2335"}, {"name": "GH100 [H200 SXM 141GB]"}, {"pci_id": "10de:2335", "name": None},
    ]),
    # github.com/lutris/lutris/issues/6466: one card under RADV and under AMD's own driver; pci-ids.ucw.cz; libdrm's
    # amdgpu.ids for revision C1.
    ("amd", "AMD Radeon RX 6700 XT", "RDNA2", [
        {"name": "AMD Radeon RX 6700 XT (RADV NAVI22)", "pci_id": "1002:73df"},
        {"name": "AMD Radeon RX 6700 XT", "pci_id": "1002:73df"},
        {"name": "Navi 22 [Radeon RX 6700/6700 XT/6750 XT / 6800M/6850M XT]", "pci_id": "1002:73df", "revision": "c1"},
        {"name": None, "pci_id": "1002:73df", "revision": "0xc1"},
        {"name": "ANGLE (AMD, AMD Radeon RX 6700 XT (0x000073DF) Direct3D11 vs_5_0 ps_5_0, D3D11)"},
    ]),
    # github.com/ilya-zlobintsev/LACT/pull/533: device 744C, revision C8.
    ("amd", "AMD Radeon RX 7900 XTX", "RDNA3", [
        {"name": "AMD Radeon RX 7900 XTX", "pci_id": "1002:744c"},
        {"name": "Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]", "pci_id": "1002:744C", "revision": "C8"},
    ]),
    # github.com/GPUOpen-Drivers/AMDVLK/issues/401: Mesa older than the card, which its owner calls a 9070 XT; libdrm
    # names revision C0 so.
    ("amd", "AMD Radeon RX 9070 XT", "RDNA4", [
        {"name": "AMD Radeon Graphics (RADV GFX1201)", "pci_id": "1002:7550", "revision": "c0"},
        {"name": None, "pci_id": "1002:7550", "revision": "c0"},
    ]),
    ("amd", "AMD Radeon Graphics", "RDNA2", [
        {"name": "AMD Radeon Graphics (RADV RAPHAEL_MENDOCINO)", "pci_id": "1002:164e"},
        {"name": "AMD Radeon Graphics", "pci_id": "1002:164e"},
    ]),
    # github.com/gfx-rs/wgpu-native/pull/418: device 5686 is 0x1636.
    ("amd", "AMD Radeon Graphics", "GCN5", [
        {"name": "AMD Radeon(TM) Graphics", "pci_id": "1002:1636"},
        {"name": "Renoir [Radeon Vega Series / Radeon Vega Mobile Series]", "pci_id": "1002:1636"},
        {"name": None, "pci_id": "1002:1636"},
    ]),
    # github.com/sebhildebrandt/systeminformation/issues/790 (Get-CimInstance); pci-ids.ucw.cz
    ("intel", "Intel UHD Graphics", "Gen9", [
        {"name": "Intel(R) UHD Graphics", "pci_id": "PCI\\VEN_8086&DEV_9BC4&SUBSYS_170D1043&REV_05\\3&11583659&0&10"},
        {"name": "CometLake-H GT2 [UHD Graphics]", "pci_id": "8086:9bc4"},
    ]),
    # BENCHMARKS.md of github.com/hybridgroup/yzma: Mesa's name for a Raptor Lake whose device id says UHD Graphics.
    ("intel", "Intel UHD Graphics", "Xe-LP", [
        {"name": "Intel(R) Graphics (RPL-S)", "pci_id": "8086:a788"},
        {"name": "Intel(R) UHD Graphics", "pci_id": "8086:a788"},
    ]),
    # The same strings stand in many browser projects' lists of renderers; pci-ids.ucw.cz for 5917.
    ("intel", "Intel UHD Graphics 620", "Gen9", [
        {"name": "Intel(R) UHD Graphics 620 (KBL GT2)"},
        {"name": "Mesa Intel(R) UHD Graphics 620 (KBL GT2)"},
        {"name": "ANGLE (Intel, Mesa Intel(R) UHD Graphics 620 (KBL GT2), OpenGL 4.6)"},
        {"name": "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)"},
        {"name": "UHD Graphics 620", "pci_id": "8086:5917"},
    ]),
    # github.com/RainbowMiner/RainbowMiner/issues/1451 (Get-CimInstance), libdrm's amdgpu.ids for revision CA, pci-ids.ucw.cz
    ("amd", "AMD Radeon RX 5600 XT", "RDNA", [
        {"name": "AMD Radeon RX 5600 XT", "pci_id": "PCI\\VEN_1002&DEV_731F&SUBSYS_57101682&REV_CA\\6&700100E&0&00000008"},
        {"name": "Navi 10 [Radeon RX 5600 OEM/5600 XT / 5700/5700 XT]", "pci_id": "1002:731f", "revision": "ca"},
    ]),
    # github.com/ethereum-mining/ethminer/issues/1116 (dxdiag), libdrm for revision EF
    ("amd", "AMD Radeon RX 570", "GCN4", [
        {"name": "Radeon RX 570 Series", "vendor": "Advanced Micro Devices, Inc.", "pci_id": "Enum\\PCI\\VEN_1002&DEV_67DF&SUBSYS_341B1462&REV_EF"},
        {"name": None, "pci_id": "1002:67df", "revision": "ef"},
    ]),
    # github.com/marimo-team/marimo/issues/9237 (rocm-smi): series, model and revision
    ("amd", "AMD Radeon RX 7900 XT", "RDNA3", [
        {"name": "Radeon RX 7900 XT", "vendor": "Advanced Micro Devices, Inc. [AMD/ATI]", "compute_target": "gfx1100"},
        {"name": None, "pci_id": "1002:744c", "revision": "0xcc"},
    ]),
    # BENCHMARKS.md of github.com/hybridgroup/yzma (Vulkan on Windows); pci-ids.ucw.cz calls the id a "Lite Hash Rate"
    ("nvidia", "NVIDIA GeForce RTX 3070", "Ampere", [
        {"name": "NVIDIA GeForce RTX 3070", "pci_id": "10de:2488"}, {"name": "GA104 [GeForce RTX 3070 Lite Hash Rate]"},
        {"name": None, "pci_id": "10de:2488"},
    ]),
    # github.com/microsoft/WSL/issues/6423 (dxdiag of a laptop: the driver gives the 20 series no "Laptop GPU")
    ("nvidia", "NVIDIA GeForce RTX 2060", "Turing", [
        {"name": "NVIDIA GeForce RTX 2060", "pci_id": "Enum\\PCI\\VEN_10DE&DEV_1F11&SUBSYS_126A1462&REV_A1"},
        {"name": "GeForce RTX 2060", "pci_id": "10de:1f11"},
        {"name": "TU106M [GeForce RTX 2060 Mobile]"},  # pci-ids.ucw.cz
    ]),
    # github.com/Colmanian/AuthentiKit-Trim-Calibration/issues/12 (dxdiag)
    ("nvidia", "NVIDIA GeForce RTX 3090", "Ampere", [
        {"name": "NVIDIA GeForce RTX 3090", "pci_id": "Enum\\PCI\\VEN_10DE&DEV_2204&SUBSYS_38841462&REV_A1"}, {"name": None, "pci_id": "10de:2204"},
    ]),
    # github.com/rcmaehl/WhyNotWin11/issues/58 (dxdiag)
    ("nvidia", "NVIDIA Quadro M2200", "Maxwell", [
        {"name": "NVIDIA Quadro M2200", "pci_id": "10de:1436"}, {"name": "Quadro M2200", "vendor": "NVIDIA"},
    ]),
    # github.com/mpv-player/mpv/pull/17194 (MoltenVK's and KosmicKrisp's ids are no PCI devices of Apple's)
    ("apple", "Apple M1 Pro", "Apple7", [
        {"name": "Apple M1 Pro", "vendor": "0x106b"},
        {"name": "ANGLE (Apple, ANGLE Metal Renderer: Apple M1 Pro, Unspecified Version)", "vendor": "Google Inc. (Apple)"},
    ]),
    # github.com/exelban/stats/issues/394 (system_profiler)
    ("apple", "Apple M1", "Apple7", [{"name": "kHW_AppleM1Item"}, {"name": "Apple M1", "vendor": "sppci_vendor_Apple"}]),
    # github.com/sebhildebrandt/systeminformation/issues/348: device 0x3e9b.
    ("intel", "Intel UHD Graphics 630", "Gen9", [
        {"name": "Intel UHD Graphics 630", "vendor": "Intel", "pci_id": "8086:3e9b"}, {"name": None, "pci_id": "8086:3e9b"},
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("vendor", "model", "architecture", "said"), ONE_GPU, ids=[f"{row[1]} {row[2]}" for row in ONE_GPU]
)
def test_one_gpu_has_one_name_whoever_reports_it(vendor, model, architecture, said):
    """NVML, Vulkan, OpenGL, ANGLE, the bus, Windows and macOS agree on maker, model and architecture."""
    for facts in said:
        found = identify(**facts)
        assert (found.vendor, found.model, found.architecture) == (vendor, model, architecture), facts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("NVIDIA GeForce RTX 3060", "NVIDIA GeForce RTX 3060 Laptop GPU"),
        ("NVIDIA GeForce RTX 3060", "NVIDIA GeForce RTX 3060 Ti"),
        ("NVIDIA RTX 4000 Ada Generation", "Quadro RTX 4000"),
        ("NVIDIA GeForce GTX 1060 3GB", "NVIDIA GeForce GTX 1060 6GB"),
        ("AMD Radeon RX 6700", "AMD Radeon RX 6700 XT"),
        ("Intel(R) HD Graphics 620", "Intel(R) UHD Graphics 620"),
        ("Apple M2", "Apple M2 Pro"),
    ],
)
def test_different_gpus_keep_different_names(one, other):
    """What is stripped from a name never makes two products one."""
    assert identify(one).model != identify(other).model


@pytest.mark.parametrize(
    ("said", "model"),
    [
        # github.com/gfx-rs/wgpu-native/issues/444, github.com/KhronosGroup/Vulkan-Tools/issues/582
        ("Microsoft Basic Render Driver", "Microsoft Basic Render Driver"),
        ("llvmpipe (LLVM 13.0.0, 256 bits)", "llvmpipe"),
        (
            "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
            "SwiftShader",
        ),
    ],
)
def test_a_renderer_on_the_cpu_is_no_gpu(said, model):
    """Software renderers are told as such, without their compiler's version."""
    found = identify(said)
    assert (found.model, found.architecture, found.is_software) == (model, "software", True)


@pytest.mark.parametrize(
    ("said", "vendor", "driver", "version"),
    [
        # github.com/gfx-rs/wgpu-native/issues/444: the same driver through Vulkan and Direct3D
        ("565.90", "nvidia", None, "565.90"),
        ("32.0.15.6590", "nvidia", None, "565.90"),
        # BENCHMARKS.md of github.com/hybridgroup/yzma: driverVersion and driverInfo of one driver
        ("580.95.5.0", "nvidia", None, "580.95.05"),
        ("580.95.05", "nvidia", None, "580.95.05"),
        ("595.84.0.0", "nvidia", None, "595.84"),
        # github.com/rcmaehl/WhyNotWin11/issues/58 and github.com/microsoft/WSL/issues/6423 (dxdiag)
        ("30.0.14.7242", "nvidia", None, "472.42"),
        ("27.21.14.5541", "nvidia", None, "455.41"),
        ("Mesa 25.2.8-0ubuntu0.24.04.1", "intel", None, "Mesa 25.2.8"),
        # github.com/lutris/lutris/issues/6466 and 6388
        ("Mesa 25.3.5-arch1.1", "amd", "radv", "Mesa 25.3.5"),
        ("25.3.5", "amd", "radv", "Mesa 25.3.5"),
        ("4.6 (Core Profile) Mesa 25.3.3", "amd", None, "Mesa 25.3.3"),
        # github.com/gfx-rs/wgpu-native/pull/418
        ("24.3.1 (AMD proprietary shader compiler)", "amd", None, "24.3.1"),
        # github.com/zhimingshenjun/DD_Monitor/pull/44, github.com/VirtualDrivers/Virtual-Display-Driver/issues/432
        ("20.19.15.5058", "intel", None, "20.19.15.5058"),
        ("32.0.101.5542", "intel", None, "32.0.101.5542"),
        ("", "nvidia", None, None),
    ],
)
def test_one_driver_has_one_version(said, vendor, driver, version):
    """Windows, Vulkan, OpenGL and the driver's tools come to one version."""
    assert driver_version(said, vendor, driver) == version


def test_a_browsers_adapter_is_the_machines_gpu():
    """WebGPU masks the model; what it tells agrees with the GPU that NVML named, and not with another."""
    # github.com/Kitware/trame-vtklocal/pull/86: vendor and architecture of an RTX 5080
    masked = webgpu_adapter(
        {"vendor": "nvidia", "architecture": "blackwell", "device": "", "description": ""}
    )
    assert masked == GpuIdentity("nvidia", None, "Blackwell")
    assert same_gpu(masked, identify("NVIDIA GeForce RTX 5080"))
    assert not same_gpu(masked, identify("NVIDIA GeForce RTX 3060"))
    assert not same_gpu(masked, identify("Intel(R) UHD Graphics 770"))
    # github.com/WebKit/WebKit/pull/32610: Safari says "apple" in every member
    safari = webgpu_adapter(dict.fromkeys(("vendor", "architecture", "device", "description"), "apple"))
    assert safari == GpuIdentity("apple", None, None)
    assert same_gpu(safari, identify("Apple M2 Pro"))
    # A developer's Chrome names the device by its id.
    assert webgpu_adapter({"vendor": "nvidia", "device": "0x2c02"}).model == "NVIDIA GeForce RTX 5080"
    assert webgpu_adapter({"vendor": "google", "architecture": "swiftshader"}).is_software


def test_a_profile_is_named_and_the_rest_passes():
    """An old agent's attributes get today's names; what has no rule comes through as it was."""
    named = normalise(
        {
            "os.type": "macos", "os.version": "14.7", "hw.cpu.model": "12th Gen Intel(R) Core(TM) i5-12400 @ 2.5GHz",
            "host.memory": 16_500_000_000, "hw.gpu.vendor": "NVIDIA", "hw.gpu.model": "GeForce RTX 3060/PCIe/SSE2",
            "hw.gpu.driver_version": "31.0.15.3623", "hw.gpu.memory": 12 * 2**30 - 1, "label.site": "lab",
            "hw.cpu.instruction_sets": "fma,avx2", "browser.name": "HeadlessChrome", "browser.version": "HeadlessChrome/131.0.6778.33",
        }
    )  # fmt: skip
    assert named == {
        "os.type": "darwin", "os.name": "macOS", "os.version": "14.7", "hw.cpu.model": "Intel Core i5-12400", "hw.cpu.vendor": "intel",
        "host.memory": 16_500_000_000, "host.memory.class": 16 * 2**30, "hw.gpu.vendor": "nvidia", "hw.gpu.model": "NVIDIA GeForce RTX 3060",
        "hw.gpu.architecture": "Ampere", "hw.gpu.driver_version": "536.23", "hw.gpu.memory": 12 * 2**30 - 1,
        "hw.gpu.memory.class": 12 * 2**30, "label.site": "lab", "hw.cpu.instruction_sets": "fma,avx2", "hw.cpu.features": "avx2,fma",
        "browser.name": "chrome", "browser.version": "131.0.6778.33",
    }  # fmt: skip


def test_the_document_fills_what_attributes_lack():
    """An agent that sends the document alone still has a named profile, of its GPU with most memory."""
    document = {
        "os": {"type": "windows", "name": "Windows 10", "version": "10.0.22631.3447"},
        "cpu": {"model": "AMD Ryzen 7 5700U with Radeon Graphics", "vendor": "AMD"},
        "memory": {"total": 15 * 2**30},
        "gpus": [
            {"vendor": "Intel", "model": "Intel(R) UHD Graphics", "memory_total": None},
            {
                "vendor": "NVIDIA",
                "model": "NVIDIA H200",
                "memory_total": 150_754_820_096,
                "driver_version": "580.95.05",
            },
            "no GPU at all",
        ],
    }
    named = normalise({}, document)
    assert (named["hw.gpu.model"], named["hw.gpu.driver_version"]) == ("NVIDIA H200", "580.95.05")
    assert (named["os.version"], named["os.name"], named["hw.cpu.model"]) == (
        "10.0.22631",
        "Windows 11",
        "AMD Ryzen 7 5700U",
    )
    assert (named["host.memory.class"], named["hw.gpu.memory.class"]) == (16 * 2**30, 141 * 2**30)
    assert [gpu.model for gpu in gpus(document)] == ["Intel UHD Graphics", "NVIDIA H200"]
