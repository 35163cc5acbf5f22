"""Everything that only a GPU can show: right numbers, rates, memory, a full device, machines without a compiler.

Run it with the environment that has the agent's dependencies, on a machine with an NVIDIA GPU:

    python tests/bench/bench_gpu.py

Each step says what it found on a line of its own; the last line is the number of steps that found something wrong.
`occupied` needs torch, which fills the GPU; without it the step says so and is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / part) for part in ("bench", "reference", "agent/engines")]

from bench_engine import SHAPES, write_random_model  # noqa: E402  (found through the line above)
from decoder_float64 import Decoder64  # noqa: E402
from mlc_folder import chat_config, random_weights, write_folder  # noqa: E402
from small_models import SMALL_MODELS  # noqa: E402

from localloom_agent.artifacts import open_folder  # noqa: E402
from localloom_agent.canary import CANARY_DIR  # noqa: E402
from localloom_agent.engines.tvm.compiler import compile_model  # noqa: E402
from localloom_agent.engines.tvm.cuda_compiler import choose_compiler  # noqa: E402
from localloom_agent.engines.tvm.devices import choose_device  # noqa: E402
from localloom_agent.engines.tvm.runtime import load_runtime  # noqa: E402
from localloom_agent.engines.tvm.session import Session  # noqa: E402
from localloom_agent.engines.tvm.targets import target_for  # noqa: E402
from localloom_agent.engines.tvm.weights import load_parameters  # noqa: E402

IDS = [1, 354, 201, 59, 298, 261, 511, 0, 2, 201, 351]
CLI = "from localloom_agent.cli import main; main()"
DEVICE = os.environ.get("BENCH_DEVICE", "cuda")
"""Another one rehearses what needs no GPU."""


def agent(*arguments: str, **environment: str) -> dict[str, Any]:
    """Run the agent's command line in a process of its own; the document it prints."""
    run = subprocess.run(
        [sys.executable, "-c", CLI, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )
    try:
        document: dict[str, Any] = json.loads(run.stdout)
    except ValueError:
        raise RuntimeError(f"no document: {run.stdout[-500:]} {run.stderr[-1500:]}") from None
    return document


def probe(model: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """One probe on the GPU."""
    return agent(
        *(
            "probe",
            "--engine",
            "tvm",
            "--device",
            DEVICE,
            "--model",
            model,
            "--quiet",
            "--json",
        ),
        *arguments,
        **environment,
    )


def describe(document: dict[str, Any]) -> str:
    """A probe in one line."""
    phases = " ".join(
        f"{p['phase']}={p['duration_s']:.2f}s" for p in document["phases"] if p.get("duration_s")
    )
    said, failure = document["generation"] or {}, document["failure"] or {}
    rates = {k: said.get(k) for k in ("ttft_s", "tokens_per_s", "prefill_tokens_per_s", "completion_tokens")}
    return (
        f"{document['outcome']} {document['engine']} {phases} {rates} check={said.get('numeric_check')} "
        f"failure={[failure.get(k) for k in ('phase', 'category', 'summary')]}"
    )


def machine() -> bool:
    """NVML's view of the GPU is in the machine's profile."""
    found = agent("machine")
    gpus = found.get("gpus") or found.get("machine", {}).get("gpus")
    print("  gpus", json.dumps(gpus)[:800])
    return bool(gpus) and all(gpu.get("memory_total") and gpu.get("driver_version") for gpu in gpus)


def canary() -> bool:
    """The canary passes its numeric check through the command line."""
    document = probe("canary")
    print(" ", describe(document))
    for phase in document["phases"]:
        if phase["phase"] in ("runtime", "compile", "load"):
            print("   ", json.dumps(phase)[:900])
    return document["outcome"] == "passed" and document["generation"]["numeric_check"]["status"] == "passed"


def open_on_gpu(path: Path, context: int) -> Session:
    """Compile a folder and load it."""
    load_runtime()
    folder, device = open_folder(path), choose_device(DEVICE)
    target = target_for(device)
    if target.kind.name == "cuda":
        choose_compiler(target)
    arch = folder.config.architecture
    compiled = compile_model(arch, folder.config.quantization, context, target, device.handle)
    tensors, _ = load_parameters(folder, compiled.parameters, device.handle, lambda _: None)
    return Session.open(compiled.machine, device.handle, tensors, arch, context)


def error(actual: Any, expected: Any) -> float:
    """Largest error, relative to the largest value."""
    return float(np.abs(actual - expected).max() / np.abs(expected).max())


def margins() -> bool:
    """Every reference answer of the canary comes out, with its margins."""
    session, worst, right = open_on_gpu(CANARY_DIR, 512), 0.0, True
    for entry in json.loads((CANARY_DIR / "reference.json").read_text(encoding="utf-8"))["prompts"]:
        session.reset()
        logits = [row for _, row in session.prefill(entry["prompt_ids"])][-1]
        for wanted, margin in zip(entry["token_ids"], entry["margins"], strict=True):
            best, second = np.sort(logits)[:-3:-1]
            right = right and int(logits.argmax()) == wanted
            worst = max(worst, abs(float(best - second) - margin))
            logits = session.decode(wanted) if session.position < 512 else logits
    print(f"  largest deviation of a margin: {worst:.4f}; every token right: {right}")
    return right and worst < 0.05


def families() -> bool:
    """A small model of every family gives the logits of float64."""
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for name, config in SMALL_MODELS.items():
            for quantization in ("q0f16", "q4f16_1"):
                path = Path(temporary, f"{name}-{quantization}")
                full = chat_config(**config)
                write_folder(path, full, random_weights(full, 1), quantization, CANARY_DIR)
                session, expected = open_on_gpu(path, 128), Decoder64.from_folder(path).logits(IDS)
                off = [error([row for _, row in session.prefill(IDS)][-1], expected[-1])]
                session.reset()
                off += [error(session.decode(token), row) for token, row in zip(IDS, expected, strict=True)]
                print(f"  {name} {quantization}: prefill {off[0]:.1e}, decode {max(off[1:]):.1e}")
                worst = max(worst, *off)
    return worst < 1e-3


def lengths() -> bool:
    """Attention over more positions than a block of threads takes at once, in heads of every kind of width."""
    shapes: dict[str, dict[str, Any]] = {
        "heads of 80": {"head_dim": 80},
        "heads of 256": {"head_dim": 256},
        "heads of 320": {"head_dim": 320},
        "window of 270": {"model_type": "mistral", "sliding_window_size": 270},
    }
    ids, worst = [(7 * i * i + 3) % 512 for i in range(600)], 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for name, config in shapes.items():
            path = Path(temporary, name)
            full = chat_config(**config, context_window_size=1024)
            write_folder(path, full, random_weights(full, 1), "q4f16_1", CANARY_DIR)
            session, expected = open_on_gpu(path, 1024), Decoder64.from_folder(path).logits(ids)
            off = [error(row, expected[fed - 1]) for fed, row in session.prefill(ids[:590])]
            off += [error(session.decode(ids[at]), expected[at]) for at in range(590, 600)]
            print(f"  {name}: {max(off):.1e}")
            worst = max(worst, *off)
    return worst < 1e-3


def real_shapes() -> bool:
    """A layer of each of the registry's models, in its own dimensions: default schedules depend on them."""
    shapes: dict[str, tuple[str, tuple[int, ...]]] = {
        "SmolLM2-360M": ("llama as SmolLM2", (960, 2560, 15, 5, 64)),
        "Llama-3.2-1B": ("llama", (2048, 8192, 32, 8, 64)),
        "Qwen2.5-0.5B": ("qwen2", (896, 4864, 14, 2, 64)),
        "Qwen3-0.6B": ("qwen3", (1024, 3072, 16, 8, 128)),
        "Phi-3-mini": ("phi3", (3072, 8192, 32, 32, 96)),
        "gemma-2-2b": ("gemma2", (2304, 9216, 8, 4, 256)),
        "Mistral-7B": ("mistral", (4096, 14336, 32, 8, 128)),
    }
    names = ("hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads", "head_dim")
    ids, worst = [(7 * i * i + 3) % 512 for i in range(140)], 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for name, (family, sizes) in shapes.items():
            path = Path(temporary, name)
            config = SMALL_MODELS[family] | dict(zip(names, sizes, strict=True))
            full = chat_config(**config, num_hidden_layers=1, context_window_size=256)
            write_folder(path, full, random_weights(full, 1), "q4f16_1", CANARY_DIR)
            session, expected = open_on_gpu(path, 256), Decoder64.from_folder(path).logits(ids)
            off = [error(row, expected[fed - 1]) for fed, row in session.prefill(ids[:136])]
            off += [error(session.decode(ids[at]), expected[at]) for at in range(136, 140)]
            print(f"  {name}: {max(off):.1e}")
            worst = max(worst, *off)
            shutil.rmtree(path)
    return worst < 1e-3


@contextmanager
def large_model(shape: str) -> Iterator[Path]:
    """A folder of random weights."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary, shape)
        write_random_model(path, SHAPES[shape])
        yield path


def rates(path: Path) -> bool:
    """TinyLlama's shape through the command line, with a short and a long answer."""
    fast = True
    for tokens in (50, 1000):
        document = probe(str(path), "--max-tokens", str(tokens))
        print(" ", describe(document))
        fast = fast and document["outcome"] == "passed" and document["generation"]["tokens_per_s"] > 100
    return fast


def large_numbers(path: Path) -> bool:
    """TinyLlama's shape gives the logits of float64."""
    ids = [(7919 * i) % 32000 for i in range(48)]
    session = open_on_gpu(path, 2048)
    prefilled = [row for _, row in session.prefill(ids[:40])][-1]
    decoded = [session.decode(token) for token in ids[40:]]
    start = time.perf_counter()
    expected = Decoder64.from_folder(path).logits(ids)
    off = [
        error(prefilled, expected[39]),
        *(error(a, b) for a, b in zip(decoded, expected[40:], strict=True)),
    ]
    print(
        f"  prefill {off[0]:.1e}, decode {max(off[1:]):.1e} (float64 took {time.perf_counter() - start:.0f} s)"
    )
    return max(off) < 1e-3


def kernels(path: Path) -> bool:
    """Where a token's time goes (no verdict)."""
    session = open_on_gpu(path, 2048)
    for total in (64, 1024, 2000):
        session.position = total
        start = time.perf_counter()
        for _ in range(30):
            session.decode(1)
        print(f"  decode at {total} positions: {(time.perf_counter() - start) / 30 * 1e3:.3f} ms a token")
    session.reset()
    list(session.prefill(list(range(128))))
    start = time.perf_counter()
    list(session.prefill(list(range(1024))))
    print(f"  prefill: {1024 / (time.perf_counter() - start):.0f} tokens/s")
    spent: dict[str, list[float]] = {}
    begun = [0.0]

    def watch(_: object, name: str, before: bool, *__: object) -> None:
        session.device.sync()
        if before:
            begun[0] = time.perf_counter()
        else:
            spent.setdefault(str(name), []).append(time.perf_counter() - begun[0])

    session.machine.set_instrument(watch)
    for count in (1, 128):
        session.position = 1000
        session.decode(1) if count == 1 else list(session.prefill(list(range(128))))
        spent.clear()
        session.position = 1000
        session.decode(1) if count == 1 else list(session.prefill(list(range(128))))
        print(f"  kernels of {count} tokens at 1000 positions, each waited for:")
        for name, times in sorted(spent.items(), key=lambda entry: -sum(entry[1]))[:9]:
            print(f"    {name:40} {len(times):4} times, {sum(times) * 1e6:9.1f} us")
    return True


@contextmanager
def full_gpu() -> Iterator[int]:
    """While open, another process holds all of the GPU but 700 MiB; gives what is free then, 0 without torch."""
    code = (
        "import torch, sys\n"
        "free, total = torch.cuda.mem_get_info()\n"
        "hold = torch.empty(free - (700 << 20), dtype=torch.uint8, device='cuda')\n"
        "print(torch.cuda.mem_get_info()[0], flush=True)\n"
        "sys.stdin.readline()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        yield int(holder.stdout.readline() or 0)
    finally:
        holder.stdin.close()
        holder.wait()


def occupied(path: Path) -> bool:
    """With the GPU full, the model ends as gpu.out_of_memory with the figures."""
    with full_gpu() as free:
        print(f"  free bytes once filled: {free or 'left out: torch could not fill the GPU'}")
        document = probe(str(path)) if free else None
    if document is None:
        return True
    print(" ", describe(document))
    failure = document["failure"] or {}
    evidence = failure.get("evidence", {})
    print("  figures", {k: v for k, v in evidence.get("facts", evidence).items() if "memory" in k})
    return failure.get("category") == "gpu.out_of_memory" and failure.get("phase") == "load"


def unforeseen(path: Path) -> bool:
    """The same where the estimate is wrong: what the driver says is understood."""
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT / 'tests' / 'agent' / 'engines')!r})\n"
        "from recording import RecordingObserver\n"
        "from localloom_agent.engines.interface import ProbeRequest\n"
        "from localloom_agent.engines.tvm import TvmEngine, memory\n"
        "memory.check_memory = lambda *_: None\n"
        "TvmEngine().probe(ProbeRequest('tvm', sys.argv[1], device='cuda'), RecordingObserver())\n"
    )
    with full_gpu() as free:
        command = [sys.executable, "-c", code, str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False) if free else None
    if run is None:
        return True
    print("  ", run.stderr[-400:].strip().replace("\n", "\n   "))
    explained = subprocess.run(
        [sys.executable, "-c", CLI, "explain", "-", "--json"],
        input=run.stderr[-3000:],
        capture_output=True,
        text=True,
        check=False,
    )
    verdict = json.loads(explained.stdout)
    print("  explained as", verdict.get("category"), verdict.get("confidence"))
    return bool(verdict.get("category") == "gpu.out_of_memory")


