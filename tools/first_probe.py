"""`make probe`: an embedded collector, one probe of this machine, and what the collector then knows."""

from __future__ import annotations

import json
import os
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
    """Print the newest run as the collector has it, then the fleet."""
    newest = subprocess.run([COLLECTOR, "runs", "--limit", "1", "--json"], check=True, stdout=subprocess.PIPE)
    runs = json.loads(newest.stdout)["runs"]
    if not runs:
        print("the collector holds no run yet: the probe's delivery is still pending", file=sys.stderr)
        return 3
    for title, command in (
        ("The run, as the collector stored it", ["show", runs[0]["run_id"]]),
        ("The fleet: its newest runs", ["runs", "--limit", "5"]),
        ("The fleet: its hardware", ["hardware"]),
        ("The fleet: failures by engine and category", ["failures", "--by", "engine,category"]),
    ):
        heading = f"\n{title}   (localloom-collector {' '.join(command)})"
        print(
            heading if "NO_COLOR" in os.environ or not sys.stdout.isatty() else f"\033[1m{heading}\033[0m",
            flush=True,
        )
        code = subprocess.call([COLLECTOR, *command])
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
