"""Takes a GPU's name out of what an API wraps it in: ANGLE, OpenGL renderers, Mesa's code names, the PCI database."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: No driver's string is longer; whatever comes beyond is not read.
_LONGEST = 400

_MARKS = re.compile(r"\((?:R|TM|C)\)|[®™©]", re.IGNORECASE)
_ANGLE = re.compile(r"^ANGLE \((.*)\)?$", re.IGNORECASE)
_ANGLE_VENDOR = re.compile(
    r"^(?:NVIDIA(?: Corporation)?|AMD|ATI(?: Technologies Inc\.)?|Intel(?: Inc\.| Corporation)?|Apple(?: Inc\.)?|Google(?: Inc\.)?|"
    r"Microsoft(?: Corporation)?|Qualcomm|ARM|Mesa(?:/X\.org)?|Unknown|X\.Org|Samsung[^,]*|Imagination[^,]*|VMware[^,]*|0x[0-9a-f]+),\s+",
    re.IGNORECASE,
)
_DIRECT3D = re.compile(r",?\s+(?:Direct3D\s?(?:9Ex|9|11|12)\b|D3D(?:9|11|12)\b).*$", re.IGNORECASE)
_API_TAIL = re.compile(
    r",\s+(?:OpenGL\b|Unspecified Version|Version \d|or similar|NVIDIA-\d|SwiftShader driver|"
    r"[^,()]*Mesa driver|[^,()]*proprietary driver|llvmpipe-).*$",
    re.IGNORECASE,
)
_BUS_TAIL = re.compile(r"/(?:PCIe?|AGP|integrated|SSE2|MMX)\b.*$|,? or similar$", re.IGNORECASE)
_DEVICE_ID = re.compile(r"\(0x0*([0-9a-f]{4})\)", re.IGNORECASE)
#: What only passes another GPU through: WSL's Direct3D driver, virtio's, Vulkan under OpenGL or ANGLE.
_INSIDE = re.compile(
    r"^(?:(?:Microsoft )?D(?:irect)?3D12|Virtio-GPU Venus|virgl|zink(?: Vulkan [\d.]+)?|Vulkan [\d.]+)\s*\((.*)$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"^([^\[\]]*)\[([^\[\]]+)\]\s*(?:\(rev \w+\))?$")
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_PREFIXES = re.compile(
    r"^(?:ANGLE Metal Renderer:|Mesa DRI\b|Mesa\b(?! OffScreen)|Turnip\b|Gallium [\d.]+ on\b|Google Inc\.)\s*",
    re.IGNORECASE,
)
_ENGINE = re.compile(r"\s+(?:OpenGL|Compute) Engine$")
#: A name that system_profiler left untranslated.
_KEY = re.compile(r"^kHW_(\w+)Item$")


@dataclass(frozen=True, slots=True)
class Renderer:
    """What stands in one string about a GPU."""

    name: str
    """The name alone; empty where the string has none."""
    device_id: str | None = None
    """Four hexadecimal digits of the PCI device, where ANGLE names them."""
    hints: str = ""
    """What stood in parentheses and before brackets: Mesa's and the PCI database's code names."""


def unwrap(text: str) -> Renderer:
    """The GPU's name without its wrapping; whatever the text is, something comes back."""
    name = " ".join(text[:_LONGEST].split())
    name = _MARKS.sub(" ", name)
    angle = _ANGLE.match(" ".join(name.split()))
    if angle:
        name = _ANGLE_VENDOR.sub("", angle[1])
    name = _API_TAIL.sub("", _DIRECT3D.sub("", name))
    device = _DEVICE_ID.search(name)
    name = _DEVICE_ID.sub(" ", name)
    name = _BUS_TAIL.sub("", " ".join(name.split()))
    inside = _INSIDE.match(name)
    if inside and inside[1].strip(" )"):
        name = inside[1].strip()
    name, hints = _without_asides(name)
    untranslated = _KEY.match(name)
    if untranslated:
        name = re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", untranslated[1])
    for _ in range(2):
        name = _PREFIXES.sub("", name)
    name = _ENGINE.sub("", name)
    return Renderer(" ".join(name.split()).strip(" ,;:-_/"), device[1].lower() if device else None, hints)


def _without_asides(name: str) -> tuple[str, str]:
    hints: list[str] = []
    bracket = _BRACKET.match(name)
    if bracket:  # the PCI database: a code name, and in brackets what it is sold as
        hints.append(bracket[1])
        name = bracket[2]
    for _ in range(4):
        asides = _PARENTHESIS.findall(name)
        if not asides:
            break
        hints += asides
        name = _PARENTHESIS.sub(" ", name)
    opened = name.find("(")
    if opened >= 0:  # cut short: what was opened is not closed
        hints.append(name[opened + 1 :])
        name = name[:opened]
    return name.replace(")", " "), " ".join(" ".join(hints).split())
