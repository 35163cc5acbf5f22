"""Clears up after a browser whatever ends the probe: waits for the end of its pipe, ends the browser, removes the profile.

Runs as a process of its own, outside the probed process' tree, so that it outlives a kill of agent and probe.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

TRIES_S = 10.0
"""How long a profile that is still written to is tried to be removed."""

_DETACHED = 0x00000008 | 0x00000200
"""Windows: DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP."""


def hire(profile: Path, scratch: Path) -> IO[bytes]:
    """Start a janitor for the browser with that profile; it works when what is returned is closed, or lost.

    It removes the folder `scratch`; a profile elsewhere is the user's, and stays.

    The start goes through a process that ends at once: nobody who ends the probe's tree finds the janitor in it.
    """
    inner = [sys.executable, "-m", __name__, str(profile), str(scratch)]
    start = (
        f"import subprocess; subprocess.Popen({inner!r}, start_new_session=True, creationflags={_flags()})"
    )
    outer = subprocess.Popen(
        [sys.executable, "-c", start],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=_flags(),
    )
    outer.wait(30)
    assert outer.stdin is not None
    return outer.stdin


def _flags() -> int:
    return _DETACHED if sys.platform == "win32" else 0


def clear(profile: str, scratch: Path) -> None:
    """End every process that was started with this profile, and remove the scratch folder."""
    deadline = time.monotonic() + TRIES_S
    while True:
        left = _end_all(profile)
        shutil.rmtree(scratch, ignore_errors=True)
        if (not left and not scratch.exists()) or time.monotonic() > deadline:
            return
        time.sleep(0.1)


def _end_all(mark: str) -> int:
    """Kill those whose command line names the profile, with all that they started. Returns how many there were."""
    import psutil

    found = 0
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or ()
        if f"--user-data-dir={mark}" not in words or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        found += 1
        members = [process]
        with contextlib.suppress(psutil.Error):
            members += process.children(recursive=True)
        for member in members:
            with contextlib.suppress(psutil.Error):
                member.kill()
    return found


if __name__ == "__main__":
    sys.stdin.buffer.read()
    clear(sys.argv[1], Path(sys.argv[2]))
