"""A GPU's model by its PCI ids, for machines where nothing but the ids is known."""

from __future__ import annotations

import re
from functools import cache

from .device_table import TABLE

#: "10de:2504", also with AMD's revision: "1002:73df:c1".
_ID = re.compile(r"(?:0x)?([0-9a-f]{4})[:.](?:0x)?([0-9a-f]{4})(?:[:.](?:0x)?([0-9a-f]{2}))?", re.IGNORECASE)
#: Windows: "PCI\\VEN_1002&DEV_73DF&SUBSYS_…&REV_C1".
_PNP = re.compile(r"VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})(?:.*?REV_([0-9A-F]{2}))?", re.IGNORECASE)


def pci_ids(text: str | None) -> tuple[str, str, str | None] | None:
    """Vendor, device and revision out of "10de:2504" or a Windows device id; None where it is neither."""
    found = _ID.fullmatch((text or "").strip()) or _PNP.search(text or "")
    return (found[1].lower(), found[2].lower(), found[3].lower() if found[3] else None) if found else None


def model_of_revision(vendor: str, device: str, revision: str | None) -> str | None:
    """The model of exactly this revision, which only AMD needs; None where the table has none."""
    return _table().get((vendor, f"{device}.{revision}")) if revision else None


def model_of_device(vendor: str, device: str) -> str | None:
    """The model, or the models, of the device; None where the table has none."""
    return _table().get((vendor, device))


@cache
def _table() -> dict[tuple[str, str], str]:
    models = {}
    for line in TABLE.splitlines():
        named, _, ids = line.rpartition(": ")
        vendor, _, model = named.partition(" ")
        for device in ids.split():
            models[vendor, device] = model
    return models
