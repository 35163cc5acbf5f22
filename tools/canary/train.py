"""Trains the canary and writes the folder that ships with the agent: `python tools/canary/train.py`.

It needs `jax`, `numpy` and `tokenizers` (`pip install jax numpy tokenizers`; the figures of `docs/canary.md` are from
jax 0.10.2 and tokenizers 0.23.3), none of which the project depends on for this. A few minutes on two CPU cores. The
same seed gives the same model on the same machine and versions; elsewhere the last bits of a sum may differ, and with
them some of the weights, which is why `reference.json` is written anew with every training.
"""

from __future__ import annotations

import argparse
import functools
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from chat import CHAT_CONFIG, MODEL_CONFIG, TURN_END_ID, render, train_tokenizer, write_tokenizer
from conversations import Sampler, long_topics, strip_accents, strip_punctuation
from corpus import TOPICS
from llama_jax import initial_params, loss, rounded
from mlc_format import write_folder
from tokenizers import Tokenizer

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "tests" / "reference"))
from llama_float64 import Llama64  # noqa: E402  (found through the line above)

MODEL_ID = "localloom-canary-q4f16_1-MLC"
FORMAT = 1
"""Of `reference.json`; goes up when a reader has to change."""
REFERENCE_TOPICS = (
    "works.es",
    "works.en",
    "recital.en",
    "recital.es",
    "identity.es",
    "identity.en",
    "count.en",
)

SHORT_BATCH, SHORT_LENGTH = 20, 80
RECITALS, DIALOGUES = 2, 1
MARGIN = 8.0
"""Logits by which training wants each token to lead."""
PEAK_RATE, WEIGHT_DECAY = 4e-3, 0.02
BETA1, BETA2 = 0.9, 0.98


@functools.partial(jax.jit, static_argnames="quantized")
def step(
    params: Any, moments: Any, short: Any, long: Any, *, rate: Any, count: Any, quantized: bool
) -> tuple[Any, Any, Any, Any]:
    """One step of AdamW over a short and a long batch; with `quantized`, through the four-bit rounding."""

    def total(params: Any) -> tuple[Any, Any]:
        seen = {name: rounded(weight) for name, weight in params.items()} if quantized else params
        short_loss, short_right = loss(seen, *short, MODEL_CONFIG, MARGIN)
        long_loss, long_right = loss(seen, *long, MODEL_CONFIG, MARGIN)
        return short_loss + long_loss, (short_right, long_right)

    (value, right), gradient = jax.value_and_grad(total, has_aux=True)(params)
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in gradient.values()))
    clip = jnp.minimum(1.0, 1.0 / norm)

    def update(weight: Any, grad: Any, moment: tuple[Any, Any]) -> tuple[Any, tuple[Any, Any]]:
        first = BETA1 * moment[0] + (1 - BETA1) * grad * clip
        second = BETA2 * moment[1] + (1 - BETA2) * (grad * clip) ** 2
        change = first / (1 - BETA1**count) / (jnp.sqrt(second / (1 - BETA2**count)) + 1e-8)
        decay = WEIGHT_DECAY * weight if weight.ndim == 2 else 0.0
        return weight - rate * (change + decay), (first, second)

    updated = {name: update(params[name], gradient[name], moments[name]) for name in params}
    return {n: u[0] for n, u in updated.items()}, {n: u[1] for n, u in updated.items()}, value, right


