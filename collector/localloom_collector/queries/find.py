"""Finds the one run that is meant by the beginning of an id."""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import Connection, select

from localloom_collector.storage.schema import runs


class NoSuchRun(Exception):
    """No run, or more than one, is meant by what was given; the text says which."""


def find_run(connection: Connection, given: str) -> tuple[UUID, UUID]:
    """The machine and id of the one run whose id begins with `given`.

    Raises:
        NoSuchRun: none does, or several do.
    """
    digits = given.strip().lower().replace("-", "")
    if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
        raise NoSuchRun(f"{given!r} is not the beginning of a run's id; localloom-collector runs lists them")
    low, high = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = connection.execute(
        select(runs.c.machine_id, runs.c.run_id)
        .where(runs.c.run_id.between(low, high))
        .order_by(runs.c.run_id)
        .limit(3)
    ).all()
    if not found:
        raise NoSuchRun(f"no run's id begins with {given!r}; localloom-collector runs lists them")
    if len(found) > 1:
        named = ", ".join(str(row.run_id) for row in found[:2])
        more = ", …" if len(found) > 2 else ""
        raise NoSuchRun(f"more than one run's id begins with {given!r}: {named}{more}")
    return found[0].machine_id, found[0].run_id
