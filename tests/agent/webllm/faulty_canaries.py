"""Copies of the browser's canary that fail in the ways that only a real model and its library can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

OLD_IMPORT = b"TVMWasmPackedCFunc"
"""What libraries for web-llm before 0.2.80 import, and later ones do not provide."""
NEW_IMPORT = b"TVMFFIWasmSafeCall"
HUGE_WINDOW = 3_145_728
"""Tokens. A layer's cache has 512 bytes a token: 1.5 GiB, where the software adapter gives buffers of 1 GiB. From 2 GiB
on it is the library that ends, before it asks the device."""


def foreign_library(folder: Path) -> None:
    """The library of another web-llm: it imports what this one does not provide."""
    library = next(folder.glob("*.wasm"))
    library.write_bytes(library.read_bytes().replace(NEW_IMPORT, OLD_IMPORT))


def other_weights(folder: Path) -> None:
    """Weights of another model: the library asks for a parameter that they do not have."""
    path = folder / "tensor-cache.json"
    path.write_text(path.read_text("utf-8").replace('"lm_head.q_weight"', '"head.q_weight"'), "utf-8")


def huge_cache(folder: Path) -> None:
    """A context whose KV cache needs buffers beyond the adapter's limit."""
    path = folder / "mlc-chat-config.json"
    config = json.loads(path.read_text("utf-8"))
    config["context_window_size"] = HUGE_WINDOW
    path.write_text(json.dumps(config), "utf-8")


def bad_tokenizer(folder: Path) -> None:
    """A tokenizer of a kind that the tokenizer library does not know."""
    (folder / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "Nope"}}', "utf-8")


FAULTS: Mapping[str, Callable[[Path], None]] = {
    "bad tokenizer": bad_tokenizer,
    "foreign library": foreign_library,
    "other weights": other_weights,
    "huge cache": huge_cache,
}
"""By what is wrong. A canary for shader-f16 is no copy: it is built."""


def faulty_copy(canary: Path, target: Path, fault: str) -> Path:
    """`canary` at `target`, with one of `FAULTS`."""
    shutil.copytree(canary, target)
    FAULTS[fault](target)
    return target
