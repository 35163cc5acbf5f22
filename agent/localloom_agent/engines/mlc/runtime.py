"""Finds and imports mlc-llm, and says what is missing where it is not there or not whole."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .presence import presence

WAY_OUT = "localloom-agent setup mlc --run"
_THEIRS = ("mlc_llm", "tvm", "tvm_ffi")


@dataclass(frozen=True, slots=True)
class MlcRuntime:
    """What was imported."""

    version: str
    tvm_version: str
    make_engine: Any
    """The class MLCEngine."""
    make_config: Any
    """The class EngineConfig."""


def find(known: Mapping[str, Any]) -> dict[str, Any]:
    """What this interpreter has of mlc-llm, without importing it.

    Args:
        known: what the agent says: `looked` lists the interpreters that it asked before it took this one.

    Raises:
        EngineFault: host.missing_dependency where there is no package `mlc_llm`.
    """
    here = presence()
    if here["mlc_llm"]:
        return here
    looked = list(known.get("looked") or [f"{here['executable']} (Python {here['python']})"])
    empty = [*here["placeholders"], *known.get("placeholders", ())]
    said = f"no Python here has mlc_llm; looked at: {'; '.join(looked)}"
    if empty:
        said += (
            f". What is installed as {', '.join(dict.fromkeys(empty))} is an empty placeholder of that name from PyPI "
            "(it brings a package `mlc`, not `mlc_llm`): the real wheels are on https://mlc.ai/wheels"
        )
    raise EngineFault(
        Category.HOST_MISSING_DEPENDENCY,
        f"{said}. Install mlc-llm into an environment of its own with: {WAY_OUT}",
        {"module.missing": "mlc_llm"},
    )


def load(here: Mapping[str, Any]) -> MlcRuntime:
    """Import mlc-llm.

    Raises:
        EngineFault: host.missing_dependency for a module that it needs, artifact.incompatible where its own parts do
            not fit each other.
        Exception: whatever else the import raises: it is evidence.
    """
    try:
        mlc_llm = importlib.import_module("mlc_llm")
    except ModuleNotFoundError as error:
        raise _missing(error) from error
    wheels: Mapping[str, str] = here["wheels"]
    version = str(getattr(mlc_llm, "__version__", "") or _wheel(wheels, "mlc-llm"))
    tvm = sys.modules.get("tvm")
    tvm_version = str(getattr(tvm, "__version__", "") or _wheel(wheels, "mlc-ai"))
    return MlcRuntime(
        version=version,
        tvm_version=tvm_version,
        make_engine=_surface("mlc_llm", "MLCEngine", version),
        make_config=_surface("mlc_llm.serve.config", "EngineConfig", version),
    )


def _missing(error: ModuleNotFoundError) -> EngineFault:
    missing = error.name or str(error)
    top, _, below = missing.partition(".")
    if top in _THEIRS and (below or importlib.util.find_spec(top) is not None):
        return EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"mlc-llm asks for {missing!r}, which its tvm does not have: the wheels mlc-llm and mlc-ai are out of "
            f"step; install both again, together: {WAY_OUT}",
            {"artifact.expected": missing, "artifact.actual": "missing"},
        )
    return EngineFault(
        Category.HOST_MISSING_DEPENDENCY,
        f"mlc-llm needs the Python module {missing!r}, which is not installed beside it; install it with: "
        f"{sys.executable} -m pip install {top}",
        {"module.missing": missing},
    )


def _surface(module: str, name: str, version: str) -> Any:
    try:
        found = getattr(importlib.import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise _missing(error) from error
        found = None
    if found is None:
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"mlc-llm {version or 'of unknown version'} has no {module}.{name}; install a current one: {WAY_OUT}",
            {
                "runtime.version": version,
                "artifact.expected": f"{module}.{name}",
                "artifact.actual": "missing",
            },
        )
    return found


def _wheel(wheels: Mapping[str, str], prefix: str) -> str:
    return next((version for name, version in wheels.items() if name.startswith(prefix)), "")
