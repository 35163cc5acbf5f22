"""Measures the tvm engine: compile time, loading, prefill and decode rates, on the canary and on random weights.

Run it with the environment that has the agent's dependencies:

    python tests/bench/bench_engine.py canary 60M --device cpu

Sizes other than the canary are folders of random q4f16_1 weights, written on the spot and removed afterwards: their
text is noise, their arithmetic is that of a real model of this shape.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools" / "canary"), str(ROOT / "tests" / "agent" / "engines")]

from mlc_format import write_tensor_cache  # noqa: E402  (found through the line above)
from recording import RecordingObserver  # noqa: E402  (found through the line above)

from localloom_agent.artifacts import expected_parameters  # noqa: E402  (after the path is set)
from localloom_agent.artifacts.architecture import QUANTIZATIONS  # noqa: E402
from localloom_agent.artifacts.config_keys import Keys  # noqa: E402
from localloom_agent.artifacts.families import parse_architecture  # noqa: E402
from localloom_agent.canary import CANARY_DIR  # noqa: E402
from localloom_agent.engines.interface import ProbeRequest  # noqa: E402
from localloom_agent.engines.tvm import TvmEngine  # noqa: E402

SHAPES: dict[str, dict[str, int]] = {
    "60M": {"hidden": 512, "intermediate": 1408, "layers": 8, "heads": 8, "kv_heads": 4, "vocab": 32000},
    "1.1B": {"hidden": 2048, "intermediate": 5632, "layers": 22, "heads": 32, "kv_heads": 4, "vocab": 32000},
}
"""The second is TinyLlama's."""


def write_random_model(folder: Path, shape: dict[str, int]) -> None:
    """A q4f16_1 folder of random weights with the canary's tokenizer, and no stop tokens."""
    config: dict[str, Any] = json.loads((CANARY_DIR / "mlc-chat-config.json").read_text(encoding="utf-8"))
    config["model_config"] |= {
        "hidden_size": shape["hidden"],
        "intermediate_size": shape["intermediate"],
        "num_attention_heads": shape["heads"],
        "num_key_value_heads": shape["kv_heads"],
        "head_dim": shape["hidden"] // shape["heads"],
        "num_hidden_layers": shape["layers"],
        "vocab_size": shape["vocab"],
        "context_window_size": 2048,
    }
    config |= {"vocab_size": shape["vocab"], "context_window_size": 2048, "eos_token_id": None}
    config["conv_template"] |= {"stop_str": [], "stop_token_ids": []}
    folder.mkdir(parents=True)
    (folder / "mlc-chat-config.json").write_text(json.dumps(config), encoding="utf-8")
    shutil.copy(CANARY_DIR / "tokenizer.json", folder)
    arch = parse_architecture("llama", Keys(config["model_config"], "mlc-chat-config.json"))
    random = np.random.default_rng(0)

    def parameters() -> Iterator[tuple[str, Any]]:
        for spec in expected_parameters(arch, QUANTIZATIONS["q4f16_1"]):
            if spec.dtype == "uint32":
                yield spec.name, random.integers(0, 2**32, spec.shape, dtype=np.uint32)
            elif len(spec.shape) == 2:
                yield spec.name, np.full(spec.shape, 0.25 / np.sqrt(32.0 * spec.shape[1]), np.float16)
            else:
                yield spec.name, np.ones(spec.shape, np.float16)

    write_tensor_cache(folder, parameters(), 1)


def measure(model: str, prompt: str, device: str, tokens: int) -> None:
    """Probe once, in a process of its own, and print what each span took and what the process held at most."""
    observer = RecordingObserver()
    start = time.perf_counter()
    TvmEngine().probe(ProbeRequest("tvm", model, device=device, prompt=prompt, max_tokens=tokens), observer)
    report = observer.reports[0]
    print(f"  total {time.perf_counter() - start:.2f} s")
    for span in observer.spans:
        print(f"  {span.phase.value:9} {span.name:26} {span.duration_s:8.3f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    weights = next(s.attributes["load.bytes"] for s in observer.spans if "load.bytes" in s.attributes)
    print(
        f"  prompt {report.prompt_tokens} tokens, prefill {report.prefill_tokens_per_s:.1f} tokens/s, "
        f"TTFT {report.ttft_s:.3f} s, decode {report.tokens_per_s:.1f} tokens/s over {report.completion_tokens} "
        f"tokens, numeric check {report.numeric_check.status}"
    )
    print(f"  peak RSS {peak / 1e6:.0f} MB, {peak / weights:.2f} times the weights ({weights / 1e6:.0f} MB)")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=["canary", "60M"], help=f"canary, {', '.join(SHAPES)}")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--tokens", type=int, default=50)
    parser.add_argument("--prompt", default="Hola, ¿funciona?")
    arguments = parser.parse_args()
    for name in arguments.models:
        print(name, flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            model = name
            if name in SHAPES:
                model = str(Path(temporary, name))
                write_random_model(Path(model), SHAPES[name])
            # A process of its own, and not a fork: a peak is for life, and is inherited.
            process = get_context("spawn").Process(
                target=measure, args=(model, arguments.prompt, arguments.device, arguments.tokens)
            )
            process.start()
            process.join()


if __name__ == "__main__":
    main()
