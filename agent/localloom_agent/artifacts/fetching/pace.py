"""How long the network may keep a fetch waiting: for an answer, between two bytes, and over a slow stretch."""

from __future__ import annotations

import threading
import time

import httpcore

TICK_S = 0.5
"""A waiting read looks up this often, to see whether the fetch was given up elsewhere."""


class Cancelled(Exception):
    """The fetch was given up elsewhere: another file failed, or the user left."""


class Pace:
    """The patience of one thread's exchanges.

    Time that our own disk takes does not count: only waiting inside a read does.
    """

    def __init__(self, timeout_s: float, min_rate: float, cancel: threading.Event) -> None:
        """Allow `timeout_s` for an answer and between bytes, and at least `min_rate` bytes/s over such a stretch."""
        self._timeout_s, self._min_rate, self._cancel = timeout_s, min_rate, cancel
        self._answer_due: float | None = None
        self._window_s = self._window_bytes = 0.0

    def expect_answer(self) -> None:
        """A request goes out: its status line and headers must be here within the limit, however they trickle."""
        self._raise_if_cancelled()
        self._answer_due = time.monotonic() + self._timeout_s

    def expect_body(self) -> None:
        """The headers are here: from now on bytes must flow."""
        self._answer_due = None
        self._window_s = self._window_bytes = 0.0

    def read(self, stream: httpcore.NetworkStream, max_bytes: int) -> bytes:
        """Read from `stream`, within the limits.

        Raises:
            httpcore.ReadTimeout: over a limit; its text says which.
            httpcore.ReadError: the connection failed.
            Cancelled: the fetch was given up elsewhere.
        """
        began = time.monotonic()
        while True:
            self._raise_if_cancelled()
            left = self._left(began)
            try:
                data = stream.read(max_bytes, timeout=min(TICK_S, max(left, 0.001)))
            except httpcore.ReadTimeout:
                if self._left(began) > 0:
                    continue
                raise httpcore.ReadTimeout(self._words()) from None
            self._count(time.monotonic() - began, len(data))
            return data

    def _raise_if_cancelled(self) -> None:
        if self._cancel.is_set():
            raise Cancelled

    def _left(self, began: float) -> float:
        due = began + self._timeout_s if self._answer_due is None else self._answer_due
        return due - time.monotonic()

    def _words(self) -> str:
        what = "no byte came" if self._answer_due is None else "no answer came"
        return f"{what} for {self._timeout_s:g} s"

    def _count(self, waited: float, received: int) -> None:
        self._window_s += waited
        self._window_bytes += received
        if self._answer_due is not None or self._window_s < self._timeout_s:
            return
        rate = self._window_bytes / self._window_s
        if received and rate < self._min_rate:
            raise httpcore.ReadTimeout(f"only {rate:.0f} bytes/s came over {self._window_s:.0f} s")
        self._window_s = self._window_bytes = 0.0
