"""Compiles TVM's runtime for the browser from the sources in the wheel, with the headers that the wheel leaves out."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import tempfile
from pathlib import Path

from build_cache import kept, key_of
from emscripten import BuildFault, Emscripten

GAPS = Path(__file__).parent / "wheel_gaps"
"""Small equivalents, by the places at which TVM's sources look for them."""
SOURCES = ("wasm_runtime", "tvmjs_support", "webgpu_runtime")
"""The runtime, its interface for JavaScript, and the device that hands everything to JavaScript."""
FLAGS = ("-O3", "-std=c++17", "-Wno-ignored-attributes")


def versions() -> dict[str, str]:
    """Of the packages whose sources are compiled.

    Raises:
        BuildFault: where one is not installed.
    """
    try:
        return {name: importlib.metadata.version(name) for name in ("apache-tvm", "apache-tvm-ffi")}
    except importlib.metadata.PackageNotFoundError as error:
        raise BuildFault(f"{error.name} is not installed: pip install 'localloom[agent]'") from error


def runtime_key(emcc: Emscripten) -> str:
    """What the objects depend on."""
    return key_of([*versions().values(), emcc.version, *FLAGS], GAPS.rglob("*.h"))


def runtime_objects(emcc: Emscripten, cache: Path) -> list[Path]:
    """The objects that every library is linked with: minutes for the first time, nothing after that."""

    def make(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as staged:
            _stage(Path(staged))
            include = ["-I.", "-Iinclude", "-I3rdparty/tvm-ffi/include"]
            for name in SOURCES:
                arguments = [*FLAGS, *include, "-c", "-o", str(folder / f"{name}.o"), f"web/emcc/{name}.cc"]
                emcc.run(arguments, Path(staged))

    folder = kept(cache, f"runtime-{runtime_key(emcc)}", make)
    return [folder / f"{name}.o" for name in SOURCES]


def _stage(root: Path) -> None:
    """Lay the wheel's sources and the headers that it lacks out as TVM's repository has them."""
    tvm, ffi = _package("tvm"), _package("tvm_ffi")
    contrib = "src/runtime/extra/contrib"
    shutil.copytree(tvm / "src" / "runtime", root / "src/runtime", ignore=shutil.ignore_patterns("extra"))
    shutil.copytree(tvm / contrib / "sort", root / contrib / "sort")
    shutil.copytree(tvm / "web" / "emcc", root / "web/emcc")
    shutil.copytree(tvm / "include", root / "include")
    shutil.copytree(GAPS, root, dirs_exist_ok=True)
    for part in ("include", "src"):
        shutil.copytree(ffi / part, root / "3rdparty/tvm-ffi" / part)


def _package(name: str) -> Path:
    """Where the package is, without importing it: that takes seconds."""
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise BuildFault(f"the package {name} is not installed: pip install 'localloom[agent]'")
    return Path(found.submodule_search_locations[0])
