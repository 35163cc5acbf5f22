"""The canary's known answers, and how far what was generated agrees with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.artifacts.json_file import read_json_object
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

REFERENCE_FILE = "reference.json"


@dataclass(frozen=True, slots=True)
class Reference:
    """The greedy answer to one prompt, computed in float64."""

    prompt_ids: tuple[int, ...]
    token_ids: tuple[int, ...]
    """The stop token is the last."""


def find_reference(folder: Path, prompt: str) -> Reference | None:
    """The answer that the folder's `reference.json` holds for `prompt`, None where it holds none.

    Raises:
        EngineFault: artifact.corrupt where the file is there but cannot be read as one.
    """
    if not (folder / REFERENCE_FILE).exists():
        return None
    document = read_json_object(folder / REFERENCE_FILE)
    try:
        for entry in document["prompts"]:
            if entry["prompt"] == prompt:
                return Reference(
                    tuple(int(i) for i in entry["prompt_ids"]), tuple(int(i) for i in entry["token_ids"])
                )
    except (KeyError, TypeError, ValueError) as error:
        raise EngineFault(
            Category.ARTIFACT_CORRUPT,
            f"{REFERENCE_FILE} holds no reference answers ({error!r}); install the agent again",
            {"artifact.file": REFERENCE_FILE, "artifact.actual": repr(error)},
        ) from error
    return None


def agreement(reference: Sequence[int], tokens: Sequence[int], count: int) -> float:
    """Share of the reference's first `count` tokens that were generated at the same place, 0 to 1."""
    wanted = list(reference)[:count]
    if not wanted:
        return 1.0
    return sum(a == b for a, b in zip(wanted, tokens, strict=False)) / len(wanted)