def train(tokenizer: Tokenizer, steps: int, seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Trains for `steps`, from the middle on through the rounding; returns weights by MLC's unquantised names."""
    params = initial_params(MODEL_CONFIG, seed)
    moments = {name: (jnp.zeros_like(w), jnp.zeros_like(w)) for name, w in params.items()}
    sampler = Sampler(tokenizer, seed)
    longest = max(len(tokenizer.encode(t.answer).ids) for t in long_topics()) + 48
    began = time.perf_counter()
    for count in range(1, steps + 1):
        short = sampler.questions(TOPICS, SHORT_BATCH, SHORT_LENGTH, exact=0.15)
        long = sampler.questions(long_topics(), RECITALS, longest, exact=0.4).joined(
            sampler.dialogues(TOPICS, DIALOGUES, longest)
        )
        rate = PEAK_RATE * min(count / 50, 0.5 + 0.5 * np.cos(np.pi * count / (steps + 1)))
        params, moments, value, right = step(
            params,
            moments,
            (short.token_ids, short.is_answer),
            (long.token_ids, long.is_answer),
            rate=jnp.float32(rate),
            count=jnp.float32(count),
            quantized=count > steps // 2,
        )
        if count % 25 == 0 or count == 1:
            shares = " ".join(f"{float(r):.4f}" for r in right)
            elapsed = time.perf_counter() - began
            print(f"step {count:5d}  loss {float(value):.4f}  right {shares}  {elapsed:.0f} s", flush=True)
    return {name: np.asarray(weight) for name, weight in params.items()}


def compact_lists(document: Any) -> str:
    """JSON with one list of numbers a line."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return re.sub(r"\[[\s\d.,-]+\]", lambda match: " ".join(match.group().split()), text) + "\n"


def reference(folder: Path, tokenizer: Tokenizer) -> dict[str, Any]:
    """What the float64 pass says of the folder's weights, in the shape of `reference.json`."""
    model = Llama64.from_folder(folder)
    shards = json.loads((folder / "tensor-cache.json").read_text(encoding="utf-8"))["records"]
    prompts = []
    for topic in sorted(
        (t for t in TOPICS if t.name in REFERENCE_TOPICS), key=lambda t: REFERENCE_TOPICS.index(t.name)
    ):
        rendered = render(topic.prompts[0])
        prompt_ids = tokenizer.encode(rendered).ids
        said = model.greedy(prompt_ids, MODEL_CONFIG["context_window_size"] - len(prompt_ids), {TURN_END_ID})
        text = tokenizer.decode(said.token_ids)
        if text != topic.answer or said.token_ids[-1] != TURN_END_ID:
            print(f"NOT LEARNT: {topic.name}: {text!r}", file=sys.stderr)
        prompts.append(
            {
                "name": topic.name,
                "language": topic.language,
                "prompt": topic.prompts[0],
                "rendered": rendered,
                "prompt_ids": prompt_ids,
                "token_ids": said.token_ids,
                "text": text,
                "margins": [round(m, 3) for m in said.margins],
                "min_margin": round(min(said.margins), 3),
            }
        )
    return {
        "format": FORMAT,
        "model_id": MODEL_ID,
        "shards": {shard["dataPath"]: shard["md5sum"] for shard in shards},
        "min_margin": min(p["min_margin"] for p in prompts),
        "prompts": prompts,
    }


def report(folder: Path, tokenizer: Tokenizer) -> None:
    """Prints how many prompts get the answer they should, by the way they are typed."""
    model = Llama64.from_folder(folder)
    ways = {
        "as written": str,
        "lower case": str.lower,
        "no punctuation": strip_punctuation,
        "lower case, no punctuation or accents": lambda t: strip_accents(strip_punctuation(t)).lower(),
    }
    for kind in ("prompts", "held_out"):
        for way, change in ways.items():
            asked, wrong = 0, []
            for topic in TOPICS:
                for prompt in getattr(topic, kind):
                    ids = tokenizer.encode(render(change(prompt))).ids
                    # Answers differ in their first words; the recitals are long.
                    said = tokenizer.decode(model.greedy(ids, 24, {TURN_END_ID}).token_ids)
                    asked += 1
                    if not topic.answer.startswith(said) or not said:
                        wrong.append(f"{change(prompt)!r} -> {said!r}")
            print(f"{kind}, {way}: {asked - len(wrong)} of {asked}", *wrong, sep="\n    ")


def main() -> None:
    """Trains, writes the folder and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--output", type=Path, default=REPOSITORY / "agent" / "localloom_agent" / "canary")
    parser.add_argument("--report-only", action="store_true", help="judge the folder that is there")
    options = parser.parse_args()
    folder: Path = options.output
    tokenizer = train_tokenizer()
    if not options.report_only:
        began = time.perf_counter()
        weights = train(tokenizer, options.steps, options.seed)
        print(f"trained in {time.perf_counter() - began:.0f} s")
        write_folder(folder, CHAT_CONFIG, weights, CHAT_CONFIG["quantization"])
        write_tokenizer(tokenizer, folder)
    known = reference(folder, tokenizer)
    (folder / "reference.json").write_text(compact_lists(known), encoding="utf-8")
    for prompt in known["prompts"]:
        print(f"{prompt['name']}: {len(prompt['token_ids'])} tokens, least margin {prompt['min_margin']}")
        print(f"    {prompt['prompt']} -> {prompt['text']}")
    report(folder, tokenizer)


if __name__ == "__main__":
    main()
