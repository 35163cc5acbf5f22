"""What a step of a fetch did, in figures for its span."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from localloom_diagnosis.evidence import FactValue

from .download import Download


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step fetched and found."""

    path: Path
    """The model's folder in the cache."""
    nbytes: int
    """Of all the files of the step."""
    received: int = 0
    """Bytes that came over the network."""
    resumed: int = 0
    """Bytes of unfinished files that did not have to come again."""
    retries: int = 0
    fetched_files: int = 0
    cached_files: int = 0
    """Files that were in the cache, and sound."""
    replaced_files: int = 0
    """Files that were in the cache, and damaged."""
    duration_s: float = 0.0

    def attributes(self) -> dict[str, FactValue]:
        """Keyword arguments for `Span.set`."""
        rate = self.received / self.duration_s if self.received and self.duration_s else 0.0
        return {
            "artifact__bytes": self.nbytes,
            "fetch__received_bytes": self.received,
            "fetch__resumed_bytes": self.resumed,
            "fetch__retries": self.retries,
            "fetch__files": self.fetched_files,
            "fetch__bytes_per_s": round(rate),
            "cache__hits": self.cached_files,
            "cache__replaced": self.replaced_files,
        }


def sum_up(
    path: Path, downloads: Iterable[Download], *, nbytes: int, cached: int, replaced: int, duration_s: float
) -> StepReport:
    """The figures of a step."""
    fetched = list(downloads)
    return StepReport(
        path=path,
        nbytes=nbytes,
        received=sum(d.received for d in fetched),
        resumed=sum(d.resumed for d in fetched),
        retries=sum(d.retries for d in fetched),
        fetched_files=len(fetched),
        cached_files=cached,
        replaced_files=replaced,
        duration_s=duration_s,
    )
