"""Run ids: UUIDv7 (RFC 9562), whose first 48 bits are the run's start in Unix milliseconds."""

from __future__ import annotations

import os
import uuid


def uuid7(unix_nano: int) -> uuid.UUID:
    """A new id for a run that starts at `unix_nano`."""
    milliseconds = (unix_nano // 1_000_000) & (2**48 - 1)
    noise = int.from_bytes(os.urandom(10), "big")
    high, low = noise >> 68, noise & (2**62 - 1)
    return uuid.UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
