"""The options of a request that only this engine understands, checked before anything is started."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

AGENT_KEY = "agent"
"""Under this option the agent itself says what it knows: models, and where it looked for an interpreter."""

MODES = ("local", "interactive", "server")

_WHOLE: dict[str, tuple[str, ...]] = {
    "context_window": ("max_single_sequence_length", "max_total_sequence_length"),
    "max_single_sequence_length": ("max_single_sequence_length",),
    "max_total_sequence_length": ("max_total_sequence_length",),
    "prefill_chunk_size": ("prefill_chunk_size",),
    "max_num_sequence": ("max_num_sequence",),
    "tensor_parallel_shards": ("tensor_parallel_shards",),
}
"""Options that are numbers of something, and the fields of mlc-llm's EngineConfig that they set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What MLCEngine is built with, beside model and device."""

    model_lib: str | None
    """A compiled library; None compiles one, or takes the one compiled before."""
    mode: str
    config: Mapping[str, Any]
    """Fields of EngineConfig that the user asked for."""


def read_settings(options: Mapping[str, Any]) -> Settings:
    """The settings in a request's options.

    Raises:
        EngineFault: config.invalid for an option that does not exist, or a value that it cannot have.
    """
    model_lib, mode = None, "local"
    config: dict[str, Any] = {}
    for name, value in options.items():
        if name == AGENT_KEY:
            continue
        if name == "model_lib":
            model_lib = str(value) if "://" in str(value) else str(Path(str(value)).expanduser())
        elif name == "opt":
            config["opt"] = str(value)
        elif name == "mode":
            if value not in MODES:
                raise _invalid(name, f"one of {', '.join(MODES)}", value)
            mode = str(value)
        elif name == "gpu_memory_utilization":
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 1:
                raise _invalid(name, "a number above 0 and at most 1", value)
            config[name] = float(value)
        elif name in _WHOLE:
            if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
                raise _invalid(name, "a whole number above 0", value)
            config.update(dict.fromkeys(_WHOLE[name], value))
        else:
            names = ", ".join(("model_lib", "opt", "mode", "gpu_memory_utilization", *_WHOLE))
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"the mlc engine has no option {name!r}; it has: {names}",
                {"artifact.key": name},
            )
    return Settings(model_lib, mode, config)


def engine_config(make: Callable[..., Any], settings: Settings, note: Callable[[str], None]) -> Any:
    """mlc-llm's EngineConfig with the user's fields, and the prefix cache off, which would spoil the timing.

    Raises:
        EngineFault: config.invalid where this mlc-llm has no such field.
    """
    fields = {field.name for field in dataclasses.fields(make)} if dataclasses.is_dataclass(make) else None
    wanted = dict(settings.config)
    for name in wanted:
        if fields is not None and name not in fields:
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"this version of mlc-llm has no setting {name!r} in its EngineConfig; leave the option out",
                {"artifact.key": name},
            )
    if fields is None or "prefix_cache_mode" in fields:
        wanted["prefix_cache_mode"] = "disable"
    else:
        note("this mlc-llm cannot turn its prefix cache off: a repeated prompt is timed too fast")
    return make(**wanted)


def _invalid(name: str, wanted: str, value: object) -> EngineFault:
    return EngineFault(
        Category.CONFIG_INVALID,
        f"the option {name} must be {wanted}, it is {value!r}",
        {"artifact.key": name, "artifact.expected": wanted, "artifact.actual": str(value)[:200]},
    )
