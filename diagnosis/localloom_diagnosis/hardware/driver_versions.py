"""One version for one driver: what Windows, Vulkan and the driver's own tools write differently."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\d+(?:\.\d+)+")
#: The version of a Windows driver: the version of Windows it was made for, and its own.
_WINDOWS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{1,5})\.(\d{1,5})")
_MESA = re.compile(r"\bMesa (\d+\.\d+(?:\.\d+)?(?:-(?:devel|rc\d+))?)", re.IGNORECASE)
_ADRENALIN = re.compile(r"\b((?:1[6-9]|2\d)\.(?:[1-9]|1[0-2])\.\d{1,2}(?:\.\d+)?)\b")

#: Mesa's drivers by the names that Vulkan, the kernel's module and people give them.
_MESA_DRIVERS = frozenset(
    ["radv", "anv", "nvk", "turnip", "venus", "llvmpipe", "lavapipe", "panvk", "v3dv", "honeykrisp", "dozen"]
)


def driver_version(said: str | None, vendor: str | None = None, driver: str | None = None) -> str | None:
    """The version as the driver's maker writes it; None where nothing is said. Never raises, and idempotent.

    NVIDIA's Windows drivers are numbered by the last five digits of the last two fields: 31.0.15.3623 is 536.23
    (docs.nvidia.com, "GeForce driver version numbers"; Device Manager shows the long form, nvidia-smi the short).
    Vulkan pads what NVIDIA writes: 535.183.1.0 is 535.183.01. Mesa's packages are "Mesa 24.0.9" whatever a
    distribution appends. Intel's and AMD's Windows drivers keep the four fields that their makers publish.

    Args:
        said: e.g. "31.0.15.3623", "Mesa 24.0.9-0ubuntu0.1 (LLVM 17.0.6)", "580.95.05".
        vendor: the GPU's maker, in the names of `vendors`.
        driver: the driver's name where one is known, e.g. "radv".
    """
    text = " ".join((said or "").split())[:200].rstrip()
    if not text:
        return None
    mesa = _MESA.search(text)
    if mesa:
        return f"Mesa {mesa[1]}"
    numbers = _NUMBERS.search(text)
    if not numbers:
        return text
    if vendor == "nvidia":
        return _nvidia(numbers[0])
    if (driver or "").lower() in _MESA_DRIVERS and re.fullmatch(r"\d+\.\d+\.\d+", numbers[0]):
        return f"Mesa {numbers[0]}"
    if vendor == "amd" and not _WINDOWS.fullmatch(numbers[0]):
        marketed = _ADRENALIN.search(text)
        return marketed[1] if marketed else numbers[0]
    if vendor in ("amd", "intel", "qualcomm", "microsoft"):
        return numbers[0]
    return text


def _nvidia(version: str) -> str:
    windows = _WINDOWS.fullmatch(version)
    if windows and int(windows[1]) < 100:
        digits = f"{windows[3]}{int(windows[4]):04d}"[-5:]
        if len(digits) == 5:
            return f"{digits[:3].lstrip('0') or '0'}.{digits[3:]}"
    fields = version.split(".")
    if len(fields) == 4:  # Vulkan's: two fields, or three with the third in two digits
        fields = fields[:2] if fields[2] == "0" else [*fields[:2], fields[2].zfill(2)]
    elif len(fields) == 3:
        fields[2] = fields[2].zfill(2)
    return ".".join(fields)
