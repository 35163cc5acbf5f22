"""Reads a JSON file of a model folder, and says what is there when it is not JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

LFS_PREFIX = b"version https://git-lfs.github.com/spec/"
"""First bytes of a pointer that Git leaves in place of a file when LFS is not installed."""
_HTML_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<head")


def foreign_content(start: bytes) -> str | None:
    """What a file is, going by its first bytes, when it is a pointer or a web page and not what was wanted."""
    if start.startswith(LFS_PREFIX):
        return "Git LFS pointer"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_STARTS):
        return "HTML page"
    return None


def permission_fault(path: Path) -> EngineFault:
    """The fault for a file or folder that the system does not let us read."""
    return EngineFault(
        Category.STORAGE_PERMISSION,
        f"{path.name} cannot be read: permission denied; give the user who runs the probe read access to it",
        {"artifact.file": path.name, "disk.path": str(path)},
    )


def read_json_object(path: Path, bad: Category = Category.ARTIFACT_CORRUPT) -> dict[str, Any]:
    """The object in the JSON file `path`.

    Raises:
        EngineFault: `bad` where the file is missing, is no JSON, or is no object; storage.permission.
    """
    facts: dict[str, str | int] = {"artifact.file": path.name, "artifact.expected": "JSON object"}
    try:
        raw = path.read_bytes()
    except PermissionError as error:
        raise permission_fault(path) from error
    except (FileNotFoundError, IsADirectoryError) as error:
        message = f"{path.name} is missing from the model folder; fetch the model again"
        raise EngineFault(bad, message, facts | {"artifact.actual": "missing"}) from error
    facts["artifact.actual_bytes"] = len(raw)
    found = foreign_content(raw)
    try:
        value = None if found else json.loads(raw)
    except ValueError as error:
        found = "empty file" if not raw.strip() else f"invalid JSON ({error})"
    except RecursionError:
        found = "JSON nested too deep"
    if found is None and not isinstance(value, dict):
        found = f"JSON {type(value).__name__}"
    if found is not None:
        message = f"{path.name} holds no JSON object but: {found}; fetch the file again"
        raise EngineFault(bad, message, facts | {"artifact.actual": found})
    assert isinstance(value, dict)
    return value
