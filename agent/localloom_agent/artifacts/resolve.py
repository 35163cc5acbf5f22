"""Finds the model that the user named: the canary, or a folder on this machine."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.canary import CANARY_DIR, CANARY_ID
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .registry import KNOWN_MODELS

CANARY_NAME = "canary"
"""Short for the canary's id."""


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model whose files are on this machine."""

    id: str
    path: Path
    source: str
    """shipped | folder."""

    @property
    def is_canary(self) -> bool:
        """Whether its answers are known."""
        return self.source == "shipped" and self.id == CANARY_ID

    def nbytes(self) -> int:
        """Bytes of the files that lie in the folder; what cannot be read counts as nothing."""
        try:
            return sum(entry.stat().st_size for entry in self.path.iterdir() if entry.is_file())
        except OSError:
            return 0


def resolve(reference: str) -> LocalModel:
    """The model that `reference` means: "canary", the canary's id, or the path of an existing folder.

    Raises:
        EngineFault: artifact.model_not_found, with the nearest known ids.
    """
    if reference in (CANARY_NAME, CANARY_ID):
        return LocalModel(CANARY_ID, CANARY_DIR, "shipped")
    # os.path, whose functions answer even for text that can be no path; pathlib's raise.
    folder = os.path.expanduser(reference)  # noqa: PTH111
    if os.path.isdir(folder):  # noqa: PTH112
        path = Path(folder).resolve()
        return LocalModel(path.name, path, "folder")
    raise EngineFault(Category.ARTIFACT_MODEL_NOT_FOUND, *_not_found(reference))


def _not_found(reference: str) -> tuple[str, dict[str, str]]:
    only = (
        f"this version can probe only the canary ({CANARY_NAME!r}) and model folders on this machine: "
        "give the path of a folder in MLC's format"
    )
    ids = [model.id for model in KNOWN_MODELS]
    if reference in ids:
        return f"model {reference!r} is known but is not on this machine; {only}", {"model.id": reference}
    nearest = _nearest(reference, ids)
    facts = (
        {"model.id": reference, "model.nearest": ",".join(nearest)} if nearest else {"model.id": reference}
    )
    hint = f" (near: {', '.join(nearest)})" if nearest else ""
    return f"there is no model and no folder {reference!r}{hint}; {only}", facts


def _nearest(reference: str, ids: list[str]) -> list[str]:
    """At most three known ids that look like `reference`, its last path component, or begin like it."""
    wanted = reference.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    by_lower = {known.lower(): known for known in (*ids, CANARY_NAME)}
    close = difflib.get_close_matches(wanted, by_lower, n=3, cutoff=0.5)
    if len(wanted) >= 4:  # a shorter beginning matches by chance
        close += [known for known in by_lower if known.startswith(wanted)]
    return [by_lower[known] for known in dict.fromkeys(close)][:3]
