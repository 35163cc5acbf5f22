"""The compiler for WebAssembly: found on PATH, its version checked, run with its own words kept for a failure."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST = (3, 1, 6)
"""Debian 12's, with which the runtime was tried. Older ones lack parts of C++17 that TVM's sources use."""
LAST_WORDS = 40
"""Lines of the compiler's output that are kept."""


class BuildFault(Exception):
    """The canary could not be built: the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Emscripten:
    """An `emcc` that can be run."""

    command: str
    version: str

    def run(self, arguments: Sequence[str], folder: Path) -> None:
        """Run it in `folder`.

        Raises:
            BuildFault: with the end of what it printed.
        """
        done = subprocess.run(
            [self.command, *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            words = "\n".join(done.stdout.splitlines()[-LAST_WORDS:])
            raise BuildFault(f"emcc ended with {done.returncode}; {' '.join(arguments[-3:])}:\n{words}")


def find_emscripten() -> Emscripten:
    """The `emcc` on PATH.

    Raises:
        BuildFault: where there is none, it does not run, or it is too old.
    """
    install = "install Emscripten 3.1.6 or newer (Debian and Ubuntu: apt-get install emscripten)"
    command = shutil.which("emcc")
    if command is None:
        raise BuildFault(f"there is no emcc on PATH, which compiles for WebAssembly: {install}")
    try:
        done = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise BuildFault(f"{command} does not run ({error.strerror}): {install}") from error
    found = re.search(r"\b(\d+)\.(\d+)\.(\d+)", done.stdout)
    if done.returncode != 0 or found is None:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise BuildFault(f"{command} --version does not say a version ({words[-1:]}): {install}")
    if tuple(int(part) for part in found.groups()) < OLDEST:
        raise BuildFault(f"{command} is version {found.group()}, which is too old: {install}")
    return Emscripten(command, found.group())
