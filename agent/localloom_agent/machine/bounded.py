"""Reads that end: a small file's text or a program's output, with a limit of size or time."""

from __future__ import annotations

import subprocess
from pathlib import Path

_MOST_BYTES = 4 << 20


def file_text(path: str | Path, most: int = _MOST_BYTES) -> str | None:
    """The text of a file, at most `most` bytes of it; None where it is absent or unreadable."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - /proc and /sys are read by the dozen; Path costs twice
            return file.read(most).decode("utf-8", "replace")
    except (OSError, ValueError):
        return None


def file_line(path: str | Path) -> str | None:
    """The first line of a file, trimmed; None where it is absent or empty."""
    return (file_text(path, 256) or "").partition("\n")[0].strip() or None


def file_int(path: str | Path) -> int | None:
    """The number a file holds; None where it is absent or holds no number."""
    text = file_text(path, 64)
    try:
        return int(text) if text else None
    except ValueError:
        return None


def program_output(argv: list[str], notes: list[str], limit_s: float = 5.0) -> str | None:
    """What a program wrote to stdout; None, and a note, where it is absent, fails or takes too long."""
    try:
        done = subprocess.run(
            argv, capture_output=True, timeout=limit_s, check=True, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        notes.append(f"{argv[0]}: not installed")
    except subprocess.TimeoutExpired:
        notes.append(f"{argv[0]}: no answer within {limit_s:g} s")
    except subprocess.CalledProcessError as error:
        notes.append(f"{argv[0]}: exit code {error.returncode}")
    except OSError as error:
        notes.append(f"{argv[0]}: {error.strerror or error}")
    else:
        return done.stdout.decode("utf-8", "replace")
    return None
