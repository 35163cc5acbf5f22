"""Compiles a model for WebGPU, as objects for WebAssembly that the runtime's objects are linked with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from paged_decoder import PagedDecoder
from sampling import Sampling, functions
from tvm.relax.frontend import nn
from tvm.relax.frontend.nn.llm.kv_cache import PagedKVCache

from localloom_agent.artifacts.chat_config import ChatConfig
from localloom_agent.engines.tvm.compiler import schedule_for_gpu


class Library(PagedDecoder, Sampling):
    """Everything that WebLLM looks for in a library."""


def write_objects(config: ChatConfig, folder: Path) -> list[Path]:
    """Compile the model that `config` describes, and write its objects into `folder`."""
    import tvm
    from tvm import relax
    from tvm.target import Target

    target = Target("webgpu", host=Target({"kind": "llvm", "mtriple": "wasm32-unknown-unknown-wasm"}))
    module = _with_metadata(*_exported(config, target), config)
    with tvm.transform.PassContext(opt_level=3), target:
        executable = relax.build(schedule_for_gpu(module, "webgpu"), target=target, system_lib=True)
    written: list[Path] = []

    def keep(_: str, objects: list[str], **__: Any) -> None:
        for number, name in enumerate(objects):
            path = folder / f"model_{number}{Path(name).suffix}"
            path.write_bytes(Path(name).read_bytes())
            written.append(path)

    # Objects, not bitcode: TVM's LLVM is newer than the one that links.
    keep.object_format = "o"  # type: ignore[attr-defined]
    executable.export_library("model.wasm", fcompile=keep)
    return written


def _exported(config: ChatConfig, target: Any) -> tuple[Any, list[tuple[str, Any]]]:
    arch, context = config.architecture, config.context_window
    mode = {"param_mode": "packed", "effect_mode": "none"}
    cache = nn.spec.Object(object_type=PagedKVCache)

    def embedded(n: int | str) -> dict[str, Any]:
        return {"x": nn.spec.Tensor([1, n, arch.hidden_size], "float32"), "cache": cache, "$": mode}

    sizes = dict.fromkeys(("batch", "total", "chunk", "page", "sliding"), int)
    spec = {
        "embed": {"ids": nn.spec.Tensor(["n"], "int32"), "$": mode},
        "prefill": embedded("n"),
        "decode": embedded(1),
        "create_tir_paged_kv_cache": {**sizes, "$": {"param_mode": "none", "effect_mode": "none"}},
        **functions(arch.vocab_size),
    }
    model = Library(arch, config.quantization, context, target)
    module, parameters, _ = model.export_tvm(spec=spec, allow_extern=True)
    return module, parameters


def _with_metadata(module: Any, parameters: list[tuple[str, Any]], config: ChatConfig) -> Any:
    """The module with `_metadata`, which tells WebLLM the parameters and the sizes that it was compiled for."""
    import tvm
    from tvm import relax

    document = {
        "model_type": config.architecture.model_type,
        "quantization": config.quantization.name,
        "context_window_size": config.context_window,
        "sliding_window_size": -1,
        "attention_sink_size": -1,
        "prefill_chunk_size": config.context_window,
        "max_batch_size": 1,
        "tensor_parallel_shards": 1,
        "kv_state_kind": "kv_cache",
        "params": [
            {"name": name, "shape": [int(s) for s in value.shape], "dtype": value.dtype, "preprocs": []}
            for name, value in parameters
        ],
    }
    builder = relax.BlockBuilder(module)
    with builder.function("_metadata", params=[]):
        builder.emit_func_output(tvm.ir.StringImm(json.dumps(document)))
    return builder.finalize()
