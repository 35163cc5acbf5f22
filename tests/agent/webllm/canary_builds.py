"""Runs the tool that builds the canary for browsers, as a maintainer does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools/webgpu/build_canary.py"
LIMIT_S = 1800
"""A first build on a machine that does much else."""


def run_tool(
    *arguments: str | Path, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run it with these arguments, and with these variables beside the test's own."""
    return subprocess.run(
        [sys.executable, str(TOOL), *map(str, arguments)],
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def build(folder: Path, quantization: str = "q4f32_1") -> Path:
    """Fill `folder`; what takes long is kept in the user's cache, for the next session too."""
    done = run_tool("--output", folder, "--quantization", quantization)
    assert done.returncode == 0, done.stderr
    return folder
