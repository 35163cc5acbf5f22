"""The size a machine's memory was sold as: what systems report is always a little less, and never quite the same."""

from __future__ import annotations

GIB = 1 << 30

#: GiB in which modules add up, and in which GPUs are sold.
_SOLD = (
    0.5, 1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 94, 96, 112, 120, 128,
    141, 144, 160, 180, 192, 224, 256, 288, 320, 384, 448, 512, 640, 768, 896, 1024, 1152, 1280, 1536, 1792, 2048,
)  # fmt: skip

#: What firmware, a kernel, error correction and an integrated GPU keep to themselves, at most: a Tesla T4 of 16 GiB
#: shows 14.75 with ECC on, an A10 of 24 GiB 22.5.
_KEPT = 0.12
#: What a report may be above the size it was sold as: makers count in 10^9 here and there.
_OVER = 0.005


def memory_class(size: float | None) -> int | None:
    """Bytes of the size sold that `size` bytes came from: 16 GiB for 15.4; None for no size.

    Where no size sold is near (a virtual machine's odd share), whole GiB, rounded.
    """
    if size is None or isinstance(size, bool) or not 0 < size <= 2**62:
        return None
    gib = size / GIB
    for sold in _SOLD:
        if sold * (1 - _KEPT) <= gib <= sold * (1 + _OVER):
            # Two may be near: 14 GiB is 14, not a 16 that keeps an eighth to itself.
            return int(sold * GIB)
    whole = max(1, round(gib))
    # What rounds up may come near a size sold: 8.5 GiB is 9, and 9 is a 10 that keeps a tenth to itself.
    return whole * GIB if whole == gib else memory_class(whole * GIB)
