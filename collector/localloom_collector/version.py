"""The version of the installed distribution."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """As in pyproject.toml; "0" where the package is used without being installed."""
    try:
        return metadata.version("localloom")
    except metadata.PackageNotFoundError:
        return "0"
