"""The view that shows nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localloom_agent.supervisor.record import RunRecord


class QuietView:
    """Looks on and says nothing."""

    def update(self, record: RunRecord, frame: Mapping[str, Any] | None) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Nothing is held."""
