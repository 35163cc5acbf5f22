"""Tokens of those who may send: only their digests are kept, so that the database gives nobody away."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from localloom_collector.faults import CollectorFault

from .schema import tokens

#: So that a token is known for one where it turns up: in a diff, in a paste.
PREFIX = "llt_"


def digest(token: str) -> str:
    """SHA-256, in hexadecimal. A token has 256 random bits: nothing slower is needed to keep it from being guessed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def add(engine: Engine, name: str, now: datetime) -> str:
    """A new token, which is said this once.

    Raises:
        CollectorFault: the name is taken, also by a revoked one.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    try:
        with engine.begin() as connection:
            connection.execute(insert(tokens).values(name=name, digest=digest(token), created_at=now))
    except IntegrityError:
        raise CollectorFault(f"there is a token {name!r} already; choose another name") from None
    return token


def revoke(engine: Engine, name: str, now: datetime) -> bool:
    """Take a token back; False where no valid one has the name."""
    with engine.begin() as connection:
        changed = connection.execute(
            update(tokens).where(tokens.c.name == name, tokens.c.revoked_at.is_(None)).values(revoked_at=now)
        )
    return changed.rowcount > 0


def listed(connection: Connection) -> list[Any]:
    """Name, creation and revocation of every token, by name."""
    columns = (tokens.c.name, tokens.c.created_at, tokens.c.revoked_at)
    return list(connection.execute(select(*columns).order_by(tokens.c.name)))


def valid(engine: Engine) -> dict[str, str]:
    """Digests of the tokens that hold, and their names."""
    with engine.connect() as connection:
        rows = connection.execute(select(tokens.c.digest, tokens.c.name).where(tokens.c.revoked_at.is_(None)))
        return {row.digest: row.name for row in rows}
