"""Makes values off the wire fit for every database: no NUL, no NaN, no lone surrogate, nothing beyond 64 bits."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

#: Deeper JSON is cut: databases have limits of their own, and no profile of ours is near this.
_DEPTH = 32


def text(value: str) -> str:
    """A text that every database takes: PostgreSQL refuses NUL, and JSON can smuggle in lone surrogates."""
    if "\x00" in value:
        value = value.replace("\x00", "\ufffd")
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def text_or_none(value: str) -> str | None:
    """The same, with None for an empty text."""
    return text(value) if value else None


def int64(value: int) -> int:
    """A whole number, clamped to 64 bits with a sign."""
    return max(INT64_MIN, min(value, INT64_MAX))


def finite(value: float) -> float | None:
    """A number, or None for NaN and the infinities, which JSON does not know."""
    return value if math.isfinite(value) else None


def seconds(nanoseconds: int) -> float:
    """A duration in seconds, never negative."""
    return nanoseconds / 1e9 if nanoseconds > 0 else 0.0


def moment(unix_nanoseconds: int) -> datetime:
    """A point in time, to the microsecond. Every value of 64 bits is a date that can be written."""
    return _EPOCH + timedelta(microseconds=unix_nanoseconds // 1000)


def tree(value: Any, depth: int = _DEPTH) -> Any:
    """A JSON value with all of the above done to its leaves, and nothing deeper than 32 levels."""
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if INT64_MIN <= value <= INT64_MAX else finite(_as_float(value))
    if isinstance(value, float):
        return finite(value)
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        return {text(str(k)): tree(v, depth - 1) for k, v in value.items()}
    return [tree(v, depth - 1) for v in value]


def document(text_of_json: str) -> Any:
    """A JSON document, cleaned; None for an empty or unreadable one."""
    try:
        return tree(json.loads(text_of_json)) if text_of_json else None
    except (ValueError, RecursionError):
        return None


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
