"""The engines there are, by name. Standard library only: an engine is imported when it is made."""

from __future__ import annotations

import importlib

from .interface import Engine

ENGINES: dict[str, str] = {
    "tvm": "localloom_agent.engines.tvm:TvmEngine",
    "mlc": "localloom_agent.engines.mlc:MlcEngine",
    "webllm": "localloom_agent.engines.webllm:WebLlmEngine",
}
"""Where each engine's class is."""


INNER: dict[str, str] = {"hub": "localloom_agent.engines.reach:ReachEngine"}
"""What only the agent itself asks for."""


def make(name: str) -> Engine:
    """Make the engine of that name.

    Raises:
        KeyError: there is none.
    """
    module, _, attribute = {**ENGINES, **INNER}[name].partition(":")
    engine = getattr(importlib.import_module(module), attribute)()
    assert isinstance(engine, Engine)
    return engine
