"""The server's log: short lines on stderr, one an event, times in UTC."""

from __future__ import annotations

import logging
import sys
import time


class _OneLine(logging.Formatter):
    """`2026-05-01T12:00:00Z INFO stream opened machine=…`."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")


def log_to_stderr() -> None:
    """Send this package's log to stderr, and warnings of the libraries with it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("localloom_collector").setLevel(logging.INFO)
