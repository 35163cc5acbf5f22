"""`column IN (…)` for a list that is a parameter: one of any length, where the dialect has arrays.

A parameter an element makes another statement for each length, several thousand characters long, which SQLAlchemy
renders, psycopg parses and PostgreSQL plans anew: of a group of 100 chunks that was a fifth of the writer's CPU.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, any_, bindparam
from sqlalchemy.dialects import postgresql


def among(dialect: str, column: Column[Any], name: str) -> ColumnElement[bool]:
    """Whether a column of UUIDs is in the list that is given under `name`, a Python list."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(postgresql.UUID(as_uuid=True))))
    return column.in_(bindparam(name, expanding=True))
