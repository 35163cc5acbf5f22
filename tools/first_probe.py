"""`make probe`: an embedded collector, one probe of this machine, and what the collector then knows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCRIPTS = Path(sys.executable).parent
AGENT, COLLECTOR = str(SCRIPTS / "localloom-agent"), str(SCRIPTS / "localloom-collector")
START_S = 30.0


def main() -> int:
    """Run the whole of it; the exit code is the probe's."""
    with tempfile.TemporaryDirectory() as folder:
        ready, log = Path(folder) / "address", Path(folder) / "collector.log"
        with log.open("w") as stream:
            server = subprocess.Popen(
                [COLLECTOR, "serve", "--port", "0", "--ready-file", str(ready)], stdout=stream, stderr=stream
            )
        try:
            deadline = time.monotonic() + START_S
            while not ready.exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    print(f"the collector did not start; its own words:\n{log.read_text()}", file=sys.stderr)
                    return 3
                time.sleep(0.02)
            address = ready.read_text().strip()
            code = subprocess.call([AGENT, "probe", "--collector", address, *sys.argv[1:]])
            if code not in (0, 1):
                return code
            return _show() or code
        finally:
            server.terminate()
            server.wait(15)


def _show() -> int:
    """Print the newest run as the collector has it, then the fleet. The reports are made side by side."""
    newest = _report("runs", "--limit", "1", "--json")
    fleet = [
        (title, command, _report(*command))
        for title, command in (
            ("The fleet: its newest runs", ["runs", "--limit", "5"]),
            ("The fleet: its hardware", ["hardware"]),
            ("The fleet: failures by engine and category", ["failures", "--by", "engine,category"]),
        )
    ]
    runs = json.loads(newest.communicate()[0])["runs"]
    if not runs:
        print("the collector holds no run yet: the probe's delivery is still pending", file=sys.stderr)
        return 3
    command = ["show", runs[0]["run_id"]]
    for title, words, report in [("The run, as the collector stored it", command, _report(*command)), *fleet]:
        heading = f"\n{title}   (localloom-collector {' '.join(words)})"
        plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
        print(heading if plain else f"\033[1m{heading}\033[0m")
        said, noted = report.communicate()
        print(said, end="", flush=True)
        print(noted, end="", file=sys.stderr, flush=True)
        if report.returncode:
            return int(report.returncode)
    return 0


def _report(*command: str) -> subprocess.Popen[str]:
    """Start a report of the collector; on a terminal it looks as if it wrote there itself."""
    terminal = {"FORCE_COLOR": "1", "COLUMNS": str(shutil.get_terminal_size().columns)}
    env = {**os.environ, **(terminal if sys.stdout.isatty() and "NO_COLOR" not in os.environ else {})}
    return subprocess.Popen(
        [COLLECTOR, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main())
