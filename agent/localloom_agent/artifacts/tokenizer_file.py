"""`tokenizer.json`: checked before the tokenizers library sees it, which says little, or aborts, on a bad one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .json_file import read_json_object

TOKENIZER_FILE = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class TokenizerFile:
    """A tokenizer.json that has the parts of a tokenizer."""

    path: Path
    nbytes: int
    kind: str
    """Type of its model: BPE, Unigram, WordPiece or WordLevel."""
    largest_id: int
    """Of the base vocabulary."""


def read_tokenizer_file(folder: Path, vocab_size: int) -> TokenizerFile:
    """Check that the folder's tokenizer is one, and fits a model of `vocab_size` rows.

    Raises:
        EngineFault: artifact.tokenizer, storage.permission.
    """
    path = folder / TOKENIZER_FILE
    document = read_json_object(path, Category.ARTIFACT_TOKENIZER)
    model = document.get("model")
    vocab = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(model, dict) or not isinstance(vocab, (dict, list)) or not vocab:
        raise tokenizer_fault("it is valid JSON, but no tokenizer: it has no model with a vocabulary")
    largest = max(_ids(vocab), default=0)
    check_token_ids([largest], vocab_size, f"the largest id of {TOKENIZER_FILE}")
    return TokenizerFile(path, path.stat().st_size, str(model.get("type", "unknown")), largest)


def check_token_ids(ids: Iterable[int], vocab_size: int, what: str) -> None:
    """Make sure that the embedding has a row for every id: a compiled model reads beyond its end without a word.

    Raises:
        EngineFault: artifact.tokenizer; `what` says in the message where the ids come from.
    """
    for token in ids:
        if not 0 <= token < vocab_size:
            raise EngineFault(
                Category.ARTIFACT_TOKENIZER,
                f"{what} is {token}, but the model has only {vocab_size} tokens: this tokenizer is another "
                "model's; use the files of one and the same model",
                {
                    "artifact.file": TOKENIZER_FILE,
                    "artifact.expected": f"token ids from 0 to {vocab_size - 1}",
                    "artifact.actual": str(token),
                },
            )


def tokenizer_fault(what: str) -> EngineFault:
    """The fault for a tokenizer that cannot be used."""
    return EngineFault(
        Category.ARTIFACT_TOKENIZER,
        f"{TOKENIZER_FILE} cannot be used: {what}; fetch the file again",
        {"artifact.file": TOKENIZER_FILE, "artifact.actual": what},
    )


def _ids(vocab: dict[str, Any] | list[Any]) -> Iterable[int]:
    """Ids of the base vocabulary.

    Added tokens are left out: harmless ones beyond the model's rows are common, and
    every id is checked before it is used.
    """
    return (i for i in vocab.values() if isinstance(i, int)) if isinstance(vocab, dict) else range(len(vocab))
