"""The load phase: checks that the model fits, puts its weights on the device, and makes its KV cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localloom_agent.artifacts import ModelFolder
from localloom_agent.engines.interface import Observer
from localloom_diagnosis.taxonomy import Phase

from . import memory
from .compiler import Compiled
from .devices import Chosen
from .library import LibrarySession, check_library_parameters, open_library
from .session import PREFILL_CHUNK, Session
from .weights import load_parameters


def load_session(
    folder: ModelFolder, compiled: Compiled, device: Chosen, capacity: int, observer: Observer
) -> Session:
    """The compiled model with its weights and an empty cache of `capacity` positions, ready to be fed.

    Raises:
        EngineFault: host.out_of_memory or gpu.out_of_memory, before anything is allocated.
        Exception: whatever the device says when an allocation fails; the figures are among the facts by then.
    """
    arch = folder.config.architecture
    _check_memory(folder, device, capacity, observer)
    tensors = _put_weights(folder, compiled.parameters, device, observer)
    with _making_cache(folder, device, capacity, observer):
        return Session.open(compiled.machine, device.handle, tensors, arch, capacity)


def load_library_session(
    folder: ModelFolder, path: Path, device: Chosen, capacity: int, observer: Observer
) -> LibrarySession:
    """The same for a library that mlc-llm compiled.

    Raises:
        EngineFault: as above, and artifact.incompatible where the library is not for this device or these weights.
        Exception: whatever the loader or the device says.
    """
    with observer.span(Phase.LOAD, "open model library") as span:
        library = open_library(path, device)
        check_library_parameters(library, folder)
        capacity = min(capacity, library.context or capacity)
        span.set(library__parameters=len(library.parameters), context__window=library.context)
    _check_memory(folder, device, capacity, observer)
    names = [parameter["name"] for parameter in library.parameters]
    tensors = _put_weights(folder, names, device, observer)
    with _making_cache(folder, device, capacity, observer):
        return LibrarySession.open(library, device.handle, tensors, capacity)


def _check_memory(folder: ModelFolder, device: Chosen, capacity: int, observer: Observer) -> None:
    cache = folder.config.architecture.kv_bytes(capacity)
    needed = folder.tensors.nbytes + cache + memory.working_bytes(folder, PREFILL_CHUNK)
    with observer.span(Phase.LOAD, "check memory") as span:
        if device.is_cpu:
            span.set(memory__needed=needed, memory__available=memory.available_host_bytes())
        else:
            free, total = memory.device_memory(device)
            observer.facts(gpu__memory__needed=needed, gpu__memory__free=free, gpu__memory__total=total)
            span.set(memory__needed=needed, memory__available=free)
        memory.check_memory(device, needed)


def _put_weights(folder: ModelFolder, names: Iterable[str], device: Chosen, observer: Observer) -> list[Any]:
    total, done = folder.tensors.nbytes, 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        observer.progress(Phase.LOAD, done, total, "bytes")

    with observer.span(Phase.LOAD, "put weights on the device", **_memory_now(device, "before")) as span:
        tensors, mapped = load_parameters(folder, names, device.handle, advance)
        device.handle.sync()
        span.set(load__bytes=done, load__mapped_bytes=mapped, **_memory_now(device, "after"))
    return tensors


@contextmanager
def _making_cache(folder: ModelFolder, device: Chosen, capacity: int, observer: Observer) -> Iterator[None]:
    cache = folder.config.architecture.kv_bytes(capacity)
    with observer.span(Phase.LOAD, "make KV cache", kv_cache__bytes=cache) as span:
        yield
        device.handle.sync()
        span.set(kv_cache__positions=capacity, **_memory_now(device, "after"))


def _memory_now(device: Chosen, when: str) -> dict[str, int | None]:
    """Attributes with the memory in use, here and on the device."""
    free, total = memory.device_memory(device)
    used = total - free if free is not None and total is not None else None
    return {f"host__rss_{when}": memory.rss_bytes(), f"gpu__memory__used_{when}": used}
