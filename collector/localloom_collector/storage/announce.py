"""Tells who listens which runs a transaction changed: NOTIFY on PostgreSQL, which takes effect with the commit."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text

#: The channel that `tail` listens on.
CHANNEL = "localloom_runs"
#: A payload holds less than 8000 bytes; an id in hexadecimal has 32, and a space.
_AT_ONCE = 200

_NOTIFY = text("SELECT pg_notify(:channel, :runs)")


def announce(connection: Connection, runs: Iterable[UUID]) -> None:
    """Name the runs that this transaction changes; does nothing on other databases, where readers look by themselves."""
    if connection.dialect.name != "postgresql":
        return
    names = sorted({run.hex for run in runs})
    payloads = [" ".join(names[at : at + _AT_ONCE]) for at in range(0, len(names), _AT_ONCE)]
    for payload in payloads:
        connection.execute(_NOTIFY, {"channel": CHANNEL, "runs": payload})


def named(payload: str) -> list[UUID]:
    """The runs of a payload; what is none is left out."""
    found = []
    for name in payload.split():
        try:
            found.append(UUID(hex=name))
        except ValueError:
            continue
    return found
