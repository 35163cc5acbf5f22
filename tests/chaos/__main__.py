"""Faults on demand: `python -m tests.chaos --seconds 600`, from the repository's root, as root (it mounts a small disk).

Exit code 0 and a report in JSON: every obligation was met. 1 and a sentence: one was not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(folder) for folder in (TESTS, TESTS / "agent", TESTS / "chaos")]

from small_disk import small_disk  # noqa: E402
from storm import storm  # noqa: E402


def main() -> None:
    """Parse, and let it storm."""
    words = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    words.add_argument("--seconds", type=float, default=60.0, help="that faults go on")
    words.add_argument("--seed", type=int, default=1, help="of faults, runs and kills")
    args = words.parse_args()
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name) / "disk") as disk:
        try:
            report = storm(args.seconds, args.seed, Path(name), disk)
        except AssertionError as broken:
            raise SystemExit(f"an obligation was not met: {broken}") from broken
    json.dump(asdict(report), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
