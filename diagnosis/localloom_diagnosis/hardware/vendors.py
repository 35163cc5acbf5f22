"""Who makes a GPU: one lower-case name for each maker, from its ids and from all the ways it is written."""

from __future__ import annotations

import re

#: PCI vendor ids, as the PCI id database lists them, and the ids that Vulkan gives to what is on no PCI bus
#: (VkVendorId of the Vulkan registry: 0x10001 and up).
BY_ID = {
    0x10DE: "nvidia",
    0x12D2: "nvidia",  # NVidia / SGS Thomson
    0x1002: "amd",
    0x1022: "amd",
    0x8086: "intel",
    0x106B: "apple",
    0x5143: "qualcomm",
    0x4D4F4351: "qualcomm",  # "QCOM", the ACPI id that Windows shows
    0x13B5: "arm",
    0x14E4: "broadcom",
    0x1010: "imagination",
    0x10001: "vivante",
    0x10005: "mesa",
    0x144D: "samsung",
    0x1ED5: "moore threads",
    0x1AE0: "google",
    0x1414: "microsoft",
    0x1A03: "aspeed",
    0x102B: "matrox",
    0x1013: "cirrus logic",
    0x1AF4: "virtio",
    0x1B36: "qemu",
    0x1234: "qemu",
    0x15AD: "vmware",
    0x80EE: "virtualbox",
    0x1AB8: "parallels",
}

#: How each maker is written in the name of a product, and marks that stand for it alone; the first match wins.
_MARKS = tuple(
    (re.compile(marks, re.IGNORECASE), vendor)
    for marks, vendor in (
        (r"\bllvmpipe\b|\blavapipe\b|\bsoftpipe\b", "mesa"),
        (r"\bswiftshader\b", "google"),
        (r"microsoft basic|\bwarp\b|microsoft remote display|microsoft hyper-v", "microsoft"),
        (
            r"nvidia|\bgeforce\b|\bquadro\b|\btesla [a-z]\d|\btitan (?:x|v|rtx|xp)\b|\brtx \w?\d{4}|\bgtx \d{3,4}",
            "nvidia",
        ),
        (
            r"\b(?:ad|ga|gb|gh|gk|gm|gp|gv|tu)\d{3}\b",
            "nvidia",
        ),
        (
            r"\bamd\b|\bati\b|advanced micro devices|\bradeon\b|\bfirepro\b|\binstinct mi\d|\bradv\b|\bnavi ?\d\d",
            "amd",
        ),
        (r"\bintel\b|\b(?:u?hd|iris)(?: \w+)? graphics\b|\barc [ab]\d{3}", "intel"),
        (r"\bapple\b|\bagx\b", "apple"),
        (r"\bqualcomm\b|\badreno\b|\bqcom\b", "qualcomm"),
        (r"\bmali\b|\bimmortalis\b|^arm\b", "arm"),
        (r"\bpowervr\b|\bimagination\b|\bimg tec", "imagination"),
        (r"\bvideocore\b|\bv3d\b|\bbroadcom\b|\bbrcm\b", "broadcom"),
        (r"\bsamsung\b|\bxclipse\b", "samsung"),
        (r"moore threads|\bmtt s\d", "moore threads"),
        (r"\bvivante\b", "vivante"),
        (r"\bvmware\b|\bsvga3d\b", "vmware"),
        (r"\bvirtualbox\b", "virtualbox"),
        (r"\bparallels\b", "parallels"),
        (r"\bvirgl\b|\bvirtio\b", "virtio"),
        (r"\bqemu\b|\bqxl\b|red hat", "qemu"),
        (r"\baspeed\b", "aspeed"),
        (r"\bmatrox\b", "matrox"),
        (r"\bcirrus\b", "cirrus logic"),
        (r"\bgoogle\b", "google"),
        (r"\bmicrosoft\b", "microsoft"),
        (r"\bmesa\b", "mesa"),
    )
)

#: How a maker writes itself, in front of a model's name.
_SHOWN = {
    "nvidia": "NVIDIA",
    "amd": "AMD",
    "arm": "ARM",
    "vmware": "VMware",
    "virtualbox": "VirtualBox",
    "qemu": "QEMU",
    "aspeed": "ASPEED",
    "virtio": "virtio",
}

_HEX = re.compile(r"(?:0x)?([0-9a-f]{4,8})", re.IGNORECASE)


def vendor_of_text(text: str) -> str | None:
    """The maker that a text names; None where it names none."""
    return next((vendor for mark, vendor in _MARKS if mark.search(text)), None)


def vendor_of(said: str | None) -> str | None:
    """One name for a maker: "NVIDIA Corporation", "0x10de" and "nvidia" are "nvidia". Unknown ones in lower case."""
    text = " ".join((said or "").split())[:100].rstrip()
    if not text or text.lower() in ("unknown", "none"):
        return None
    number = _HEX.fullmatch(text)
    if number:
        return BY_ID.get(int(number[1], 16), text.lower())
    return vendor_of_text(text) or text.lower()


def shown(vendor: str) -> str | None:
    """The maker's name as it stands before a model's; None for one that is not known here."""
    return _SHOWN.get(vendor) or (vendor.title() if vendor in _KNOWN else None)


_KNOWN = frozenset(BY_ID.values())
