"""Runs the jobs of a fetch in a few threads, and keeps reporting while they work."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable, Sequence

from .pace import Cancelled

BEAT_S = 0.25
"""Seconds between two reports."""
_LEAVE_S = 2.0
"""How long the others get to notice that one has failed."""


def run_all(
    jobs: Sequence[Callable[[], None]], workers: int, cancel: threading.Event, beat: Callable[[], None]
) -> None:
    """Run `jobs`; the first that fails ends the others, and its exception is raised here.

    `beat` is called in this thread while the jobs work, every quarter of a second and once at the end. Every
    exception of a job leaves `cancel` set.
    """
    executor = concurrent.futures.ThreadPoolExecutor(workers, thread_name_prefix="localloom-fetch")
    futures = [executor.submit(job) for job in jobs]
    pending: set[concurrent.futures.Future[None]] = set(futures)
    try:
        while pending:
            done, pending = concurrent.futures.wait(
                pending, timeout=BEAT_S, return_when=concurrent.futures.FIRST_EXCEPTION
            )
            if any(f.exception() is not None for f in done):
                break
            beat()
    finally:
        if pending:
            cancel.set()
        executor.shutdown(wait=False, cancel_futures=True)
        if pending:
            concurrent.futures.wait([f for f in pending if not f.cancelled()], timeout=_LEAVE_S)
    _raise_first(futures)
    beat()


def _raise_first(futures: Sequence[concurrent.futures.Future[None]]) -> None:
    """The cause, not what it led to: a job that was called off comes last."""
    failures = [f.exception() for f in futures if f.done() and not f.cancelled()]
    real = [e for e in failures if e is not None]
    for error in sorted(real, key=lambda e: isinstance(e, Cancelled)):
        raise error
