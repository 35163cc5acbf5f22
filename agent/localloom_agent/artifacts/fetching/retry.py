"""Tries a file again while that can help: bounded attempts, jittered pauses, and the server's own wishes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from localloom_agent.engines.interface import EngineFault

from .failures import AttemptFailed
from .pace import Cancelled
from .settings import FetchSettings

PROGRESS_BYTES = 1 << 20
"""An attempt that brought this much was worth it: the count of attempts starts anew."""


def persist(
    attempt: Callable[[int], None],
    settings: FetchSettings,
    cancel: threading.Event,
    note: Callable[[str], None],
) -> int:
    """Call `attempt` until it succeeds or asking again cannot help; returns how many attempts failed.

    Args:
        attempt: takes the number of failed attempts so far, and raises AttemptFailed with `gained` set.
        settings: the limits.
        cancel: ends a pause at once.
        note: is told in one sentence why there is another attempt, and when.

    Raises:
        EngineFault: of the last attempt.
        Cancelled: the fetch was given up elsewhere.
    """
    failed, in_a_row, whole = 0, 0, 0
    fruitless_since = time.monotonic()
    while True:
        try:
            attempt(failed)
            return failed
        except AttemptFailed as problem:
            failed += 1
            whole += problem.whole
            if problem.gained >= PROGRESS_BYTES and not problem.whole:
                in_a_row, fruitless_since = 0, time.monotonic()
            in_a_row += 1
            pause = _pause(problem, in_a_row, settings)
            if (
                not problem.retry
                or whole >= settings.whole_attempts
                or in_a_row >= settings.attempts
                or time.monotonic() + pause - fruitless_since > settings.patience_s
                or pause > settings.retry_after_max_s
            ):
                raise _last(problem.fault, failed, pause, settings) from problem.__cause__
            note(f"{problem.fault}; trying again in {pause:.1f} s")
        if cancel.wait(pause):
            raise Cancelled


def _pause(problem: AttemptFailed, in_a_row: int, settings: FetchSettings) -> float:
    if problem.wait_s is not None:
        return problem.wait_s
    ceiling = min(settings.backoff_max_s, settings.backoff_s * 2 ** (in_a_row - 1))
    return random.uniform(ceiling / 2, ceiling)


def _last(fault: EngineFault, failed: int, pause: float, settings: FetchSettings) -> EngineFault:
    """The fault with how often was tried, where that is news."""
    words = str(fault)
    if pause > settings.retry_after_max_s:
        words += f" (it asks to wait {pause:.0f} s)"
    elif failed > 1:
        words += f" (tried {failed} times)"
    else:
        return fault
    return EngineFault(fault.category, words, fault.facts)
