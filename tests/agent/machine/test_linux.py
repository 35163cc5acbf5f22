from pathlib import Path

import pytest

from localloom_agent.machine import linux, pci
from localloom_agent.machine.cgroups import cgroup_limits
from localloom_agent.machine.pci import BusGpu, bus_gpus
from localloom_agent.machine.record import Gpu


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        # zzzhouuu/truenas-nvidia-drivers#19
        (
            "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.173.02  Tue Jun 23 08:38:17 UTC 2026\n",
            "580.173.02",
        ),
        # nix-community/nixGL#186 and #139, cut after the version
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.57.01  Release Build  (dvs-builder@U16)",
            "565.57.01",
        ),
        (
            "NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  35.3.1  Release Build  (buildbrain@m)",
            "35.3.1",
        ),
        ("", None),
    ],
)
def test_the_nvidia_modules_version(text, version):
    """Closed, open and Jetson modules write their version in different places."""
    assert pci.parse_nvidia_version(text) == version


def test_a_gpu_of_the_bus(tmp_path):
    """Ids, the bound driver, AMD's memory and the compute target come from /sys; other devices are passed over."""
    device = tmp_path / "sys/bus/pci/devices/0000:03:00.0"
    write(device, {"class": "0x030000\n", "vendor": "0x1002\n", "device": "0x744c\n",
                   "mem_info_vram_total": "21458059264\n", "mem_info_vram_used": "58059264\n",
                   "product_name": "\n"})  # fmt: skip
    (device / "driver").symlink_to("/sys/bus/pci/drivers/amdgpu")
    write(
        tmp_path / "sys/bus/pci/devices/0000:00:01.0",
        {"class": "0x020000", "vendor": "0x8086", "device": "0x1"},
    )
    # 90402 is gfx942 in ROCm/rocm-cli#343.
    write(tmp_path / "sys/class/kfd/kfd/topology/nodes/1",
          {"properties": "simd_count 96\ngfx_target_version 90402\ndomain 0\nlocation_id 768\n"})  # fmt: skip
    (found,) = bus_gpus(tmp_path / "sys", tmp_path / "proc")
    assert found.address == "0000:03:00.0"
    gpu = found.gpu
    assert (gpu.vendor, gpu.pci_id, gpu.driver, gpu.compute_capability) == (
        "AMD",
        "1002:744c",
        "amdgpu",
        "gfx942",
    )
    assert (gpu.memory_total, gpu.memory_free) == (21458059264, 21400000000)


def test_an_nvidia_gpu_of_the_bus_is_named_without_its_uuid(tmp_path):
    """The module's information file holds the GPU's UUID; only the model is taken from it."""
    device = tmp_path / "sys/bus/pci/devices/0000:3b:00.0"
    write(device, {"class": "0x030200", "vendor": "0x10de", "device": "0x2335"})
    (device / "driver").symlink_to("/sys/bus/pci/drivers/nvidia")
    write(tmp_path / "proc/driver/nvidia/gpus/0000:3b:00.0",
          {"information": "Model: \t\t NVIDIA H200\nGPU UUID: \t GPU-8a6a4e5e-1111-2222-3333-444455556666\n"})  # fmt: skip
    write(
        tmp_path / "proc/driver/nvidia",
        {"version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.173.02  Tue"},
    )
    (found,) = bus_gpus(tmp_path / "sys", tmp_path / "proc")
    assert (found.gpu.model, found.gpu.driver_version) == ("NVIDIA H200", "580.173.02")
    assert "8a6a4e5e" not in repr(found)


def test_a_gpu_on_a_chip_without_a_bus(tmp_path):
    """Boards' GPUs are render nodes whose device tree entry names them."""
    write(tmp_path / "class/drm/renderD128/device", {"uevent": "DRIVER=v3d\nOF_COMPATIBLE_0=brcm,2711-v3d\n"})
    (found,) = bus_gpus(tmp_path, tmp_path)
    assert (found.gpu.vendor, found.gpu.model, found.gpu.driver) == ("Broadcom", "brcm,2711-v3d", "v3d")
    assert found.gpu.shares_host_memory


def test_pci_ids_are_looked_up_below_their_vendor():
    """A device id that another vendor also uses is not mistaken for it."""
    # The pci.ids database's format; the entry under AMD is wrong on purpose.
    text = "# comment\n1002  Advanced Micro Devices\n\t2335  Wrong\n10de  NVIDIA Corporation\n\t2330  GH100 [H100 SXM5 80GB]\n\t2335  GH100 [H200 SXM 141GB]\n\t\t10de 18be  Sub\n10df  Emulex\n\t9999  Other\n"
    assert pci.find_pci_name(text, "10de:2335") == "GH100 [H200 SXM 141GB]"
    assert pci.find_pci_name(text, "10de:9999") is None
    assert pci.find_pci_name(text, "ffff:0001") is None


