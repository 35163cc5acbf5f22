"""Measures what the canary notices: float16 rounding, and damage to its weights, in tokens and in margins.

`python tools/canary/sensitivity.py` needs numpy alone; the figures of `docs/canary.md` come from it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "tests" / "reference"))
from llama_float64 import Float64, Llama64  # noqa: E402  (found through the line above)

SHARD = "params_shard_0.bin"
DAMAGES: dict[str, int] = {"one byte changed": 1, "4 KiB zeroed": 4096, "64 KiB zeroed": 65536}


class Llama16(Llama64):
    """The same model with what goes into and comes out of every layer rounded to float16, as an engine would."""

    def _norm(self, x: Float64, name: str) -> Float64:
        return half(super()._norm(half(x), name))

    def _mlp(self, name: str, x: Float64) -> Float64:
        gate, up = half(np.split(x @ self.weights[f"{name}.gate_up_proj.weight"].T, 2, axis=-1))
        inner = half(half(gate / (1 + np.exp(-gate))) * up)
        return half(inner @ self.weights[f"{name}.down_proj.weight"].T)

    def _rope(self, x: Float64, position: int) -> Float64:
        return half(super()._rope(half(x), position))

    def _attention(self, index: int, x: Float64, position: int, cache: Any) -> Float64:
        return half(super()._attention(index, x, position, cache))


def half(values: Any) -> Float64:
    """Rounds to float16."""
    return np.asarray(values).astype(np.float16).astype(np.float64)


def margins(model: Llama64, prompt: dict[str, Any]) -> Float64:
    """How far each reference token leads, given the reference tokens before it; negative where another one leads."""
    asked, said = prompt["prompt_ids"], prompt["token_ids"]
    logits = model.logits(asked + said[:-1])[len(asked) - 1 :]
    rows = np.arange(len(said))
    right = logits[rows, said]
    logits[rows, said] = -np.inf
    return right - logits.max(axis=1)


def damage(data: bytes, size: int, random: np.random.Generator) -> bytes:
    """Zeroes one aligned block of `size` bytes; of one byte, changes its bits instead."""
    start = int(random.integers(len(data) // size)) * size
    block = bytes([data[start] ^ int(random.integers(1, 256))]) if size == 1 else bytes(size)
    return data[:start] + block + data[start + size :]


def main() -> None:
    """Prints the noise of float16 and what each kind of damage does to the answer to the probe's prompt."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=REPOSITORY / "agent" / "localloom_agent" / "canary")
    parser.add_argument("--trials", type=int, default=200)
    options = parser.parse_args()
    prompts = json.loads((options.folder / "reference.json").read_text(encoding="utf-8"))["prompts"]
    exact = Llama64.from_folder(options.folder)
    rounded = Llama16(exact.shape, {name: half(weight) for name, weight in exact.weights.items()})
    for prompt in prompts:
        noise = np.abs(margins(rounded, prompt) - prompt["margins"]).max()
        print(f"{prompt['name']}: float16 moves a margin by {noise:.3f} at most")

    random = np.random.default_rng(0)
    probe = next(prompt for prompt in prompts if prompt["name"] == "works.es")
    data = (options.folder / SHARD).read_bytes()
    with tempfile.TemporaryDirectory() as name, np.errstate(all="ignore"):
        folder = Path(name)
        for path in options.folder.glob("*.json"):
            shutil.copy(path, folder)
        for kind, size in DAMAGES.items():
            wrong, moved = 0, []
            for _ in range(options.trials):
                (folder / SHARD).write_bytes(damage(data, size, random))
                lead = margins(Llama64.from_folder(folder), probe)
                wrong += not (lead > 0).all()
                moved.append(float(np.abs(lead - probe["margins"]).max()))
            shares = ", ".join(
                f"a margin by {b}: {np.mean(~(np.array(moved) <= b)):.0%}" for b in (0.05, 0.25)
            )
            print(f"{kind}: a token wrong {wrong / options.trials:.0%}; moved {shares}")


if __name__ == "__main__":
    main()
