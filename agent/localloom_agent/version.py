"""The version of the installed distribution."""

from __future__ import annotations


def version() -> str:
    """The version of localloom, as pip knows it."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("localloom")
    except PackageNotFoundError:
        return "unknown"
