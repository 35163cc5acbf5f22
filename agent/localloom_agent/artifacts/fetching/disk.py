"""What the disk under the cache allows: free space, and what its refusals mean."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

RESERVE_BYTES = 8 << 20
"""Left free beyond what is needed: file systems need some room themselves."""
_FULL = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def free_bytes(folder: Path) -> int:
    """Bytes that this user may still write below `folder`, or below its nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_space(folder: Path, needed: int) -> None:
    """Make sure that `needed` more bytes fit below `folder`.

    Raises:
        EngineFault: storage.quota_or_disk_full, with the figures.
    """
    free = free_bytes(folder)
    if needed and needed + RESERVE_BYTES > free:
        raise _full(folder, needed, free)


@contextmanager
def faults(folder: Path, needed: int = 0) -> Iterator[None]:
    """Turn the file system's refusals into faults; `needed` is how many bytes were still to be written.

    Raises:
        EngineFault: storage.quota_or_disk_full, storage.permission.
    """
    try:
        yield
    except OSError as error:
        fault = disk_fault(error, folder, needed)
        if fault is None:
            raise
        raise fault from error


def disk_fault(error: OSError, folder: Path, needed: int = 0) -> EngineFault | None:
    """What the error means for a cache below `folder`; None for what no disk's refusal is."""
    if error.errno in _FULL:
        try:
            free = free_bytes(folder)
        except OSError:
            free = 0
        return _full(folder, needed, free)
    if error.errno in _DENIED:
        why = "the file system is read-only" if error.errno == errno.EROFS else "permission denied"
        return EngineFault(
            Category.STORAGE_PERMISSION,
            f"the cache {folder} cannot be written: {why}; give the user who runs the probe write access, or choose "
            "another folder with --cache-dir",
            {"disk.path": str(folder)},
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return EngineFault(
            Category.STORAGE_PERMISSION,
            f"the cache {folder} cannot be used: {error.strerror} ({error.filename}); move away what lies there, or "
            "choose another folder with --cache-dir",
            {"disk.path": str(folder)},
        )
    return None


def _full(folder: Path, needed: int, free: int) -> EngineFault:
    return EngineFault(
        Category.STORAGE_QUOTA_OR_DISK_FULL,
        f"the disk of the cache {folder} has too little room: {needed} more bytes are needed and {RESERVE_BYTES} to "
        f"spare, {free} are free; make room (see `localloom-agent models rm`), or choose another folder with --cache-dir",
        {"disk.needed": needed, "disk.free": free, "disk.path": str(folder)},
    )
