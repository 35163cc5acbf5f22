"""The child's own modules as one zip file: all of ours that an interpreter elsewhere gets to see.

Our site-packages must not be on its path: it has a tvm, a numpy and a tokenizers of its own.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import localloom_agent
import localloom_diagnosis
from localloom_agent.engines.interpreters import foreign_environment

CARRIED: Mapping[str, tuple[str, ...]] = {
    "localloom_agent": (
        "__init__.py",
        "child/*.py",
        "engines/__init__.py",
        "engines/answered.py",
        "engines/interface.py",
        "engines/reference_text.py",
        "engines/registry.py",
        "engines/track.py",
        "engines/mlc/*.py",
    ),
    "localloom_diagnosis": ("__init__.py", "taxonomy.py", "evidence.py"),
}
"""Patterns of the files of each package. They import the standard library and each other, no more."""


def write_bundle(folder: Path) -> Path:
    """Write the modules to a zip file in `folder`, and return its path."""
    bundle = folder / "localloom-child.zip"
    with zipfile.ZipFile(bundle, "w") as archive:
        for name, path in _files():
            archive.write(path, name)
    return bundle


def environment_with(bundle: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which another interpreter finds the child: first on its path, whatever else is there.

    The user's own PYTHONPATH stays: an mlc-llm built from source is found through it.
    """
    out = foreign_environment(environment)
    out["PYTHONPATH"] = os.pathsep.join(filter(None, (str(bundle), out.get("PYTHONPATH", ""))))
    return out


def _files() -> Iterator[tuple[str, Path]]:
    for package in (localloom_agent, localloom_diagnosis):
        top = Path(next(iter(package.__path__)))
        for pattern in CARRIED[package.__name__]:
            for path in sorted(top.glob(pattern)):
                yield f"{package.__name__}/{path.relative_to(top).as_posix()}", path
