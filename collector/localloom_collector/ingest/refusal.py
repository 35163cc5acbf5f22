"""A chunk that is not taken, and why."""

from __future__ import annotations

from localloom.fleet.v1 import collector_pb2

MALFORMED = collector_pb2.NACK_CODE_MALFORMED
TOO_LARGE = collector_pb2.NACK_CODE_TOO_LARGE
WINDOW_EXCEEDED = collector_pb2.NACK_CODE_WINDOW_EXCEEDED
UNAVAILABLE = collector_pb2.NACK_CODE_UNAVAILABLE


class Refusal(Exception):
    """A chunk is refused; the stream goes on."""

    def __init__(self, code: collector_pb2.NackCode, reason: str) -> None:
        """Take the nack's code, and one sentence for a person."""
        super().__init__(reason)
        self.code = code
        self.reason = reason

    @property
    def permanent(self) -> bool:
        """Whether the agent sets the chunk aside for good: it is refused for what it is, not for when it came."""
        return self.code in (MALFORMED, TOO_LARGE)

    @property
    def name(self) -> str:
        """The code in lower case, for logs: "malformed"."""
        return collector_pb2.NackCode.Name(self.code).removeprefix("NACK_CODE_").lower()


def malformed(reason: str) -> Refusal:
    """The chunk cannot be read, now or ever."""
    return Refusal(MALFORMED, reason)
