"""How a run ended, as SQL: what the agent said, or else whether the run may still be going on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, literal

from localloom_collector.storage.counted import FAILED, FINISHED
from localloom_collector.storage.schema import runs
from localloom_diagnosis import Outcome

__all__ = ["FAILED", "FINISHED", "QUIET", "outcome"]

#: An agent sends something every few seconds while it runs; so long a silence means that it, or its machine, is gone.
QUIET = timedelta(minutes=15)


def outcome(now: datetime) -> ColumnElement[Any]:
    """The outcome; "running" or "incomplete" where the run's last event has not come."""
    return case(
        (runs.c.outcome.is_not(None), runs.c.outcome),
        (runs.c.last_received_at > now - QUIET, literal(Outcome.RUNNING.value)),
        else_=literal(Outcome.INCOMPLETE.value),
    )
