"""Where mlc-llm can be listened to: its functions, wrapped, tell the track which phase it is in.

What a version does not have is noted and left alone: the time then counts for the span around it.
"""

from __future__ import annotations

import functools
import importlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localloom_agent.engines.track import Place, Track
from localloom_diagnosis.taxonomy import Phase

START = Place(Phase.RUNTIME, "start the engine")
READ_CONFIG = Place(Phase.METADATA, "read config")
LOAD = Place(Phase.LOAD, "load model")
ON_DEVICE = Place(Phase.LOAD, "put weights on the device")
GENERATE = Place(Phase.GENERATE, "generate")


@dataclass(frozen=True, slots=True)
class Seam:
    """A function of mlc-llm, and what it means for the track that it runs."""

    owner: str
    """The module whose attribute is looked up at each call; "" for a function in TVM's global table."""
    name: str
    at: Place
    after: Place | None = None
    """Where things go on; None goes back."""


_BASE, _DOWNLOAD, _JIT = (
    "mlc_llm.serve.engine_base",
    "mlc_llm.support.download_cache",
    "mlc_llm.interface.jit",
)

SEAMS = (
    Seam(_BASE, "detect_device", Place(Phase.RUNTIME, "find device")),
    Seam(_BASE, "_process_model_args", Place(Phase.RESOLVE, "find model folder"), READ_CONFIG),
    Seam(_DOWNLOAD, "get_or_download_model", Place(Phase.RESOLVE, "find model folder"), READ_CONFIG),
    Seam(
        _DOWNLOAD,
        "git_clone",
        Place(Phase.METADATA, "clone the model's repository"),
        Place(Phase.WEIGHTS, "fetch weights"),
    ),
    Seam(_JIT, "jit", Place(Phase.COMPILE, "compile model library"), READ_CONFIG),
    Seam(_BASE, "Tokenizer", Place(Phase.METADATA, "open tokenizer"), LOAD),
    Seam("", "mlc.serve.create_threaded_engine", Place(Phase.LOAD, "make the engine")),
    Seam("", "vm.builtin.tensor_cache.load", Place(Phase.WEIGHTS, "read shards"), ON_DEVICE),
    Seam("", "vm.builtin.param_array_from_cache_by_name", ON_DEVICE),
    Seam("", "vm.builtin.tensor_cache.clear", ON_DEVICE, LOAD),
    Seam("", "vm.builtin.paged_attention_kv_cache_create", Place(Phase.LOAD, "make KV cache"), LOAD),
)

_FORWARDS = ("vm.builtin.kv_state_begin_forward", "vm.builtin.kv_state_end_forward")

Hook = Callable[[Seam, tuple[Any, ...], Any], None]
"""Told of a seam's call that has returned: its arguments and its result."""
Before = Callable[[Seam, tuple[Any, ...]], None]
"""Told of a seam's call that begins."""


def install(track: Track, before: Before, returned: Hook, *, compiles: bool) -> list[str]:
    """Wrap every seam that this version has. Must come before the first engine is built.

    Args:
        track: told of the places.
        before: told of each call that begins.
        returned: told of each call that has returned.
        compiles: whether a library will be compiled: only then is mlc-llm's compiler imported to be listened to.

    Returns:
        The names of the seams that this version does not have.
    """
    missing = []
    for seam in SEAMS:
        if seam.owner == _JIT and not compiles:
            continue

        def wrapped(original: Callable[..., Any], seam: Seam = seam) -> Callable[..., Any]:
            return _staged(original, seam, track, before, returned)

        if not (_wrap_attribute(seam, wrapped) if seam.owner else _wrap_global(seam.name, wrapped)):
            missing.append(f"{seam.owner}.{seam.name}".lstrip("."))
    steps = itertools.count(1)

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        return _counted(original, track, steps)

    return missing + [name for name in _FORWARDS if not _wrap_global(name, counted)]


def _staged(
    original: Callable[..., Any], seam: Seam, track: Track, before: Before, returned: Hook
) -> Callable[..., Any]:
    @functools.wraps(original, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        place = track.place
        if place is not None and place.phase is Phase.GENERATE:  # an engine that reloads while it answers
            return original(*args, **kwargs)
        with track.stage(seam.at, seam.after):
            before(seam, args)
            result = original(*args, **kwargs)
            returned(seam, args, result)
        return result

    return call


def _counted(original: Callable[..., Any], track: Track, steps: itertools.count[int]) -> Callable[..., Any]:
    """A forward pass is a sign of life: a long prompt takes many before the first token."""

    def call(*args: Any) -> Any:
        place = track.place
        if place is not None and not track.streaming:
            track.observer.progress(place.phase, next(steps), 0, "steps")
        return original(*args)

    return call


def _wrap_attribute(seam: Seam, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> bool:
    try:
        owner = importlib.import_module(seam.owner)
        original = getattr(owner, seam.name)
    except Exception:  # whatever importing it raises, the engine will raise again where it needs it
        return False
    setattr(owner, seam.name, wrap(original))
    return True


def _wrap_global(name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> bool:
    try:
        tvm_ffi = importlib.import_module("tvm_ffi")
        original = tvm_ffi.get_global_func(name, allow_missing=True)
        if original is None:
            return False
        tvm_ffi.register_global_func(name, wrap(original), override=True)
    except Exception:  # an older table of functions: the engine works without being listened to
        return False
    return True
