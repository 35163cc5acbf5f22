"""A model whose files are on this machine, or will be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from localloom_agent.canary import CANARY_DIR, CANARY_ID

from .fetching.reference import Kind, Reference


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model with its folder."""

    id: str
    path: Path
    source: str
    """shipped | folder | HF://org/name | a URL."""

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


def local_model(reference: Reference) -> LocalModel:
    """The model of a reference that is not fetched: the canary, or a folder."""
    if reference.kind is Kind.SHIPPED:
        return LocalModel(CANARY_ID, CANARY_DIR, "shipped")
    return LocalModel(reference.id, Path(reference.source), "folder")
