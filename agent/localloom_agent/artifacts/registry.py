"""The models this version knows by id: what a mistyped id is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from localloom_agent.canary import CANARY_ID


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One model by its id."""

    id: str
    shipped: bool = False
    """Whether the agent brings it along; the others can be probed only from a folder that the user names."""


KNOWN_MODELS: tuple[KnownModel, ...] = (
    KnownModel(CANARY_ID, shipped=True),
    KnownModel("Llama-3.2-1B-Instruct-q4f16_1-MLC"),
    KnownModel("Llama-3.2-3B-Instruct-q4f16_1-MLC"),
    KnownModel("Qwen2.5-0.5B-Instruct-q4f16_1-MLC"),
    KnownModel("SmolLM2-135M-Instruct-q0f16-MLC"),
    KnownModel("SmolLM2-360M-Instruct-q4f16_1-MLC"),
    KnownModel("TinyLlama-1.1B-Chat-v1.0-q4f16_1-MLC"),
    KnownModel("TinyLlama-1.1B-Chat-v1.0-q4f32_1-MLC"),
)
