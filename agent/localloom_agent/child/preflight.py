"""The preflight phase: looks at the machine, in a process of its own, because drivers can hang or crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from localloom_diagnosis.taxonomy import Phase

from .observer import PipeObserver


def look(job: dict[str, Any], observer: PipeObserver) -> None:
    """Take the machine's profile and report it as one frame."""
    with observer.span(Phase.PREFLIGHT, "machine profile"):
        from localloom_agent.machine import profile

        found = profile(**({"cache_dir": Path(job["cache_dir"])} if job.get("cache_dir") else {}))
        observer.send("machine", document=found.to_json(), attributes=found.attributes())
