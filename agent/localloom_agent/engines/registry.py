"""The engines there are, by name. Standard library only: an engine is imported when it is made."""

from __future__ import annotations

import importlib

from .interface import Engine

ENGINES: dict[str, str] = {"tvm": "localloom_agent.engines.tvm:TvmEngine"}
"""Where each engine's class is."""


def make(name: str) -> Engine:
    """Make the engine of that name.

    Raises:
        KeyError: there is none.
    """
    module, _, attribute = ENGINES[name].partition(":")
    engine = getattr(importlib.import_module(module), attribute)()
    assert isinstance(engine, Engine)
    return engine
