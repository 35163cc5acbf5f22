"""Small models of every quantisation, compiled once for all tests that run them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "reference")]

from mlc_folder import chat_config, random_weights, write_folder  # noqa: E402  (found through the line above)

from localloom_agent.canary import CANARY_DIR  # noqa: E402

MakeFolder = Callable[..., Path]


@pytest.fixture(scope="session")
def make_folder(tmp_path_factory) -> MakeFolder:
    """Write a model folder of random weights; keyword arguments are dimensions of its `model_config`."""

    def make(quantization: str, *, encoding: str = "f32-to-bf16", **dimensions: Any) -> Path:
        path = tmp_path_factory.mktemp("models") / quantization
        config = chat_config(**dimensions)
        weights = random_weights(config, 1)
        write_folder(path, config, weights, quantization, CANARY_DIR, encoding=encoding, shard_bytes=40_000)
        return path

    return make


@pytest.fixture(scope="session")
def open_session() -> Callable[..., Any]:
    """Compile a folder and load it on the CPU."""
    from localloom_agent.artifacts import open_folder
    from localloom_agent.engines.tvm.compiler import compile_model
    from localloom_agent.engines.tvm.devices import choose_device
    from localloom_agent.engines.tvm.session import Session
    from localloom_agent.engines.tvm.targets import target_for
    from localloom_agent.engines.tvm.weights import load_parameters

    def load(path: Path, *, portable: bool = False) -> Session:
        folder, device = open_folder(path), choose_device("cpu")
        config = folder.config
        arch, context = config.architecture, config.context_window
        compiled = compile_model(
            arch, config.quantization, context, target_for(device), device.handle, portable=portable
        )
        tensors, _ = load_parameters(folder, compiled.parameters, device.handle, lambda _: None)
        return Session.open(compiled.machine, device.handle, tensors, arch, context)

    return load
