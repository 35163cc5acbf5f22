"""The server's log: short lines on stderr, one an event, times in UTC."""

from __future__ import annotations

import logging
import sys
import time


class _OneLine(logging.Formatter):
    """`2026-05-01T12:00:00Z INFO stream opened machine=…`."""

    converter = staticmethod(time.gmtime)

    def __init__(self, who: str) -> None:
        super().__init__(f"%(asctime)s %(levelname)s {who}%(message)s", "%Y-%m-%dT%H:%M:%SZ")


def log_to_stderr(who: str = "") -> None:
    """Send this package's log to stderr, and warnings of the libraries with it; `who` stands before each message."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(f"{who} " if who else ""))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("localloom_collector").setLevel(logging.INFO)
