"""Runs the benchmarks one after another: `make bench`, or `python tests/bench/run.py agent diagnosis`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run those named, or all."""
    wanted = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    code = 0
    for name in wanted:
        print(f"== {name}", flush=True)
        code |= subprocess.call([sys.executable, str(HERE / f"bench_{name}.py")])
    return code


if __name__ == "__main__":
    sys.exit(main())