def compilers() -> bool:
    """With NVRTC alone, with nvcc alone, and with neither."""
    found = True
    nvcc = shutil.which("nvcc")
    without = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "nvcc").exists()
    )
    cases = {"NVRTC": ({"PATH": without}, "passed")}
    if nvcc:
        cases["nvcc"] = ({"TVM_CUDA_COMPILE_MODE": "nvcc"}, "passed")
    cases["neither"] = ({"PATH": without, "TVM_CUDA_COMPILE_MODE": "nvcc"}, "failed")
    for name, (environment, outcome) in cases.items():
        document = probe("canary", **environment)
        print(f"  {name}: {describe(document)}")
        found = found and document["outcome"] == outcome
        if outcome == "failed":
            found = found and document["failure"]["category"] == "host.missing_dependency"
    return found


def main(names: Sequence[str]) -> int:
    """Run the steps; how many found something wrong."""
    steps: dict[str, Callable[..., bool]] = {
        "machine": machine,
        "canary": canary,
        "margins": margins,
        "families": families,
        "lengths": lengths,
        "real_shapes": real_shapes,
        "compilers": compilers,
        "rates": rates,
        "kernels": kernels,
        "large_numbers": large_numbers,
        "occupied": occupied,
        "unforeseen": unforeseen,
    }
    wrong = 0
    with large_model("1.1B") as path:
        for name in names or steps:
            print(name, flush=True)
            start = time.perf_counter()
            takes_model = steps[name] in (rates, kernels, large_numbers, occupied, unforeseen)
            try:
                sound = steps[name](path) if takes_model else steps[name]()
            except Exception as caught:
                print(f"  {type(caught).__name__}: {str(caught)[:3000]}")
                sound = False
            wrong += not sound
            print(
                f"  {'as it should be' if sound else 'WRONG'} ({time.perf_counter() - start:.1f} s)",
                flush=True,
            )
    print(wrong)
    return wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*")
    sys.exit(min(main(parser.parse_args().steps), 1))
