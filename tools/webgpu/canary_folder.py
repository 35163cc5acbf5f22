"""A folder that WebLLM can load the canary from, and that says by itself what it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

from emscripten import Emscripten
from runtime_objects import versions

from localloom_agent.canary import CANARY_DIR, CANARY_ID

sys.path.append(str(Path(__file__).resolve().parent.parent / "canary"))
from mlc_format import convert_q4f16_to_q4f32

RECORD = "webllm-record.json"
WEB_LLM = "0.2.86"
"""The version of @mlc-ai/web-llm whose calls and imports the libraries have."""
FEATURES = {"q4f32_1": [], "q4f16_1": ["shader-f16"]}
"""What a browser's WebGPU must have, by quantisation."""


def write_model(folder: Path, quantization: str) -> None:
    """The canary's config, tokenizer, weights and known answers, in `quantization`."""
    folder.mkdir(parents=True, exist_ok=True)
    reference = json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))
    if quantization == "q4f32_1":
        convert_q4f16_to_q4f32(CANARY_DIR, folder)
    else:
        for file in CANARY_DIR.glob("*.json"):
            shutil.copyfile(file, folder / file.name)
        for file in CANARY_DIR.glob("*.bin"):
            shutil.copyfile(file, folder / file.name)
    cache = json.loads((folder / "tensor-cache.json").read_text(encoding="utf-8"))
    reference["model_id"] = model_id(quantization)
    # The answers are those of these weights, whatever type their scales have: the numbers are the same.
    reference["shards"] = {shard["dataPath"]: shard["md5sum"] for shard in cache["records"]}
    _write_json(folder / "reference.json", reference)


def write_record(folder: Path, quantization: str, library: Path, emcc: Emscripten) -> Path:
    """Put the library into the folder, and beside it the record of WebLLM's `model_list`, with what it was built from.

    `model` and `model_lib` are relative to the folder: a page makes addresses of them.
    """
    target = folder / f"{model_id(quantization)}-webgpu.wasm"
    shutil.copyfile(library, target)
    record = {
        "format": 1,
        "model_id": model_id(quantization),
        "model": ".",
        "model_lib": target.name,
        "required_features": FEATURES[quantization],
        "web_llm": WEB_LLM,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
        "built_with": {**versions(), "emscripten": emcc.version},
    }
    _write_json(folder / RECORD, record)
    return target


def model_id(quantization: str) -> str:
    """What the canary is called in this quantisation."""
    return CANARY_ID.replace("q4f16_1", quantization)


def _write_json(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
