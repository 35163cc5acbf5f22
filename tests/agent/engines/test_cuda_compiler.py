from __future__ import annotations

import os
from pathlib import Path
from types import MappingProxyType

import pytest

from localloom_agent.engines.interface import EngineFault
from localloom_agent.engines.tvm import cuda_compiler, cuda_libraries
from localloom_agent.engines.tvm.nvrtc import Nvrtc
from localloom_diagnosis.taxonomy import Category


class Target:
    attrs = MappingProxyType({"arch": "sm_90"})


class ErrorString:
    """A function of a ctypes library: what it returns can be declared."""

    restype = None

    def __call__(self, status):
        return {6: b"NVRTC_ERROR_COMPILATION"}[status]


class NvrtcThatRefuses:
    """The run-time compiler's library where the source has an error."""

    LOG = b"localloom.cu(1): error: identifier is undefined\0"

    def __init__(self):
        self.options = []
        self.destroyed = False
        self.nvrtcGetErrorString = ErrorString()

    def nvrtcVersion(self, major, minor):  # noqa: N802
        major._obj.value, minor._obj.value = 13, 0
        return 0

    def nvrtcCreateProgram(self, *_):  # noqa: N802
        return 0

    def nvrtcCompileProgram(self, _, count, options):  # noqa: N802
        self.options = [options[i] for i in range(count)]
        return 6

    def nvrtcGetProgramLogSize(self, _, size):  # noqa: N802
        size._obj.value = len(self.LOG)
        return 0

    def nvrtcGetProgramLog(self, _, buffer):  # noqa: N802
        buffer.raw = self.LOG
        return 0

    def nvrtcDestroyProgram(self, _):  # noqa: N802
        self.destroyed = True
        return 0


def test_a_source_that_does_not_compile_says_why(tmp_path):
    """The compiler's own words are raised, its version with them, the source not; the program is let go."""
    library = NvrtcThatRefuses()
    with pytest.raises(RuntimeError, match=r"NVRTC 13\.0: NVRTC_ERROR_COMPILATION: localloom.cu\(1\): error"):
        Nvrtc(library, [tmp_path]).compile("bad source", "sm_90")
    assert b"--gpu-architecture=sm_90" in library.options
    assert f"--include-path={tmp_path}".encode() in library.options
    assert library.destroyed


@pytest.fixture
def bare(monkeypatch):
    """A machine without any of CUDA's compilers, whatever this one has."""
    monkeypatch.delenv("TVM_CUDA_COMPILE_MODE", raising=False)
    monkeypatch.setattr(cuda_compiler, "load_nvrtc", lambda: None)
    monkeypatch.setattr(cuda_compiler, "include_folders", list)
    monkeypatch.setattr(cuda_compiler.shutil, "which", lambda _: None)


@pytest.mark.usefixtures("bare")
def test_without_any_compiler_what_to_install_is_said():
    """Neither NVRTC nor nvcc is host.missing_dependency, with the packages that would do."""
    with pytest.raises(EngineFault, match="pip install nvidia-cuda-nvrtc") as caught:
        cuda_compiler.choose_compiler(Target)
    assert caught.value.category is Category.HOST_MISSING_DEPENDENCY
    assert caught.value.facts == {"module.missing": "libnvrtc"}


@pytest.mark.usefixtures("bare")
def test_nvcc_serves_where_nvrtc_is_not(monkeypatch):
    """With nvcc on PATH, TVM is told to use it."""
    monkeypatch.setattr(cuda_compiler.shutil, "which", lambda _: "/usr/local/cuda/bin/nvcc")
    monkeypatch.setenv("TVM_CUDA_COMPILE_MODE", "")
    assert cuda_compiler.choose_compiler(Target) == "nvcc"
    assert os.environ["TVM_CUDA_COMPILE_MODE"] == "nvcc"


@pytest.mark.usefixtures("bare")
def test_nvrtc_is_preferred_and_nvcc_can_be_insisted_on(monkeypatch):
    """NVRTC with its headers comes first; the environment variable of TVM's own overrules that."""
    registered = []
    monkeypatch.setattr(cuda_compiler, "load_nvrtc", NvrtcThatRefuses)
    monkeypatch.setattr(cuda_compiler, "include_folders", lambda: [Path("/usr/include")])
    monkeypatch.setattr(cuda_compiler, "_register", registered.append)
    assert cuda_compiler.choose_compiler(Target) == "NVRTC 13.0"
    assert len(registered) == 1
    monkeypatch.setenv("TVM_CUDA_COMPILE_MODE", "nvcc")
    with pytest.raises(EngineFault) as caught:
        cuda_compiler.choose_compiler(Target)
    assert caught.value.facts == {"module.missing": "nvcc"}


def test_libraries_are_found_in_pythons_packages(tmp_path, monkeypatch):
    """A library that the linker does not know is loaded from NVIDIA's Python packages, and headers are found there."""
    root = tmp_path / "nvidia" / "cu13"
    (root / "lib").mkdir(parents=True)
    (root / "include").mkdir()
    (root / "include" / "cuda_fp16.h").touch()
    (root / "lib" / "libnvrtc.so.13").touch()
    (tmp_path / "nvidia" / "__init__.py").touch()
    monkeypatch.setattr(
        cuda_libraries.importlib.util, "find_spec", lambda _: Spec([str(tmp_path / "nvidia")])
    )
    tried = []

    def load(path):
        tried.append(path)
        if "/" not in path:
            raise OSError("cannot open shared object file")
        return path

    monkeypatch.setattr(cuda_libraries.ctypes, "CDLL", load)
    found = cuda_libraries.load_library(("libnvrtc.so.13",))
    assert tried == ["libnvrtc.so.13", found]
    assert found == str(root / "lib" / "libnvrtc.so.13")
    assert root / "include" in cuda_libraries.include_folders()


class Spec:
    def __init__(self, places):
        self.submodule_search_locations = places


def test_what_cannot_be_found_is_no_error():
    """A library that is nowhere is None: its absence is reported by whoever needs it."""
    assert cuda_libraries.load_library(("liblocalloom-nowhere.so.0",)) is None
