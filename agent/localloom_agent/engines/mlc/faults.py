"""From what mlc-llm raises to a verdict with its figures, where the text leaves no doubt; the rest is left as evidence."""

from __future__ import annotations

import re

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category, Phase

from . import artifact_faults, files, machine_faults
from .scene import Scene

_READERS = (*artifact_faults.READERS, *machine_faults.READERS)


def understood(error: BaseException, scene: Scene) -> EngineFault | None:
    """The verdict on `error`, or None where its text alone does not carry one."""
    if isinstance(error, EngineFault):
        return None
    if isinstance(error, SystemExit):
        return _bad_flags(scene)
    if isinstance(error, KeyError):
        return _unknown_type(error, scene)
    text = f"{type(error).__name__}: {error}"
    for pattern, build in _READERS:
        found = pattern.search(text)
        if found is not None:
            return build(found, scene)
    return None


def _bad_flags(scene: Scene) -> EngineFault | None:
    if scene.phase is not Phase.COMPILE:
        return None
    return EngineFault(
        Category.CONFIG_INVALID,
        "mlc-llm does not understand the optimization flags and wanted to end the process; give the option opt a level "
        "(O0 to O3) or flags as `mlc_llm compile --help` lists them",
        {"artifact.key": "opt"},
    )


def _unknown_type(error: KeyError, scene: Scene) -> EngineFault | None:
    config = files.read_config(scene.folder)
    key = error.args[0] if error.args else None
    if key is None or config.get("model_type") != key:
        return None
    return EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"this version of mlc-llm does not know the model type {key!r}; take a newer mlc-llm, or a model of a type "
        "that it knows",
        {"artifact.file": files.CONFIG_FILE, "artifact.key": "model_type", "artifact.actual": str(key)},
    )


def clone_url(error: BaseException) -> str:
    """The address that mlc-llm could not clone, or "": it throws git's own words away."""
    if "Git clone failed" not in str(error):
        return ""
    found = re.search(r"https?://[^\s'\",\]]{1,300}", str(error))
    return found[0] if found else ""
