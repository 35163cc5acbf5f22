"""The catalogue: the MLC models that people run, with what each needs, as `models.json` holds them."""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

CATALOGUE_FILE = Path(__file__).with_name("models.json")


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """One model that is known by its id."""

    id: str
    source: str
    """HF://org/name."""
    architecture: str
    """`model_type` of its config: llama, qwen2, …"""
    quantization: str
    download_bytes: int
    """Of the weight shards, computed from the model's shape; config and tokenizer add 1 to 20 MB."""
    memory_bytes: int
    """On the device, with the context that web-llm sets for it (4096 tokens; TinyLlama 2048)."""
    features: tuple[str, ...]
    """What WebGPU must have: shader-f16 where the kernels compute in float16."""
    smaller: str | None
    """Id of the next smaller model to fall back to; None where there is none of its kind."""


@functools.cache
def catalogue() -> Mapping[str, CatalogueModel]:
    """The models by id, in the order of the file."""
    document = json.loads(CATALOGUE_FILE.read_text(encoding="utf-8"))
    return {
        entry["id"]: CatalogueModel(
            id=entry["id"],
            source=entry["source"],
            architecture=entry["architecture"],
            quantization=entry["quantization"],
            download_bytes=entry["download_bytes"],
            memory_bytes=entry["memory_bytes"],
            features=tuple(entry["features"]),
            smaller=entry["smaller"],
        )
        for entry in document["models"]
    }


def find(model_id: str) -> CatalogueModel | None:
    """The model of that id, whatever the case of its letters."""
    models = catalogue()
    return models.get(model_id) or next(
        (model for known, model in models.items() if known.lower() == model_id.lower()), None
    )


def nearest(text: str, more: Iterable[str] = ()) -> tuple[str, ...]:
    """At most three ids that look like `text`, its last path component, or begin like it; `more` are ids beside."""
    wanted = text.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    by_lower = {known.lower(): known for known in (*more, *catalogue())}
    close = difflib.get_close_matches(wanted, by_lower, n=3, cutoff=0.5)
    if len(wanted) >= 4:  # a shorter beginning matches by chance
        close += [known for known in by_lower if known.startswith(wanted)]
    return tuple(by_lower[known] for known in dict.fromkeys(close))[:3]
