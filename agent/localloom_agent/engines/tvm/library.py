"""Runs a model library that mlc-llm compiled: its functions, its paged KV cache, in its calling convention."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom_agent.artifacts import ModelFolder
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .devices import GPU_KINDS, Chosen
from .session import PREFILL_CHUNK

FUNCTIONS = ("_metadata", "embed", "prefill", "decode")
"""What the probe calls in a library, whatever it was compiled from."""
CACHE_FUNCTIONS = ("create_flashinfer_paged_kv_cache", "create_tir_paged_kv_cache")
"""Either makes the KV cache; the first is there where a library was compiled with FlashInfer."""
PAGE = 16
"""Positions in a page of the cache: the only size that mlc-llm compiles for."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library that has been loaded and has the functions that it must have."""

    name: str
    machine: Any
    """The tvm.relax.VirtualMachine."""
    context: int
    """Positions that it was compiled for; 0 where it sets no limit."""
    chunk: int
    """Tokens that it prefills at a time."""
    parameters: tuple[dict[str, Any], ...]
    """Name, shape and data type of each, in the order in which the functions take them."""


def open_library(path: Path, device: Chosen) -> Library:
    """Load a library that has passed `artifacts.model_library.check_library`.

    Raises:
        EngineFault: artifact.incompatible where it is for another kind of device, or lacks a function.
        Exception: whatever the loader says.
    """
    import tvm

    return read_library(tvm.runtime.load_module(str(path)), path.name, device)


def read_library(module: Any, name: str, device: Chosen) -> Library:
    """The library in a module of TVM's; see `open_library`."""
    from tvm import relax

    kinds = {inner.kind for inner in _with_imports(module)}
    built_for = next((kind for kind in GPU_KINDS if kind in kinds), "cpu")
    if built_for != device.kind:
        raise _incompatible(name, f"code for {device.kind}", f"code for {built_for}")
    # The host's functions, shapes among them, run on the CPU whatever the device.
    devices = [device.handle] if device.is_cpu else [device.handle, tvm_cpu()]
    machine = relax.VirtualMachine(module, devices)
    missing = next((f for f in FUNCTIONS if not machine.module.implements_function(f)), None)
    if missing is None and not any(machine.module.implements_function(f) for f in CACHE_FUNCTIONS):
        missing = CACHE_FUNCTIONS[-1]
    if missing is not None:
        raise _incompatible(name, f"the function {missing}", "no such function")
    metadata = json.loads(str(machine["_metadata"]()))
    return Library(
        name=name,
        machine=machine,
        context=max(0, int(metadata.get("context_window_size", 0))),
        chunk=min(PREFILL_CHUNK, int(metadata.get("prefill_chunk_size", PREFILL_CHUNK))),
        parameters=tuple(metadata["params"]),
    )


def check_library_parameters(library: Library, folder: ModelFolder) -> None:
    """Make sure that the folder has the parameters that the library was compiled for.

    Raises:
        EngineFault: artifact.incompatible, with the first that does not fit.
    """
    records = {record.name: record for _, record in folder.tensors.records()}
    for wanted in library.parameters:
        record = records.get(wanted["name"])
        # Dimensions that were left open when it was compiled have names.
        shape = [s if isinstance(s, int) else None for s in wanted["shape"]]
        fits = (
            record is not None
            and record.dtype == wanted["dtype"]
            and len(record.shape) == len(shape)
            and all(want in (None, have) for want, have in zip(shape, record.shape, strict=True))
        )
        if not fits:
            actual = f"{record.dtype} {list(record.shape)}" if record else "no such parameter"
            raise _incompatible(
                library.name, f"{wanted['name']}: {actual}", f"{wanted['dtype']} {wanted['shape']}"
            )


@dataclass(slots=True)
class LibrarySession:
    """Feeds tokens to a library; positions are counted from the first token fed."""

    machine: Any
    device: Any
    parameters: list[Any]
    cache: Any
    context: int
    chunk: int
    position: int = 0

    @classmethod
    def open(cls, library: Library, device: Any, parameters: Sequence[Any], context: int) -> LibrarySession:
        """Make an empty cache of `context` positions with one sequence in it."""
        from tvm_ffi import Shape

        machine = library.machine
        make = next(f for f in CACHE_FUNCTIONS if machine.module.implements_function(f))
        sizes = (1, context, library.chunk, PAGE, 0)
        cache = machine[make](*(Shape([size]) for size in sizes))
        _builtin("kv_state_add_sequence")(cache, 0)
        return cls(machine, device, list(parameters), cache, context, library.chunk)

    def prefill(self, ids: Sequence[int]) -> Iterator[tuple[int, Any]]:
        """Feed `ids` in steps; yields how many have been fed, and the logits after the last of them."""
        for start in range(0, len(ids), self.chunk):
            part = ids[start : start + self.chunk]
            yield start + len(part), self._step("prefill", part)

    def decode(self, token: int) -> Any:
        """Feed one token; the logits after it."""
        return self._step("decode", [token])

    def _step(self, function: str, ids: Sequence[int]) -> Any:
        import numpy as np
        import tvm
        from tvm_ffi import Shape

        embedded = self.machine["embed"](
            tvm.runtime.tensor(np.asarray(ids, np.int32), self.device), self.parameters
        )
        embedded = _builtin("reshape")(embedded, Shape([1, *embedded.shape]))
        _builtin("kv_state_begin_forward")(self.cache, Shape([0]), Shape([len(ids)]))
        logits, self.cache = self.machine[function](embedded, self.cache, self.parameters)
        _builtin("kv_state_end_forward")(self.cache)
        self.position += len(ids)
        return logits.numpy()[0, -1]


def _builtin(name: str) -> Any:
    import tvm

    return tvm.get_global_func(f"vm.builtin.{name}")


def tvm_cpu() -> Any:
    """TVM's handle of the host."""
    import tvm

    return tvm.cpu()


def _with_imports(module: Any) -> Iterable[Any]:
    yield module
    for inner in module.imports:
        yield from _with_imports(inner)


def _incompatible(name: str, expected: str, actual: str) -> EngineFault:
    return EngineFault(
        Category.ARTIFACT_INCOMPATIBLE,
        f"the model library {name} does not fit: wanted {expected}, found {actual}; compile it again from this model "
        "for this device",
        {"artifact.file": name, "artifact.expected": expected, "artifact.actual": actual},
    )
