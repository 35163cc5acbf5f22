"""One step of a fetch: the files of one phase, each taken from the cache or downloaded."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Phase

from . import disk
from .context import FetchContext
from .download import Download, Item
from .lock import ModelLock
from .partial import WORK_DIR, Part, hash_file
from .pool import run_all
from .report import StepReport, sum_up


class Step:
    """Brings the files of one phase into a model's folder, and keeps the figures."""

    def __init__(self, phase: Phase, context: FetchContext, lock: ModelLock | None) -> None:
        """Report under `phase`.

        `lock` is held by the caller, who gives signs of life through it; without one nothing is written.
        """
        self._phase, self._context, self._lock = phase, context, lock
        self._folder, self._cancel = context.folder, context.cancel
        self._began = time.monotonic()
        self._downloads: list[Download] = []
        self._verified: dict[str, int] = {}
        self._cached = self._replaced = 0
        self.total = 0
        """Bytes of all the files, where they are known beforehand."""

    def verify_or_fetch(self, items: Sequence[Item]) -> None:
        """Verify what is in the cache, fetch the rest, several files at once.

        Raises:
            EngineFault: see `Download.run`; storage.quota_or_disk_full before the first byte.
        """
        self.total += sum(item.size or 0 for item in items)
        needed = sum(self._missing(item) for item in items)
        if self._lock is not None:
            disk.check_space(self._folder, needed)
        jobs = [lambda item=item: self._one(item) for item in items]
        run_all(jobs, self._context.settings.parallel, self._cancel, self._beat)

    def fetch(self, item: Item) -> None:
        """Download one file."""
        download = Download(item, self._context)
        self._downloads.append(download)
        download.run()

    @property
    def fetched(self) -> int:
        """How many downloads were begun."""
        return len(self._downloads)

    def count_hit(self) -> None:
        """A file was in the cache, and sound."""
        self._cached += 1

    def note_damage(self, file: str, what: str) -> None:
        """A file was in the cache, and damaged: it is fetched again."""
        self._replaced += 1
        self._context.note(f"{file} in the cache is damaged ({what}): it is fetched again")

    def report(self, nbytes: int) -> StepReport:
        """The figures, when all is done."""
        took = time.monotonic() - self._began
        return sum_up(
            self._folder,
            self._downloads,
            nbytes=nbytes,
            cached=self._cached,
            replaced=self._replaced,
            duration_s=took,
        )

    def _one(self, item: Item) -> None:
        if self._sound(item):
            self.count_hit()
            return
        try:
            self.fetch(item)
        except EngineFault as fault:
            if not item.optional or fault.facts.get("http.status") != 404:
                raise
            self._context.note(f"the hub has no {item.file}: the model is used without it")
            absent_mark(self._folder, item.file).touch()

    def _sound(self, item: Item) -> bool:
        """Whether the cache has the file, with the size and the MD5 that it must have."""
        path = self._folder / item.file
        with disk.faults(self._folder):
            try:
                size = path.stat().st_size
            except FileNotFoundError:
                return False
            if item.size is not None and size != item.size:
                self.note_damage(item.file, f"{size} bytes instead of {item.size}")
                return False
            digest = hashlib.md5(usedforsecurity=False)

            def advance(count: int) -> None:
                self._verified[item.file] = self._verified.get(item.file, 0) + count

            hash_file(path, digest, advance, self._cancel)
        if item.md5 and digest.hexdigest() != item.md5:
            self._verified.pop(item.file, None)
            self.note_damage(item.file, f"MD5 {digest.hexdigest()} instead of {item.md5}")
            return False
        return True

    def _missing(self, item: Item) -> int:
        try:
            if (self._folder / item.file).stat().st_size == item.size:
                return 0
        except OSError:
            pass
        return max(0, (item.size or 0) - Part(self._folder, item.file).size())

    def _beat(self) -> None:
        """Progress, which is also the sign of life for the watchdog and for whoever waits for the lock."""
        done = sum(d.done for d in list(self._downloads)) + sum(list(self._verified.values()))
        self._context.observer.progress(self._phase, done, self.total, "bytes")
        if self._lock is not None:
            self._lock.sign(done, self.total)


def absent_mark(folder: Path, file: str) -> Path:
    """The file that says that the hub has no `file`, so that it is not asked again."""
    return folder / WORK_DIR / f"{file}.absent"
