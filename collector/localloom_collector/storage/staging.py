"""How rows get to PostgreSQL: COPY into a temporary table, from which one statement takes them where they belong.

COPY is several times faster than INSERT, but knows no conflicts: straight into a table with a key, one replayed chunk
would cost the whole group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, delete
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from .rows import Row
from .schema import metadata
from .types import Json

PREFIX = "stage_"

_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def stage(table: Table) -> Table:
    """The temporary table that stands before `table`: the same columns, no keys, empty after every transaction."""
    return _STAGES[table.name]


def create(cursor: Any) -> None:
    """Make the temporary tables of a new connection."""
    for table in _STAGES.values():
        columns = ", ".join(f'"{c.name}" {c.type.compile(_DIALECT)}' for c in table.columns)
        cursor.execute(f"CREATE TEMPORARY TABLE {table.name} ({columns}) ON COMMIT DELETE ROWS")


def clear(connection: Connection, table: Table) -> None:
    """Empty the stage of `table`, for it is used once more in this transaction."""
    connection.execute(delete(stage(table)))


def copy_in(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Copy rows into the stage of `table`. Binary: text would double the size of the bodies.

    Raises:
        psycopg.Error: the connection is gone, or a value does not fit its column.
    """
    from psycopg.types.json import Jsonb

    shape = _shape(table.name, tuple(rows[0]))
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(shape.command) as copy:
            copy.set_types(shape.types)
            for row in rows:
                values = shape.values(row)
                if shape.documents:
                    values = list(values)
                    for i in shape.documents:
                        if values[i] is not None:
                            values[i] = Jsonb(values[i])
                copy.write_row(values)
    finally:
        cursor.close()


@dataclass(frozen=True, slots=True)
class _Shape:
    """How rows with the same columns are copied."""

    command: str
    types: Sequence[str]
    values: Callable[[Row], Sequence[Any]]
    """A row's values, in the command's order."""
    documents: Sequence[int]
    """The places of those that are JSON."""


@lru_cache(200)  # a handful a table
def _shape(table: str, named: tuple[str, ...]) -> _Shape:
    columns = [c for c in _STAGES[table].columns if c.name in named]
    names = [c.name for c in columns]
    listed = ", ".join(f'"{name}"' for name in names)
    return _Shape(
        f"COPY {PREFIX}{table} ({listed}) FROM STDIN (FORMAT BINARY)",
        [_type_name(c) for c in columns],
        itemgetter(*names),
        [i for i, c in enumerate(columns) if isinstance(c.type, Json)],
    )


def _type_name(column: Column[Any]) -> str:
    """The type as PostgreSQL's catalogue calls it, without a length."""
    if isinstance(column.type, LargeBinary):
        return "bytea"
    name = column.type.compile(_DIALECT).lower().partition("(")[0]
    return {"timestamp with time zone": "timestamptz", "double precision": "float8"}.get(name, name)


def _stages() -> Mapping[str, Table]:
    stages = MetaData()
    return {
        table.name: Table(f"{PREFIX}{table.name}", stages, *(Column(c.name, c.type) for c in table.columns))
        for table in metadata.sorted_tables
        if "machine_id" in table.columns or table.name == "run_counts"
    }


_STAGES = _stages()
