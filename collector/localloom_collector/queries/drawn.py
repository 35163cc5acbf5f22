"""Draws machines from a fleet, the same ones every time: what distributions and correlations are estimated from.

An agent's machine id is a random UUID, so the machines whose ids are lowest are a random sample of the fleet, and one
that the tables' keys find without looking at the others. See docs/adr/0030.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Text, cast, func, literal, select, true

from localloom_collector.storage.schema import machines

#: Machines that are enough: a share among so many is known to 1.4 points, nineteen times out of twenty.
ENOUGH = 5_000


@dataclass(frozen=True, slots=True)
class Draw:
    """Which machines are looked at."""

    share: float
    """Of all machines, about: 1 is everybody."""

    @property
    def bound(self) -> UUID:
        """Ids below it are drawn."""
        return UUID(int=min(int(self.share * 2**128), 2**128 - 1))

    def clause(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The same as SQL, on a column of machine ids."""
        return true() if self.share >= 1 else column < literal(self.bound, column.type)


def draw(enough: int, of: int) -> Draw:
    """About `enough` of that many machines; everybody, where there are no more."""
    return Draw(1.0 if of <= enough else enough / of)


def draw_machines(connection: Connection, enough: int = ENOUGH) -> Draw:
    """A draw of about `enough` of the fleet's machines."""
    return draw(enough, connection.scalar(select(func.count()).select_from(machines)) or 0)


def lot(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Something to order runs by at random, the same way every time: the random end of a run's id."""
    if connection.dialect.name == "sqlite":
        return func.substr(column, 9)
    return func.right(cast(column, Text), 16)
