"""Interpreters of their own: bare virtual environments that have the stand-in for mlc-llm, and nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STANDIN = Path(__file__).parent / "standin"


def bare_environment(folder: Path, *, pth: Path | None = None, wheel: str = "") -> Path:
    """Make a virtual environment without pip; returns its interpreter.

    Args:
        folder: where.
        pth: a folder to have on its path.
        wheel: `name version` of a distribution that it shall claim to have.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    if pth is not None:
        (site / "standin.pth").write_text(f"{pth}\n")
    if wheel:
        name, _, version = wheel.partition(" ")
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder / "bin" / "python"