def test_nvml_completes_the_bus_and_decides_what_is_usable():
    """A GPU in both lists appears once as NVML knows it; one that NVML does not show is a note."""
    on_bus = [
        BusGpu("0000:01:00.0", Gpu("Intel", driver="i915")),
        BusGpu("0000:3b:00.0", Gpu("NVIDIA", driver="nvidia")),
        BusGpu("0000:5e:00.0", Gpu("NVIDIA", driver="nvidia")),
        BusGpu("0000:86:00.0", Gpu("NVIDIA", driver="vfio-pci")),
    ]
    notes = []
    merged = linux.merge(on_bus, [BusGpu("0000:3b:00.0", Gpu("NVIDIA", "NVIDIA H200", source="nvml"))], notes)
    assert [(gpu.vendor, gpu.model, gpu.driver) for gpu in merged] == [
        ("Intel", None, "i915"), ("NVIDIA", "NVIDIA H200", None), ("NVIDIA", None, "vfio-pci"),
    ]  # fmt: skip
    assert len(notes) == 1
    assert linux.merge(on_bus, None, []) == [b.gpu for b in on_bus]


def _cgroup(tmp_path: Path, cgroup: str, mountinfo: str) -> Path:
    write(tmp_path / "self", {"cgroup": cgroup, "mountinfo": mountinfo})
    return tmp_path / "self"


def test_cgroup_v2_limits_hold_for_the_groups_below(tmp_path):
    """The tightest limit between the process' group and the mount counts; "max" is none."""
    mount = tmp_path / "cg"
    proc = _cgroup(tmp_path, "0::/user/app\n", f"30 23 0:26 / {mount} rw - cgroup2 cgroup2 rw\n")
    write(mount, {"user/memory.max": "1073741824\n", "user/app/memory.max": "max\n", "user/app/cpu.max": "150000 100000\n",
                  "user/cpu.max": "max 100000\n"})  # fmt: skip
    limits = cgroup_limits(proc)
    assert (limits.memory, limits.cpus) == (1 << 30, 2)


def test_cgroup_v1_limits_in_a_container(tmp_path):
    """Controllers are mounted apart, with the container's own group as the mount's root."""
    proc = _cgroup(
        tmp_path,
        "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n",
        f"34 31 0:32 /docker/abc {tmp_path}/m rw - cgroup cgroup rw,memory\n"
        f"35 31 0:33 /docker/abc {tmp_path}/c rw - cgroup cgroup rw,cpu,cpuacct\n",
    )
    write(
        tmp_path,
        {
            "m/memory.limit_in_bytes": "536870912\n",
            "c/cpu.cfs_quota_us": "50000",
            "c/cpu.cfs_period_us": "100000",
        },
    )
    limits = cgroup_limits(proc)
    assert (limits.memory, limits.cpus) == (512 << 20, 1)


def test_no_cgroups_no_limits(tmp_path):
    """A system without cgroups, or without /proc, limits nothing."""
    assert cgroup_limits(tmp_path).memory is None
    assert cgroup_limits(tmp_path).cpus is None


def test_os_release_is_unquoted():
    """Values come with and without quotes."""
    facts = linux.parse_os_release("NAME=\"Debian GNU/Linux\"\nVERSION_ID='12'\n# x=y\nID=debian\n")
    assert facts == {"NAME": "Debian GNU/Linux", "VERSION_ID": "12", "ID": "debian"}


@pytest.mark.parametrize(
    ("maker", "clocks", "flag", "expected"),
    [
        ("QEMU Standard PC", "tsc kvm-clock acpi_pm", True, "kvm"),
        ("VMware, Inc. VMware7,1", "tsc", True, "vmware"),
        ("Microsoft Corporation Virtual Machine", "hyperv_clocksource_tsc_page", True, "hyperv"),
        ("Microsoft Corporation Surface Laptop", "tsc", False, None),
        ("Amazon EC2", "tsc kvm-clock", True, "kvm"),
        ("", "tsc", True, "vm"),
        ("LENOVO 20XW", "tsc hpet acpi_pm", False, None),
    ],
)
def test_the_hypervisor_shows_in_maker_clock_or_flag(maker, clocks, flag, expected):
    """The maker's name is asked first, then the clock sources, then the processor's bare flag."""
    assert linux.hypervisor(maker, clocks, None, hypervisor_flag=flag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12:memory:/docker/0123abcd\n", "docker"),
        ("0::/kubepods.slice/kubepods-besteffort.slice/x\n", "kubernetes"),
        ("0::/machine.slice/libpod-0123.scope\n", "podman"),
        ("1:name=systemd:/lxc/web\n", "lxc"),
        ("0::/user.slice/user-1000.slice/session-2.scope\n", None),
        ("0::/system.slice/docker.service\n", None),
    ],
)
def test_the_container_shows_in_the_cgroups_path(text, expected):
    """Runtimes name their groups after themselves; the runtime's own service is not in a container."""
    assert linux.container_of_cgroup(text) == expected
