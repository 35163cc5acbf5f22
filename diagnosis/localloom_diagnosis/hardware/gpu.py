"""One GPU under one name, whoever reports it: NVML, Vulkan, WebGPU, OpenGL, the bus, Windows or macOS."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from . import architectures
from .devices import model_of_device, model_of_revision, pci_ids
from .gpu_names import model_name
from .renderer import Renderer, unwrap
from .vendors import vendor_of, vendor_of_text

#: Vendor ids by which a device id that stands alone, as ANGLE writes it, is completed.
_VENDOR_IDS = {"nvidia": "10de", "amd": "1002", "intel": "8086"}

#: Renderers that compute on the CPU, and adapters that compute nothing.
_SOFTWARE = re.compile(
    r"swiftshader|llvmpipe|lavapipe|softpipe|software|basic (?:render|display)|\bwarp\b|remote display|off-?screen",
    re.IGNORECASE,
)
_SOFTWARE_NAMES = (
    (re.compile(r"swiftshader", re.IGNORECASE), "SwiftShader"),
    (re.compile(r"llvmpipe|lavapipe", re.IGNORECASE), "llvmpipe"),
    (re.compile(r"softpipe", re.IGNORECASE), "softpipe"),
)

#: Names that are right and say little: the device id may say more.
_VAGUE = re.compile(
    r"(?:AMD Radeon(?: RX| Pro)?(?: Graphics)?|AMD Radeon Vega Mobile Gfx|Intel (?:HD |UHD |Arc )?Graphics|Intel Arc|"
    r"NVIDIA Graphics Device|[^/]+/.*|AMD (?:RADV )?(?:Navi ?\d+|Phoenix\d?|Raphael|Renoir|Cezanne|Barcelo|Lucienne|Rembrandt|Strix.*))$",
    re.IGNORECASE,
)

_FULLEST = 400

#: Wrappings inside wrappings, at most: no real string has more than three.
_TURNS = 6


@dataclass(frozen=True, slots=True)
class GpuIdentity:
    """Which GPU it is. Two reports of one GPU, from whatever source, compare equal in `vendor` and `model`."""

    vendor: str | None
    """Lower case: nvidia, amd, intel, apple, …"""
    model: str | None
    """The maker's name for it, the maker in front: "NVIDIA GeForce RTX 3060". None where nothing tells."""
    architecture: str | None
    """Ampere, RDNA2, Xe-LP, Apple8, …; "software" for a renderer that computes on the CPU."""
    pci_id: str | None = None
    """Vendor and device, "10de:2504"."""

    @property
    def is_software(self) -> bool:
        """Whether it is no GPU at all, but a renderer on the CPU or an adapter for a screen far away."""
        return self.architecture == "software"


def identify(
    name: str | None,
    *,
    vendor: str | None = None,
    pci_id: str | None = None,
    revision: str | None = None,
    architecture: str | None = None,
    compute_target: str | None = None,
) -> GpuIdentity:
    """The GPU that these facts, all of them optional, speak of. Never raises.

    Args:
        name: a marketing name, or a string of ANGLE, OpenGL, Vulkan or the PCI id database around one.
        vendor: the maker in any notation: "NVIDIA Corporation", "0x10de", "nvidia".
        pci_id: "10de:2504", or a Windows device id with VEN_ and DEV_ in it.
        revision: of the PCI device, two hexadecimal digits; AMD's products differ in it alone.
        architecture: as WebGPU or an earlier agent says it.
        compute_target: NVIDIA's compute capability ("8.6") or LLVM's AMD target ("gfx1030").
    """
    return _identify(
        _short(name), _short(vendor), _short(pci_id), _short(revision), _short(architecture), _short(compute_target)
    )


def _short(text: str | None) -> str:
    return str(text)[:_FULLEST] if text else ""


@lru_cache(maxsize=4096)  # a fleet's machines are of few kinds
def _identify(
    name: str, vendor: str, pci_id: str, revision: str, architecture: str, target: str
) -> GpuIdentity:
    found = _read(name, vendor, pci_id, revision, architecture, target)
    for _ in range(_TURNS):
        again = _read(
            found.model or "", found.vendor or "", found.pci_id or "", revision, found.architecture or "", target
        )
        if again == found:
            return found
        found = again
    return replace(found, model=None)


def _read(
    name: str, said_vendor: str, pci_id: str, said_revision: str, said_architecture: str, target: str
) -> GpuIdentity:
    found = unwrap(name)
    ids = pci_ids(pci_id)
    if _SOFTWARE.search(name) or said_architecture.lower() in ("swiftshader", "software", "warp"):
        return _software(found, f"{name} {said_architecture}", said_vendor)
    vendor = (
        (vendor_of(ids[0]) if ids else None)
        or (vendor_of_text(found.name) if found.name else None)
        or vendor_of(said_vendor)
        or vendor_of_text(found.hints)
    )
    if vendor and ids and vendor == ids[0]:  # a maker without a name here
        vendor = vendor_of_text(found.name) or vendor_of(said_vendor) or vendor
    if not ids and found.device_id and vendor in _VENDOR_IDS:
        ids = (_VENDOR_IDS[vendor], found.device_id, None)
    model = _model(found, vendor, ids, said_revision)
    return GpuIdentity(
        vendor=vendor,
        model=model,
        architecture=_architecture(vendor, model, ids, found, said_architecture, target),
        pci_id=f"{ids[0]}:{ids[1]}" if ids else None,
    )


def _software(found: Renderer, name: str, said_vendor: str) -> GpuIdentity:
    model = next((known for mark, known in _SOFTWARE_NAMES if mark.search(name)), found.name or None)
    vendor = vendor_of_text(f"{found.name} {name}") or vendor_of(said_vendor)
    return GpuIdentity(vendor=vendor, model=model, architecture="software")


def _model(
    found: Renderer, vendor: str | None, ids: tuple[str, str, str | None] | None, said_revision: str
) -> str | None:
    said = model_name(found.name, vendor) if found.name else None
    if not ids:
        return said
    exact = model_of_revision(ids[0], ids[1], said_revision.lower().removeprefix("0x") or ids[2])
    if exact and not _VAGUE.match(exact) and not (said and said.startswith(exact)):
        return exact
    if said and not _VAGUE.match(said):
        return said
    listed = model_of_device(ids[0], ids[1])
    return listed if listed and (not said or not _VAGUE.match(listed)) else said or listed


def _architecture(
    vendor: str | None,
    model: str | None,
    ids: tuple[str, str, str | None] | None,
    found: Renderer,
    said: str,
    target: str,
) -> str | None:
    return (
        (architectures.by_device(vendor, ids[1]) if vendor and ids else None)
        or (architectures.by_compute_target(target) if target else None)
        or (architectures.by_model(model) if model else None)
        or architectures.by_code_name(found.hints)
        or (architectures.by_word(said) if said else None)
        or architectures.by_code_name(found.name)
    )
