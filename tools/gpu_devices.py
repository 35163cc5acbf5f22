"""Writes the table of GPUs by device id from a PCI id database and libdrm's list of AMD's revisions.

    python tools/gpu_devices.py pci.ids amdgpu.ids > diagnosis/localloom_diagnosis/hardware/device_table.py

Names go through the same code that names what machines report, so that one GPU has one name in both.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from localloom_diagnosis.hardware.gpu_names import model_name
from localloom_diagnosis.hardware.renderer import unwrap

HEAD = '''"""GPUs by PCI device, written by tools/gpu_devices.py: vendor id, model, device ids, AMD's with their revision.

Sources: the PCI id database (pci-ids.ucw.cz), version 2026.08.22, and libdrm's data/amdgpu.ids.
"""

TABLE = """\\
'''

VENDORS = {"10de": "nvidia", "1002": "amd", "8086": "intel"}
NO_GPU = re.compile(
    r"audio|usb|type-c|ucsi|bridge|sata|hdmi|nvswitch|tegra|smbus|ethernet|npu\b|soc |sku\b|reserved|engineering|"
    r"crypto|\bes\b|es-a|host|mcp|unknown|prototype|pcie x\d|express|skinny|initial dev|desktop device|generic|faber|pg\d{3}|xavier (?!agx)|cpu family|graphics controller$|nvlink",
    re.IGNORECASE,
)
#: From Broadwell on, by the first two digits of the device id.
INTEL_FAMILIES = frozenset(
    ["16", "19", "31", "3e", "45", "46", "49", "4c", "4e", "4f", "56", "59", "5a", "64", "7d", "87", "8a", "9a", "9b", "a7", "b0",
     "b6", "e2", "fd", "0b"]
)  # fmt: skip
INTEL_GPU = re.compile(r"graphics|\barc\b|data center gpu", re.IGNORECASE)


def _radeon(device: str) -> bool:
    """From Polaris on: what came before runs no engine of ours."""
    return any(
        first <= device < end
        for first, end in (
            ("1500", "1700"),
            ("66a0", "66b0"),
            ("67c0", "6800"),
            ("6860", "6880"),
            ("6980", "7000"),
            ("7310", "7600"),
        )
    )


def listed(path: Path) -> Iterator[tuple[str, str, str]]:
    """(vendor id, device id, name) of what may be a GPU that a model can run on."""
    vendor = ""
    for line in path.read_text("utf-8", "replace").splitlines():
        if re.match(r"[0-9a-f]{4}  ", line):
            vendor = line[:4]
        found = re.match(r"\t([0-9a-f]{4})  (.+)$", line)
        if not found or vendor not in VENDORS or NO_GPU.search(found[2]):
            continue
        device, name = found[1], found[2]
        wanted = {
            "10de": device >= "1340" and "[" in name and not device.startswith("1a"),
            "1002": _radeon(device) and "[" in name,
            "8086": device[:2] in INTEL_FAMILIES and bool(INTEL_GPU.search(name)),
        }
        if wanted[vendor]:
            yield vendor, device, name


def revisions(path: Path) -> Iterator[tuple[str, str, str]]:
    """(device id, revision, name) of AMD's."""
    for line in path.read_text("utf-8").splitlines():
        found = re.match(r"([0-9A-F]{4}),\s*([0-9A-F]{2}),\s*(.+?)\s*$", line)
        if found and _radeon(found[1].lower()):
            yield found[1].lower(), found[2].lower(), found[3]


def main() -> None:
    """Print a line a model: its maker, its name, its ids."""
    ids = defaultdict(list)
    for vendor, device, name in listed(Path(sys.argv[1])):
        unwrapped = unwrap(name).name
        if vendor == "1002" and re.search(r" / |\w/\w", unwrapped):
            # One id, several products: what tells them apart is the revision.
            unwrapped = "Radeon Graphics" if "Vega Series" in unwrapped or "8060S" in unwrapped else unwrapped
        model = model_name(unwrapped, VENDORS[vendor])
        if model and model != "Intel Graphics":
            ids[vendor, model].append(device)
    for device, revision, name in revisions(Path(sys.argv[2])):
        model = model_name(unwrap(name).name, "amd")
        if model:
            ids["1002", model].append(f"{device}.{revision}")
    sys.stdout.write(HEAD)
    for (vendor, model), devices in sorted(ids.items(), key=lambda item: (item[0][0], item[1])):
        sys.stdout.write(f"{vendor} {model}: {' '.join(devices)}\n")
    sys.stdout.write('"""\n')


if __name__ == "__main__":
    main()
