"""Display devices on Linux' PCI bus and in its DRM class, as /sys lists them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from .bounded import file_int, file_line, file_text
from .record import Gpu

#: PCI vendor ids of makers of GPUs and of the virtual and management adapters that stand in for them.
VENDORS = {
    "10de": "NVIDIA",
    "1002": "AMD",
    "8086": "Intel",
    "106b": "Apple",
    "14e4": "Broadcom",
    "5143": "Qualcomm",
    "1ed5": "Moore Threads",
    "1a03": "ASPEED",
    "102b": "Matrox",
    "1013": "Cirrus Logic",
    "1af4": "virtio",
    "1b36": "QEMU",
    "1234": "QEMU",
    "15ad": "VMware",
    "80ee": "VirtualBox",
    "1414": "Microsoft",
}

#: Where distributions keep the PCI id database.
_PCI_IDS = ("/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids", "/var/lib/pciutils/pci.ids")

#: Makers of GPUs on systems-on-chip, by the first part of their device tree "compatible" string.
_SOC_VENDORS = {
    "brcm": "Broadcom",
    "arm": "ARM",
    "nvidia": "NVIDIA",
    "qcom": "Qualcomm",
    "apple": "Apple",
    "img": "Imagination",
    "vivante": "Vivante",
    "rockchip": "Rockchip",
}


@dataclass(frozen=True, slots=True)
class BusGpu:
    """A GPU with the bus address that tells it from its twins. The address stays out of the profile."""

    address: str
    """E.g. "0000:3b:00.0"; a device name where the GPU is on no PCI bus."""
    gpu: Gpu


def bus_gpus(sys: Path = Path("/sys"), proc: Path = Path("/proc")) -> list[BusGpu]:
    """Every display device and accelerator, in the order of the bus."""
    found = []
    devices = f"{sys}/bus/pci/devices"
    for address in _listing(devices):
        device_class = _hex(f"{devices}/{address}/class")
        vendor = _hex(f"{devices}/{address}/vendor")
        # 0x03: display controllers. 0x12: processing accelerators, where AMD's Instinct cards are.
        if device_class >> 16 == 0x03 or (device_class >> 16 == 0x12 and vendor in (0x1002, 0x10DE)):
            found.append(BusGpu(address, _pci_gpu(f"{devices}/{address}", address, sys, proc)))
    return found + _soc_gpus(sys)


def _hex(path: str) -> int:
    """The hexadecimal number in a file of /sys; 0 where there is none."""
    try:
        return int(file_text(path, 32) or "0", 16)
    except ValueError:
        return 0


def _listing(folder: str | Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are wanted
    except OSError:
        return []


def _pci_gpu(device: str, address: str, sys: Path, proc: Path) -> Gpu:
    vendor, model = _hex(f"{device}/vendor"), _hex(f"{device}/device")
    pci_id = f"{vendor:04x}:{model:04x}"
    revision = _hex(f"{device}/revision")
    try:
        driver = os.path.basename(os.readlink(f"{device}/driver"))  # noqa: PTH115, PTH119 - as in bounded
    except OSError:
        driver = None
    total = file_int(f"{device}/mem_info_vram_total")
    used = file_int(f"{device}/mem_info_vram_used")
    return Gpu(
        vendor=VENDORS.get(f"{vendor:04x}", f"{vendor:04x}"),
        model=_nvidia_model(proc, address) or file_line(f"{device}/product_name") or pci_name(pci_id),
        memory_total=total,
        memory_free=total - used if total is not None and used is not None else None,
        driver=driver,
        driver_version=(nvidia_version(proc) if driver == "nvidia" else None)
        or (file_line(f"{sys}/module/{driver}/version") if driver else None),
        pci_id=pci_id,
        pci_revision=f"{revision:02x}" if revision else None,
        compute_capability=_gfx_target(sys, address) if driver == "amdgpu" else None,
        source="sysfs",
    )


def _soc_gpus(sys: Path) -> list[BusGpu]:
    """GPUs of systems-on-chip: render nodes whose device is on no PCI bus."""
    found = []
    for card in _listing(f"{sys}/class/drm"):
        if not card.startswith("renderD"):
            continue
        device = f"{sys}/class/drm/{card}/device"
        if os.path.exists(f"{device}/vendor"):  # noqa: PTH110 - as in bounded
            continue
        entry = parse_uevent(file_text(f"{device}/uevent") or "")
        compatible = entry.get("OF_COMPATIBLE_0", "")
        if not compatible:
            continue
        vendor = compatible.partition(",")[0]
        found.append(
            BusGpu(
                card,
                Gpu(
                    vendor=_SOC_VENDORS.get(vendor, vendor),
                    model=compatible,
                    driver=entry.get("DRIVER"),
                    shares_host_memory=True,
                    source="sysfs",
                ),
            )
        )
    return found


def parse_uevent(text: str) -> dict[str, str]:
    """The KEY=value lines of a device's uevent file."""
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def parse_nvidia_version(text: str) -> str | None:
    """Version of the loaded NVIDIA module from the text of /proc/driver/nvidia/version."""
    match = re.search(r"Kernel Module (?:for \S+ )?\s*(\d+(?:\.\d+)+)", text)
    return match[1] if match else None


