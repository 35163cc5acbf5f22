"""Links a model's objects with the runtime's into the one `.wasm` that WebLLM loads."""

from __future__ import annotations

import tempfile
from pathlib import Path

from build_cache import kept, key_of
from emscripten import Emscripten
from runtime_objects import runtime_key, runtime_objects

LIBRARY = "model.wasm"
FLAGS = (
    "-O1",
    "--no-entry",
    "-sSTANDALONE_WASM=1",
    "-sWASM_BIGINT=1",
    "-sALLOW_MEMORY_GROWTH=1",
    "-sINITIAL_MEMORY=160MB",
    "-sERROR_ON_UNDEFINED_SYMBOLS=0",
)
"""64-bit integers cross to JavaScript as they are, and what is left undefined is what WebLLM provides."""
HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "agent/localloom_agent"


def build_library(model: Path, emcc: Emscripten, cache: Path) -> Path:
    """The library for the MLC folder `model`, from the cache where it was built before.

    Raises:
        BuildFault: where the compiler fails.
    """

    def make(folder: Path) -> None:
        from model_objects import write_objects

        from localloom_agent.artifacts.chat_config import read_chat_config

        objects = runtime_objects(emcc, cache)
        with tempfile.TemporaryDirectory() as scratch:
            objects += write_objects(read_chat_config(model), Path(scratch))
            emcc.run([*FLAGS, "-o", LIBRARY, *map(str, objects)], folder)

    key = key_of([runtime_key(emcc), *FLAGS], [model / "mlc-chat-config.json", *_sources()])
    return kept(cache, f"library-{key}", make) / LIBRARY


def _sources() -> list[Path]:
    """The modules that decide what is in a library."""
    own = [HERE / f"{name}.py" for name in ("model_objects", "paged_decoder", "sampling")]
    return [*own, *(ENGINE / "engines/tvm").glob("*.py"), *(ENGINE / "artifacts").glob("*.py")]
