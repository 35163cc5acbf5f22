"""`mlc-chat-config.json`: what the model is, how it is quantised, and how one talks to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .architecture import QUANTIZATIONS, Architecture, Quantization
from .config_keys import Keys
from .conversation import Conversation, parse_conversation
from .families import parse_architecture
from .json_file import read_json_object

CONFIG_FILE = "mlc-chat-config.json"


@dataclass(frozen=True, slots=True)
class ChatConfig:
    """The parts of the file that loading and generating need."""

    architecture: Architecture
    quantization: Quantization
    context_window: int
    """Tokens: prompt and answer together."""
    conversation: Conversation
    top_p: float
    special_ids: tuple[int, ...]
    """Padding, beginning and end of text."""
    end_ids: tuple[int, ...]


def read_chat_config(folder: Path) -> ChatConfig:
    """Read and check the folder's `mlc-chat-config.json`.

    Raises:
        EngineFault: artifact.corrupt, config.invalid, artifact.incompatible or storage.permission.
    """
    keys = Keys(read_json_object(folder / CONFIG_FILE), CONFIG_FILE)
    model = keys.sub_object("model_config")
    if model is None:
        raise keys.missing("model_config")
    architecture = parse_architecture(keys.text("model_type"), model)
    return ChatConfig(
        architecture=architecture,
        quantization=_quantization(keys),
        context_window=_window(keys, model),
        conversation=parse_conversation(keys),
        top_p=keys.number("top_p", 1.0),
        special_ids=tuple(
            i for key in ("pad_token_id", "bos_token_id", "eos_token_id") for i in keys.token_ids(key)
        ),
        end_ids=keys.token_ids("eos_token_id"),
    )


def _window(keys: Keys, model: Keys) -> int:
    """MLC's top level overrides the model's. -1 means that a sliding window bounds the cache, and not the context.

    Our cache does not slide: such a model is run as far as it was trained, or for one whole window.
    """
    if keys.values.get("context_window_size", model.values.get("context_window_size")) == -1:
        for key in ("max_position_embeddings", "sliding_window_size", "sliding_window"):
            for place in (model, keys):
                if isinstance(place.values.get(key), int) and place.values[key] > 0:
                    return place.positive(key)
    of_model = model.values.get("context_window_size")
    return keys.positive(
        "context_window_size", model.positive("context_window_size", 0) or None if of_model != -1 else None
    )


def _quantization(keys: Keys) -> Quantization:
    name = keys.text("quantization")
    if name not in QUANTIZATIONS:
        known = ", ".join(QUANTIZATIONS)
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"the tvm engine cannot read the quantization {name!r}; use a model of one of: {known}",
            {
                "artifact.file": CONFIG_FILE,
                "artifact.key": "quantization",
                "artifact.expected": known,
                "artifact.actual": name,
            },
        )
    return QUANTIZATIONS[name]
