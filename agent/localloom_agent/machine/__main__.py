"""Prints this machine's profile as JSON: `python -m localloom_agent.machine`."""

from __future__ import annotations

import json
import sys

from . import profile

if __name__ == "__main__":
    json.dump(profile().to_json(), sys.stdout, indent=2)
    sys.stdout.write("\n")
