"""Builds the canary for the browser: a folder with its weights and a WebGPU library that WebLLM loads."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from canary_folder import FEATURES, write_model, write_record
from emscripten import BuildFault, find_emscripten
from runtime_objects import runtime_objects
from webgpu_library import build_library

from localloom_agent.engines.webllm.shipped import canary_folder

EXAMPLES = """examples:
  python tools/webgpu/build_canary.py
  localloom-agent probe --engine webllm --model canary
  python tools/webgpu/build_canary.py --output canary-f16 --quantization q4f16_1

The first build takes minutes, nearly all of them for TVM's runtime; a second one takes seconds.
It needs Emscripten (Debian and Ubuntu: apt-get install emscripten)."""


def build(output: Path, cache: Path, quantization: str = "q4f32_1") -> Path:
    """Fill `output` and return the library in it; what takes long comes from `cache` where it was built before.

    Raises:
        BuildFault: where Emscripten is missing or fails.
    """
    emcc = find_emscripten()
    with _step("weights, tokenizer and answers"):
        write_model(output, quantization)
    with _step(f"TVM's runtime, with emcc {emcc.version}"):
        runtime_objects(emcc, cache)
    with _step("the model, and the library"):
        library = build_library(output, emcc, cache)
    return write_record(output, quantization, library, emcc)


@contextmanager
def _step(what: str) -> Iterator[None]:
    print(f"{what} …", end=" ", file=sys.stderr, flush=True)
    start = time.monotonic()
    yield
    print(f"{time.monotonic() - start:.1f} s", file=sys.stderr)


def agent_cache() -> Path:
    """The agent's cache folder."""
    return Path(platformdirs.user_cache_dir("localloom", appauthor=False))


def kept_builds() -> Path:
    """Where what takes long is kept between builds."""
    return agent_cache() / "webgpu"


def main() -> int:
    """Build what the command line asks for; the library's path goes to standard output."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=canary_folder(agent_cache()),
        metavar="FOLDER",
        help="what to fill (default: %(default)s, where the agent looks for it)",
    )
    parser.add_argument(
        "--quantization",
        choices=FEATURES,
        default="q4f32_1",
        help="q4f16_1 needs shader-f16 (default: q4f32_1)",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        default=kept_builds(),
        metavar="FOLDER",
        help="kept builds (default: %(default)s)",
    )
    arguments = parser.parse_args()
    try:
        library = build(arguments.output, arguments.cache, arguments.quantization)
    except (BuildFault, OSError) as fault:
        print(f"\nbuild_canary: {fault}", file=sys.stderr)
        return 1
    print(f"{library} {library.stat().st_size / 2**20:.1f} MB", file=sys.stderr)
    print(library)
    return 0


if __name__ == "__main__":
    sys.exit(main())
