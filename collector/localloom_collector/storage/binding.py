"""How rows get to SQLite: a statement is put into words once, and a row's values are bound by functions looked up once.

SQLAlchemy's own `execute` finds both out anew for every group, and its way through a row's values took half of the
writer's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.engine import Dialect

from .rows import Row

_DIALECT: Dialect = sqlite.dialect()


def insert(connection: Connection, statement: Executable, rows: Sequence[Row]) -> None:
    """Execute a statement of `statements.statements("sqlite")` on rows, of which there is one and which have the same columns.

    Raises:
        sqlite3.Error: the database cannot take them.
    """
    bound = _bound(statement, tuple(rows[0]))
    _cursor(connection).executemany(bound.words, map(bound.values, rows))


def insert_each(connection: Connection, statement: Executable, rows: Sequence[Row]) -> list[bool]:
    """The same for a statement that leaves what is there as it is: which of the rows were not there before."""
    bound, cursor = _bound(statement, tuple(rows[0])), _cursor(connection)
    return [cursor.execute(bound.words, bound.values(row)).rowcount == 1 for row in rows]


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


@dataclass(frozen=True, slots=True)
class _Bound:
    """How rows with the same columns are given to a statement."""

    words: str
    named: Callable[[Row], Sequence[Any]]
    """A row's values, in the order of the words' question marks."""
    made: Sequence[tuple[int, Callable[[Any], Any]]]
    """The places of those that the driver does not take as they are, and what makes of one what it takes."""

    def values(self, row: Row) -> list[Any]:
        """What is bound."""
        values = list(self.named(row))
        for place, make in self.made:
            value = values[place]
            if value is not None:
                values[place] = make(value)
        return values


@lru_cache(200)  # a handful a table
def _bound(statement: Executable, named: tuple[str, ...]) -> _Bound:
    assert isinstance(statement, Insert)
    columns = [column for column in statement.table.columns if column.name in named]
    compiled = statement.compile(dialect=_DIALECT, column_keys=[column.name for column in columns])
    names = compiled.positiontup
    assert names == [column.name for column in columns], names  # nothing is bound but the row's own values
    makers = (column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for column in columns)
    return _Bound(
        str(compiled),
        itemgetter(*names),
        [(place, make) for place, make in enumerate(makers) if make is not None],
    )
