"""One GPU under one name, whoever reports it: NVML, Vulkan, WebGPU, OpenGL, the bus, Windows or macOS."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

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
        _Said(
            name=_short(name),
            vendor=_short(vendor),
            pci_id=_short(pci_id),
            revision=_short(revision).lower().removeprefix("0x"),
            architecture=_short(architecture),
            compute_target=_short(compute_target),
        )
    )


class _Said(NamedTuple):
    """What a source says of a GPU; empty where it says nothing."""

    name: str
    vendor: str
    pci_id: str
    revision: str
    architecture: str
    compute_target: str


def _short(text: str | None) -> str:
    return str(text)[:_FULLEST] if text else ""


@lru_cache(maxsize=4096)  # a fleet's machines are of few kinds
def _identify(said: _Said) -> GpuIdentity:
    found = _read(said)
    for _ in range(_TURNS):
        again = _read(
            said._replace(
                name=found.model or "",
                vendor=found.vendor or "",
                pci_id=found.pci_id or "",
                architecture=found.architecture or "",
            )
        )
        if again == found:
            return found
        found = again
    return replace(found, model=None)


def _read(said: _Said) -> GpuIdentity:
    found = unwrap(said.name)
    ids = pci_ids(said.pci_id)
    if _SOFTWARE.search(f"{said.name} {said.architecture}"):
        return _software(found, said)
    vendor = (
        (vendor_of(ids[0]) if ids else None)
        or (vendor_of_text(found.name) if found.name else None)
        or vendor_of(said.vendor)
        or vendor_of_text(found.hints)
    )
    if vendor and ids and vendor == ids[0]:  # a maker without a name here
        vendor = vendor_of_text(found.name) or vendor_of(said.vendor) or vendor
    if not ids and found.device_id and vendor in _VENDOR_IDS:
        ids = (_VENDOR_IDS[vendor], found.device_id, None)
    model = _model(found, vendor, ids, said.revision)
    return GpuIdentity(
        vendor=vendor,
        model=model,
        architecture=(
            (architectures.by_device(vendor, ids[1]) if vendor and ids else None)
            or (architectures.by_compute_target(said.compute_target) if said.compute_target else None)
            or (architectures.by_model(model) if model else None)
            or architectures.by_code_name(found.hints)
            or (architectures.by_word(said.architecture) if said.architecture else None)
            or architectures.by_code_name(found.name)
        ),
        pci_id=f"{ids[0]}:{ids[1]}" if ids else None,
    )


def _software(found: Renderer, said: _Said) -> GpuIdentity:
    text = f"{said.name} {said.architecture}"
    model = next((known for mark, known in _SOFTWARE_NAMES if mark.search(text)), found.name or None)
    return GpuIdentity(vendor_of_text(text) or vendor_of(said.vendor), model, "software")


def _model(
    found: Renderer, vendor: str | None, ids: tuple[str, str, str | None] | None, revision: str
) -> str | None:
    said = model_name(found.name, vendor) if found.name else None
    if not ids:
        return said
    exact = model_of_revision(ids[0], ids[1], revision or ids[2])
    if exact and not _VAGUE.match(exact) and not (said and said.startswith(exact)):
        return exact
    if said and not _VAGUE.match(said):
        return said
    listed = model_of_device(ids[0], ids[1])
    better = listed and (not said or not _VAGUE.match(listed) or ("/" in said and "/" not in listed))
    return listed if better else said
