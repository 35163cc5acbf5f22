"""Finds what to hand to MLCEngine for the model that the user named: a folder, or an HF:// address."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

CANARY_NAME = "canary"
HUB = "https://huggingface.co/"


@dataclass(frozen=True, slots=True)
class MlcModel:
    """A model as MLCEngine is told of it."""

    id: str
    argument: str
    """An absolute folder, or HF://org/name."""
    source: str
    """shipped | folder | hub."""

    @property
    def folder(self) -> Path | None:
        """Where it is on this machine; None where mlc-llm fetches it."""
        return None if self.source == "hub" else Path(self.argument)

    @property
    def is_canary(self) -> bool:
        """Whether its answers are known."""
        return self.source == "shipped"


def known_to_the_agent() -> dict[str, Any]:
    """What the agent knows of models, as the request's options carry it: the engine's interpreter has no such files."""
    from localloom_agent.artifacts.catalogue import catalogue
    from localloom_agent.canary import CANARY_DIR, CANARY_ID

    return {
        "canary_id": CANARY_ID,
        "canary_dir": str(CANARY_DIR),
        "models": {model.id: model.source for model in catalogue().values()},
    }


def resolve(reference: str, known: Mapping[str, Any]) -> MlcModel:
    """The model that `reference` means: the canary, an id of the catalogue, an address of the hub, or a folder.

    A path that is not there is left to MLCEngine, whose own words for it are the evidence.

    Raises:
        EngineFault: artifact.model_not_found for a name that is none of these, with the nearest ids.
    """
    canary = str(known.get("canary_id", ""))
    if reference in {CANARY_NAME, canary} and known.get("canary_dir"):
        return MlcModel(canary, str(known["canary_dir"]), "shipped")
    if reference.startswith(HUB):
        reference = "HF://" + reference[len(HUB) :].rstrip("/")
    if reference.startswith("HF://"):
        return MlcModel(reference.rpartition("/")[2] or reference, reference, "hub")
    folder = os.path.abspath(os.path.expanduser(reference))  # noqa: PTH100, PTH111 text that is no path is no error
    if os.path.isdir(folder) or _looks_like_a_path(reference):  # noqa: PTH112
        return MlcModel(os.path.basename(folder), folder, "folder")  # noqa: PTH119
    models: Mapping[str, str] = known.get("models", {})
    by_lower = {name.lower(): name for name in models}
    found = by_lower.get(reference.lower())
    if found is not None:
        return MlcModel(found, models[found], "hub")
    raise _not_found(reference, [*by_lower.values(), CANARY_NAME])


def nbytes(folder: Path) -> int:
    """Bytes of the files that lie in a folder; what cannot be read counts as nothing."""
    try:
        return sum(entry.stat().st_size for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return 0


def _looks_like_a_path(reference: str) -> bool:
    return reference.startswith((".", "~")) or "/" in reference or os.sep in reference


def _not_found(reference: str, ids: list[str]) -> EngineFault:
    by_lower = {known.lower(): known for known in ids}
    near = [
        by_lower[name] for name in difflib.get_close_matches(reference.lower(), by_lower, n=3, cutoff=0.5)
    ]
    hint = f" (near: {', '.join(near)})" if near else ""
    facts = {"model.id": reference} | ({"model.nearest": ",".join(near)} if near else {})
    return EngineFault(
        Category.ARTIFACT_MODEL_NOT_FOUND,
        f"there is no model {reference!r}{hint}; give an id of the catalogue, HF://org/name, or the path of a folder "
        "in MLC's format",
        facts,
    )
