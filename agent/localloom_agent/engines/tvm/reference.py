"""The canary's known answers, and how far what was generated agrees with them: in its tokens and in its margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.artifacts.json_file import read_json_object
from localloom_agent.artifacts.tensor_cache import read_tensor_cache
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

REFERENCE_FILE = "reference.json"
MARGIN_TOLERANCE = 0.25
"""Logits. Arithmetic in float16 moves a margin of the canary by less than 0.05, scales rounded to bfloat16 by 0.13 at
most; damaged weights that still yield the right tokens move some by more than this (docs/canary.md has the figures)."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The greedy answer to one prompt, computed in float64."""

    prompt_ids: tuple[int, ...]
    token_ids: tuple[int, ...]
    """The stop token is the last."""
    margins: tuple[float, ...]
    """How far the logit of each of `token_ids` lies above the second best."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """The generated token whose margin is farthest from the reference's."""

    position: int
    """Of the token in the answer, from 0."""
    expected: float
    actual: float

    @property
    def distance(self) -> float:
        """Logits between the two margins."""
        return abs(self.actual - self.expected)

    @property
    def is_fault(self) -> bool:
        """Whether rounding cannot explain it."""
        return self.distance > MARGIN_TOLERANCE


def _checksums(folder: Path) -> dict[str, str]:
    """MD5 sums of the folder's shards, as its table of contents has them: they were verified before."""
    return {shard.file: shard.md5 for shard in read_tensor_cache(folder).shards}


def find_reference(folder: Path, prompt: str) -> Reference | None:
    """The answer that the folder's `reference.json` holds for `prompt`; None where it holds none, or is of other weights.

    Raises:
        EngineFault: artifact.corrupt where the file is there but cannot be read as one.
    """
    if not (folder / REFERENCE_FILE).exists():
        return None
    document = read_json_object(folder / REFERENCE_FILE)
    if document.get("shards") != _checksums(folder):
        return None
    try:
        for entry in document["prompts"]:
            if entry["prompt"] == prompt:
                return Reference(
                    prompt_ids=tuple(int(i) for i in entry["prompt_ids"]),
                    token_ids=tuple(int(i) for i in entry["token_ids"]),
                    margins=tuple(float(margin) for margin in entry["margins"]),
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


def farthest_margin(
    reference: Reference, tokens: Sequence[int], margins: Sequence[float]
) -> Deviation | None:
    """The largest deviation among the tokens that agree with the reference from the first one on.

    After the first wrong token the model continues another text, whose margins there is nothing to compare with.
    """
    found: Deviation | None = None
    answers = zip(reference.token_ids, reference.margins, tokens, margins, strict=False)
    for position, (wanted, expected, token, actual) in enumerate(answers):
        if wanted != token:
            break
        here = Deviation(position, expected, actual)
        if found is None or here.distance > found.distance:
            found = here
    return found
