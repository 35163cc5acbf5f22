"""The random identity that this machine keeps in the agent's state folder."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

_FILE = "machine-id"


class StateFolderError(Exception):
    """The state folder cannot be used: what happened, to what, and what to do about it."""


def machine_id(state_dir: Path, notes: list[str] | None = None) -> uuid.UUID:
    """The machine's id: a random UUID, made on first use and the same ever after.

    It says nothing about the machine, its owner or its hardware. Processes that make it at the same
    time agree on one. A file that holds no UUID is replaced, and `notes` told.

    Raises:
        StateFolderError: the folder cannot be made, read or written.
    """
    path = state_dir / _FILE
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = _read(path)
        if found is None:
            _put_first(path)
            found = _read(path)
        return found if isinstance(found, uuid.UUID) else _repair(path, notes)
    except OSError as error:
        raise StateFolderError(
            f"The state folder {state_dir} cannot be used ({error.strerror or error}): "
            "make it writable for this user, or name another one with --state-dir."
        ) from error


def _read(path: Path) -> uuid.UUID | str | None:
    """The id; None where there is no file; the text where it holds no id."""
    try:
        text = path.read_bytes()[:200].decode("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        return text


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[tuple[Path, uuid.UUID]]:
    """A whole file with a new id beside `path`, gone afterwards unless it was moved."""
    made = uuid.uuid4()
    draft = path.with_name(f"{path.name}.{made.hex}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{made}\n")
            file.flush()
            os.fsync(file.fileno())
        yield draft, made
    finally:
        draft.unlink(missing_ok=True)


def _put_first(path: Path) -> None:
    """Put a new id in place whole, unless another process was faster."""
    with _draft(path) as (draft, _), contextlib.suppress(OSError):
        # Linking fails where the file exists: the first process wins. Where the file system has no hard
        # links (exFAT, some shares) nothing is in place afterwards, and the repair does it under a lock.
        os.link(draft, path)


def _repair(path: Path, notes: list[str] | None) -> uuid.UUID:
    """Replace a file that is absent or holds no id; one process at a time, so that all end with one id."""
    with _lock(path.with_name(f"{path.name}.lock")):
        found = _read(path)
        if isinstance(found, uuid.UUID):
            return found
        if found is not None and notes is not None:
            notes.append(f"{_FILE}: held no UUID and was replaced; earlier runs carry another machine id")
        with _draft(path) as (draft, made):
            draft.replace(path)
        return made


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """An exclusive lock between processes; the system lets go of it when its holder dies."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # gives up with an OSError after ten seconds
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
