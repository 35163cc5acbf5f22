"""Makes the project's virtual environment and installs the pinned set into it; standard library only.

Usage: python3 tools/bootstrap.py VENV EXTRA[,EXTRA…]
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 10)


def main() -> int:
    """Make or refresh the environment; 0 when it is ready."""
    if sys.version_info < OLDEST:
        print(
            f"Python {sys.version.split()[0]} is too old: LocalLoom needs 3.10 or newer. "
            "Name one with: make PYTHON=python3.12 …",
            file=sys.stderr,
        )
        return 1
    venv, extras = Path(sys.argv[1]), sys.argv[2]
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = _environment(venv, python)
    if pip is None:
        return 1
    print(f"installing localloom[{extras}] into {venv.name} …", file=sys.stderr)
    return subprocess.call(
        [
            *pip,
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "-c",
            str(ROOT / "constraints.txt"),
            "-e",
            f"{ROOT}[{extras}]",
        ]
    )


def _environment(venv: Path, python: Path) -> list[str] | None:
    """The pip command of the environment, made on first use; None, with a sentence said, where there is no way."""
    if (
        not python.exists()
        and subprocess.call([sys.executable, "-m", "venv", str(venv)], stdout=subprocess.DEVNULL) != 0
    ):
        # Debian keeps ensurepip apart; a pip beside this Python can stand in for it.
        subprocess.call([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)])
    own = [str(python), "-m", "pip"]
    if subprocess.call([*own, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
        return own
    other = [sys.executable, "-m", "pip", "--python", str(python)]
    if subprocess.call([*other, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
        return other
    print(
        "this Python can make no virtual environment with pip in it: on Debian or Ubuntu, "
        "`apt-get install python3-venv`, then run the same command again",
        file=sys.stderr,
    )
    return None


if __name__ == "__main__":
    sys.exit(main())
