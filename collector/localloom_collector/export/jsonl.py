"""JSON lines: an object a row, a row a line; times in ISO 8601, ids as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column

from .interface import Sink


class JsonLines:
    """Writes JSON lines."""

    def __init__(self, sink: Sink, columns: Sequence[Column[Any]]) -> None:
        """Take where the bytes go, and what the columns are called."""
        self._sink = sink
        self._names = [column.name for column in columns]

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""
        lines = (
            json.dumps(dict(zip(self._names, row, strict=True)), ensure_ascii=False, default=_text)
            for row in rows
        )
        self._sink.write(("\n".join(lines) + "\n").encode())

    def close(self) -> None:
        """Send on what is held."""
        self._sink.flush()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, UUID), type(value)
    return str(value)