def nvidia_version(proc: Path = Path("/proc")) -> str | None:
    """Version of the loaded NVIDIA kernel module; None where none is loaded."""
    return parse_nvidia_version(file_text(f"{proc}/driver/nvidia/version", 4096) or "")


def _nvidia_model(proc: Path, address: str) -> str | None:
    # The file names the GPU's UUID too: only its model is taken.
    match = re.search(
        r"^Model:\s*(.+)$", file_text(f"{proc}/driver/nvidia/gpus/{address}/information") or "", re.MULTILINE
    )
    return match[1].strip() if match and "Unknown" not in match[1] else None


def gfx_name(target_version: int) -> str:
    """LLVM's name of an AMD target from KFD's number: 90402 is gfx942, 90010 is gfx90a."""
    return f"gfx{target_version // 10000}{target_version // 100 % 100:x}{target_version % 100:x}"


def _gfx_target(sys: Path, address: str) -> str | None:
    """The AMD compute target of the device at `address`, e.g. "gfx1100", from KFD's topology."""
    match = re.fullmatch(r"([0-9a-f]+):([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])", address)
    if not match:
        return None
    domain, bus, slot, function = (int(part, 16) for part in match.groups())
    nodes = f"{sys}/class/kfd/kfd/topology/nodes"
    for node in _listing(nodes):
        text = file_text(f"{nodes}/{node}/properties") or ""
        facts = dict(line.split(None, 1) for line in text.splitlines() if len(line.split(None, 1)) == 2)
        here = (facts.get("domain", "0"), facts.get("location_id"))
        target = facts.get("gfx_target_version", "0")
        if here == (str(domain), str(bus << 8 | slot << 3 | function)) and target.isdigit() and int(target):
            return gfx_name(int(target))
    return None


def find_pci_name(database: str, pci_id: str) -> str | None:
    """The device's name in the text of a pci.ids database."""
    vendor, _, device = pci_id.partition(":")
    start = database.find(f"\n{vendor}  ")
    if start < 0:
        return None
    # The vendor's devices are the indented lines up to the next vendor.
    end = re.compile(r"\n[0-9a-f]").search(database, start + 1)
    at = database.find(f"\n\t{device}  ", start, end.start() if end else len(database))
    if at < 0:
        return None
    return database[at + len(device) + 4 : database.find("\n", at + 1)].strip() or None


def pci_name(pci_id: str) -> str | None:
    """The device's name from the system's PCI id database; None where there is none."""
    for path in _PCI_IDS:
        text = file_text(path)
        if text:
            return find_pci_name(text, pci_id)
    return None
