"""An observer that keeps everything it is told of a fetch, and which exchanges are under way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from recording import RecordingObserver


@dataclass
class FetchObserver(RecordingObserver):
    """Keeps the exchanges that are under way as well."""

    under_way: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def pending(self, method: str, url: str) -> Iterator[None]:
        """Keep the URL, as long as the exchange lasts and for good."""
        assert method == "GET"
        self.under_way.append(url)
        self.asked.append(url)
        try:
            yield
        finally:
            self.under_way.remove(url)
