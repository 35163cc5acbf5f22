"""What an interpreter has of mlc-llm, told without importing any of it; also a script for an interpreter elsewhere.

As a script it imports nothing of ours and prints one line of JSON, so that any Python from 3.7 on can answer.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.path.pop(0)  # a script's own folder comes first on the path, and ours is full of modules

import importlib.util
import json
import re
from importlib import metadata
from typing import Any

PLACEHOLDER_VERSIONS = ("0.1", "0.1.0")
"""PyPI holds empty packages of mlc-llm's names at this version; they install a package `mlc`, not `mlc_llm`."""


def presence() -> dict[str, Any]:
    """What there is: versions, and the file of the package.

    Returns:
        `python`, the interpreter's version; `executable`; `mlc_llm`, the file of the package, or ""; `wheels`, the
        versions of installed mlc distributions by name; `placeholders`, those of them that are PyPI's empty ones.
    """
    wheels = _wheels()
    return {
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "executable": sys.executable,
        "mlc_llm": _origin(),
        "wheels": wheels,
        "placeholders": [
            f"{name} {version}" for name, version in wheels.items() if version in PLACEHOLDER_VERSIONS
        ],
    }


def _origin() -> str:
    try:
        spec = importlib.util.find_spec("mlc_llm")
    except (ImportError, ValueError, AttributeError):
        return ""
    return (spec.origin or "") if spec is not None else ""  # a folder that only has the name has no origin


def _wheels() -> dict[str, str]:
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        # A package cut off while it was installed has no name.
        name = re.sub(r"[-_.]+", "-", str(distribution.metadata["Name"] or "")).lower()
        if name.startswith(("mlc-llm", "mlc-ai")):
            found.setdefault(name, str(distribution.version))
    return dict(sorted(found.items()))


if __name__ == "__main__":
    print(json.dumps(presence()))  # noqa: T201 this is the answer
