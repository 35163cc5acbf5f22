"""The lock on a model in the cache: one process fills its folder, the others wait and see how far it is."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .pace import Cancelled

POLL_S = 0.2
SIGN_S = 1.0
"""The holder gives a sign of life this often."""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the process that holds the lock says of itself."""

    pid: int
    done: int = 0
    total: int = 0
    """Bytes; 0 where that is not known yet."""
    at: float = 0.0
    """Wall-clock seconds."""


class ModelLock:
    """An advisory lock that the system releases when its holder dies, however it dies."""

    def __init__(self, path: Path, work_dir: Path) -> None:
        """Lock by the file `path`; the holder's signs of life are in `work_dir`."""
        self._path, self._sign_path = path, work_dir / "holder.json"
        self._lock = filelock.FileLock(str(path))
        self._signed_at = 0.0

    @contextmanager
    def wait(
        self, stall_s: float, cancel: threading.Event, on_wait: Callable[[Holder | None], None]
    ) -> Iterator[None]:
        """Hold the lock; wait for it as long as its holder gives signs of life.

        Args:
            stall_s: how long the holder may be silent.
            cancel: ends the waiting.
            on_wait: called while waiting, several times a second, with what the holder last said.

        Raises:
            EngineFault: process.hung where the holder has been silent for too long.
            OSError: the lock file cannot be made.
            Cancelled: the fetch was given up.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        seen, seen_at = self._holder(), time.monotonic()
        while not self._acquired():
            holder = self._holder()
            if holder != seen:
                seen, seen_at = holder, time.monotonic()
            if time.monotonic() - seen_at > stall_s:
                raise self._stalled(seen, stall_s)
            on_wait(holder)
            if cancel.wait(POLL_S):
                raise Cancelled
        try:
            yield
        finally:
            self._sign_path.unlink(missing_ok=True)
            self._lock.release()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Hold the lock, or fail.

        Raises:
            EngineFault: storage.permission while another process holds it.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._acquired():
            holder = self._holder()
            who = f"process {holder.pid}" if holder else "another process"
            raise EngineFault(
                Category.STORAGE_PERMISSION,
                f"{who} is fetching into {self._sign_path.parent.parent}; wait for it, or end it first",
                {"disk.path": str(self._sign_path.parent.parent)},
            )
        try:
            yield
        finally:
            self._lock.release()

    def sign(self, done: int, total: int) -> None:
        """Say, while holding the lock, how far the work is; more often than once a second is ignored."""
        now = time.monotonic()
        if now - self._signed_at < SIGN_S:
            return
        self._signed_at = now
        fresh = self._sign_path.with_suffix(f".{os.getpid()}")
        try:
            fresh.write_text(
                json.dumps(asdict(Holder(os.getpid(), done, total, time.time()))), encoding="utf-8"
            )
            fresh.replace(self._sign_path)
        except OSError:
            return  # a full disk is noticed where bytes are written that matter

    def _acquired(self) -> bool:
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        return True

    def _holder(self) -> Holder | None:
        try:
            return Holder(**json.loads(self._sign_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _stalled(self, holder: Holder | None, stall_s: float) -> EngineFault:
        who = f"process {holder.pid}" if holder else "another process"
        return EngineFault(
            Category.PROCESS_HUNG,
            f"{who} holds the lock {self._path} and has given no sign of life for {stall_s:g} s; end it, then probe "
            "again",
            {"disk.path": str(self._path), "limit.seconds": stall_s},
        )
