"""Signs of life while mlc-llm reads or fetches weights: it says nothing itself, but its processes move bytes."""

from __future__ import annotations

import contextlib
import importlib
import threading
from typing import Any

from localloom_agent.engines.track import Track
from localloom_diagnosis.taxonomy import Phase

EVERY_S = 0.5
LEAST_BYTES = 65536
"""Fewer bytes between two looks are no sign of work: a hang that logs a line stays a hang."""


def start(track: Track) -> None:
    """Report, from a daemon thread, the bytes moved during `weights`; without psutil, or where it cannot tell, nothing."""
    try:
        psutil = importlib.import_module("psutil")  # mlc-llm needs it anyway
        own = psutil.Process()
        own.io_counters()
    except Exception:
        return
    threading.Thread(target=_beat, args=(track, own), name="localloom-heartbeat", daemon=True).start()


def _beat(track: Track, own: Any) -> None:
    wait = threading.Event()
    begun = last = 0
    inside = False
    while not wait.wait(EVERY_S):
        place = track.place
        if place is None or place.phase is not Phase.WEIGHTS:
            inside = False
            continue
        moved = _moved(own)
        if not inside:
            inside, begun, last = True, moved, moved
        elif moved - last >= LEAST_BYTES:
            last = moved
            track.observer.progress(Phase.WEIGHTS, moved - begun, 0, "bytes")


def _moved(own: Any) -> int:
    """Bytes that this process and those that it started have read and written so far."""
    total = 0
    members = [own]
    with contextlib.suppress(Exception):
        members += own.children(recursive=True)
    for member in members:
        with contextlib.suppress(Exception):  # it may just have ended
            counters = member.io_counters()
            total += getattr(counters, "read_chars", counters.read_bytes)
            total += getattr(counters, "write_chars", counters.write_bytes)
    return total
