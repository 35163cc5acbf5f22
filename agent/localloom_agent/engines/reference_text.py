"""Compares a canary's answer with the known one: token by token where its tokenizer can be opened, else as text."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

from .interface import NumericCheck, ProbeRequest


def check(canary: Path | None, request: ProbeRequest, text: str, finish: str) -> NumericCheck:
    """Whether `text` is what the canary answers under greedy decoding.

    Args:
        canary: its folder; None where another model was asked.
        request: what was asked.
        text: the answer.
        finish: why it ended; one that had no room, "length", is compared as far as it goes.
    """
    if canary is None:
        return _not_available("there are reference answers only for the canary; this engine shows no logits")
    if request.temperature > 0:
        return _not_available("the reference answers are greedy, this one is sampled")
    entry = _reference(canary, request.prompt)
    if entry is None:
        return _not_available("the canary has no reference answer to this prompt")
    wanted = [int(token) for token in entry["token_ids"]]
    tokenizer = _tokenizer(canary)
    if tokenizer is None:
        return _compare_text(str(entry["text"]), text, cut=finish == "length")
    # The reference ends in the stop token, which no text shows.
    cut = wanted[:-1][: request.max_tokens] if finish == "length" else wanted[:-1]
    got = [int(token) for token in tokenizer.encode(text, add_special_tokens=False).ids]
    longer = max(len(cut), len(got))
    share = sum(a == b for a, b in zip(cut, got, strict=False)) / longer if longer else 1.0
    if share < 1 and text == tokenizer.decode(cut):
        share = 1.0  # the same text may be cut into other tokens than the model chose
    if share < 1:
        return NumericCheck("failed", share, reason=f"{share:.0%} of the tokens are those of the reference")
    return NumericCheck("passed", share)


def _compare_text(wanted: str, text: str, *, cut: bool) -> NumericCheck:
    if text == wanted or (cut and text and wanted.startswith(text)):
        return NumericCheck("passed", 1.0)
    return NumericCheck("failed", reason="the text is not that of the reference")


def _not_available(reason: str) -> NumericCheck:
    return NumericCheck("not_available", reason=reason)


def _reference(folder: Path, prompt: str) -> dict[str, Any] | None:
    try:
        document = json.loads((folder / "reference.json").read_bytes())
        return next((entry for entry in document["prompts"] if entry["prompt"] == prompt), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _tokenizer(folder: Path) -> Any:
    try:
        return importlib.import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception:  # not installed beside the engine, or of another age: the text is compared instead
        return None
