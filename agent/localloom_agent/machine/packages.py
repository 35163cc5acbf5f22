"""Versions of the installed Python distributions that engines depend on, without importing any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions

_EXACT = frozenset({"apache-tvm", "apache-tvm-ffi", "numpy", "tokenizers", "grpcio", "protobuf", "torch"})
_PREFIXES = ("mlc-llm", "mlc-ai")  # wheels are named for their backend and build, e.g. mlc-llm-nightly-cu128


def package_versions(installed: Iterable[Distribution] | None = None) -> dict[str, str]:
    """Name to version, sorted; where a name is installed twice, the one that Python would import."""
    versions: dict[str, str] = {}
    for found in distributions() if installed is None else installed:
        name = _name(found)
        if name in _EXACT or name.startswith(_PREFIXES):
            versions.setdefault(name, found.version)
    return dict(sorted(versions.items()))


def _name(found: Distribution) -> str:
    # The folder's name is enough to pass over most without opening their metadata.
    folder = getattr(found, "_path", None)
    stem = getattr(folder, "name", "").partition("-")[0] if folder is not None else ""
    name = stem or (found.metadata["Name"] or "")
    return re.sub(r"[-_.]+", "-", name).lower()
