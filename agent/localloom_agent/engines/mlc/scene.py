"""What was asked for and where the engine was when something failed, and what reads a verdict out of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Phase


@dataclass(frozen=True, slots=True)
class Scene:
    """What was asked for, and where it was when it failed."""

    phase: Phase | None
    device: str
    model_id: str
    folder: Path | None
    """The model's folder, where it is known."""

    def on_cpu(self) -> bool:
        """Whether host memory is the device's memory."""
        return self.device.startswith(("cpu", "llvm"))


Found = re.Match[str]
Builder = Callable[[Found, Scene], "EngineFault | None"]
"""Makes the verdict from what a pattern found; None where the scene says that it is not one."""

Reader = tuple[re.Pattern[str], Builder]


def readers(*rows: tuple[str, Builder]) -> tuple[Reader, ...]:
    """The rows with their patterns compiled; a dot matches the end of a line too."""
    return tuple((re.compile(pattern, re.DOTALL), build) for pattern, build in rows)
