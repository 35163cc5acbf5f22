"""The outbox: what happened, kept on disk until the collector has it."""

from .records import DeadRun, OutboxError, Pending, Refused, Shed, Status
from .store import DEFAULT_MAX_BYTES, Outbox

__all__ = ["DEFAULT_MAX_BYTES", "DeadRun", "Outbox", "OutboxError", "Pending", "Refused", "Shed", "Status"]
