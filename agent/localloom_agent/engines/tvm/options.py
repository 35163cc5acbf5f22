"""The options of a request that only this engine understands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from localloom_agent.artifacts.chat_config import ChatConfig
from localloom_agent.engines.interface import EngineFault, ProbeRequest
from localloom_diagnosis.taxonomy import Category


def context_window(request: ProbeRequest, config: ChatConfig) -> int:
    """The model's context, or the narrower one that the request wants."""
    wanted: Any = request.options.get("context_window")
    if wanted is None:
        return config.context_window
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted <= 0:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the option context_window must be a number of tokens above 0, it is {wanted!r}",
            {"artifact.key": "context_window"},
        )
    return min(wanted, config.context_window)


def model_library(request: ProbeRequest) -> Path | None:
    """The path in the option `model_lib`, where there is one."""
    wanted: Any = request.options.get("model_lib")
    if wanted is None:
        return None
    if not isinstance(wanted, str) or not wanted:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the option model_lib must be the path of a compiled library, it is {wanted!r}",
            {"artifact.key": "model_lib"},
        )
    return Path(wanted).expanduser()
