"""Figures as a person reads them."""

from __future__ import annotations


def size(count: float) -> str:
    """Bytes, in decimal units as disks and downloads are sold: 1234567 is "1.2 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def seconds(value: float) -> str:
    """A duration: "85 ms", "4.2 s", "3 min 05 s"."""
    if value < 0.1:
        return f"{value * 1000:.0f} ms"
    if value < 100:
        return f"{value:.1f} s"
    return f"{int(value) // 60} min {int(value) % 60:02d} s"


def amount(done: float, total: float, unit: str) -> str:
    """How far something is: "12.0 MB of 340.1 MB", "7 of 50 tokens"."""
    if unit == "bytes":
        return f"{size(done)} of {size(total)}" if total else size(done)
    return f"{done:.0f} of {total:.0f} {unit}" if total else f"{done:.0f} {unit}"
