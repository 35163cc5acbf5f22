"""What all parts of one fetch share: the folder, the limits, the client, and the way out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.engines.interface import Observer

from .exchange import Exchanges
from .settings import FetchSettings


@dataclass(frozen=True, slots=True)
class FetchContext:
    """The surroundings of one fetch."""

    folder: Path
    """The model's, in the cache."""
    settings: FetchSettings
    observer: Observer
    connect: Callable[[], Exchanges]
    """Gives the one HTTP client, made on first use; raises EngineFault where the probe is offline."""
    cancel: threading.Event
    """Set when the fetch is given up: every thread leaves at its next look."""

    def note(self, text: str) -> None:
        """Say something that a person should know, though the fetch goes on."""
        self.observer.log("warning", "fetch", text)
