"""Column types that mean the same in every database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, LargeBinary, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

#: 64 bits, signed. Unsigned values of the wire are clamped before they come here.
Int64 = BigInteger()


class Json(TypeDecorator[Any]):
    """JSON, binary on PostgreSQL; no value is NULL. Not a variant of JSON: that would load PostgreSQL's dialect for all."""

    impl = JSON
    cache_ok = True

    def __init__(self) -> None:
        """Take no options."""
        super().__init__(none_as_null=True)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """As JSON does: what stands beside it is a key or a path."""
        return self.impl_instance.coerce_compared_value(op, value)


class Id(TypeDecorator[UUID]):
    """Sixteen bytes: a native UUID where there is one, a BLOB on SQLite. Both sort as the bytes do."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(LargeBinary(16))
        return dialect.type_descriptor(Uuid(as_uuid=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What makes of a UUID what the driver takes; the base class's way takes several calls a value."""
        return _id_bytes if dialect.name == "sqlite" else None

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """What the driver gave, as a UUID."""
        return UUID(bytes=value) if value is not None and dialect.name == "sqlite" else value


class UtcTime(TypeDecorator[datetime]):
    """A point in time: TIMESTAMP WITH TIME ZONE where there is one, text in UTC on SQLite (which sorts as time does)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """What puts a time into UTC, and for SQLite into words; the base class's way takes several calls a value."""
        return _utc_text if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always with its zone, UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def _id_bytes(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(timezone.utc)


def _utc_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes a time without a zone, which SQLite has none of."""
    return None if value is None else value.astimezone(timezone.utc).isoformat(" ", "microseconds")[:26]
