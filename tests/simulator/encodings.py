"""How rows go to a database in bulk: lines of text for PostgreSQL's COPY, tuples for SQLite's executemany."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Column, Table

from localloom_collector.storage.types import Json

from .shapes import Hole, Values, marked


class Encoding(Protocol):
    """One database's way."""

    def form(self, table: Table, rows: Sequence[Sequence[Any]]) -> Any:
        """Rows with holes, made ready to be filled many times."""
        ...

    def prepare(self, values: Values) -> Values:
        """What fills holes, as the database takes it."""
        ...

    def fill(self, form: Any, values: Values) -> list[Any]:
        """The form's rows."""
        ...

    def row(self, table: Table, row: Mapping[str, Any]) -> Any:
        """One row that was no template."""
        ...


class CopyText:
    """PostgreSQL's text format: a tab between values, a line a row."""

    def form(self, table: Table, rows: Sequence[Sequence[Any]]) -> str:
        """One text with holes for all the rows."""
        columns = list(table.c)
        return "\n".join(
            "\t".join(
                f"%({value.name})s" if isinstance(value, Hole) else marked(_copied(value, column))
                for value, column in zip(row, columns, strict=True)
            )
            for row in rows
        )

    def prepare(self, values: Values) -> Values:
        """Ids as text once, for they stand in every row; `%` makes text of the rest."""
        values["machine_id"], values["run_id"] = str(values["machine_id"]), str(values["run_id"])
        for name in ("received_chunks", "ttfb_s"):
            if values.get(name) is None:
                values[name] = "\\N"
        return values

    def fill(self, form: str, values: Values) -> list[str]:
        """The rows in one text."""
        return [form % values]

    def row(self, table: Table, row: Mapping[str, Any]) -> str:
        """One line."""
        return "\t".join(_copied(row.get(column.name), column) for column in table.c)


def _copied(value: Any, column: Column[Any]) -> str:
    if value is None:
        return "\\N"
    if isinstance(column.type, Json):
        value = json.dumps(value)
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    text = str(value)
    for sign, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, escaped)
    return text


class Tuples:
    """SQLite's values: ids are bytes, times text in UTC."""

    def form(self, table: Table, rows: Sequence[Sequence[Any]]) -> list[list[tuple[int, Any]]]:
        """For each value whether it is one (0), a hole (1) or a text with holes (2), and itself."""
        columns = list(table.c)
        return [[_kind(v, c) for v, c in zip(row, columns, strict=True)] for row in rows]

    def prepare(self, values: Values) -> Values:
        """Every value as the database keeps it."""
        return {name: _plain(value) for name, value in values.items()}

    def fill(self, form: list[list[tuple[int, Any]]], values: Values) -> list[tuple[Any, ...]]:
        """A tuple a row."""
        return [
            tuple([v if kind == 0 else values[v] if kind == 1 else v % values for kind, v in row])
            for row in form
        ]

    def row(self, table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """One tuple."""
        return tuple([_stored(row.get(column.name), column) for column in table.c])


def _kind(value: Any, column: Column[Any]) -> tuple[int, Any]:
    if isinstance(value, Hole):
        return 1, value.name
    stored = _stored(value, column)
    text = marked(stored) if isinstance(stored, str) else ""
    return (2, text) if "%(" in text else (0, stored)


def _stored(value: Any, column: Column[Any]) -> Any:
    if value is not None and isinstance(column.type, Json):
        return json.dumps(value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value
