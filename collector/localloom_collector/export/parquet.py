"""Parquet, by pyarrow: row groups of some ten thousand rows, Zstandard, ids and JSON as text, times with their zone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column
from sqlalchemy.types import BigInteger, Boolean, Date, Double, Integer

from localloom_collector.faults import CollectorFault
from localloom_collector.storage.types import Id, Json, UtcTime

from .interface import Sink

#: Rows of a row group, at least: fewer cost readers more than the memory they save here.
GROUP = 20_000


class NoParquet(CollectorFault):
    """What writes Parquet is not installed."""


class Parquet:
    """Writes a Parquet file."""

    def __init__(self, sink: Sink, columns: Sequence[Column[Any]]) -> None:
        """Take where the bytes go, and the columns.

        Raises:
            NoParquet: pyarrow is not installed.
        """
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError:
            raise NoParquet(
                'Parquet needs pyarrow: pip install "localloom[collector,parquet]", or use --format jsonl'
            ) from None
        self._pa = pa
        kinds = [_kind(pa, column) for column in columns]
        self._mends = [mend for _, mend in kinds]
        self._schema = pa.schema(
            [
                pa.field(c.name, kind, nullable=bool(c.nullable))
                for c, (kind, _) in zip(columns, kinds, strict=True)
            ]
        )
        self._file = parquet.ParquetWriter(sink, self._schema, compression="zstd")
        self._held: list[Any] = []
        self._rows = 0

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows; they go out a row group at a time."""
        arrays = [
            self._pa.array(
                values if mend is None else [None if v is None else mend(v) for v in values], field.type
            )
            for values, mend, field in zip(zip(*rows, strict=True), self._mends, self._schema, strict=True)
        ]
        self._held.append(self._pa.record_batch(arrays, schema=self._schema))
        self._rows += len(rows)
        if self._rows >= GROUP:
            self._flush()

    def close(self) -> None:
        """Write what is held, and the footer."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._held:
            self._file.write_table(self._pa.Table.from_batches(self._held), row_group_size=self._rows)
            self._held, self._rows = [], 0


def _kind(pa: Any, column: Column[Any]) -> tuple[Any, Callable[[Any], Any] | None]:
    """Arrow's type, and what makes a value fit it."""
    kind = column.type
    if isinstance(kind, Id):
        return pa.string(), str
    if isinstance(kind, UtcTime):
        return pa.timestamp("us", tz="UTC"), None
    if isinstance(kind, Json):
        return pa.string(), lambda value: json.dumps(value, ensure_ascii=False)
    for sort, arrow in (
        (BigInteger, pa.int64()), (Integer, pa.int32()), (Double, pa.float64()), (Boolean, pa.bool_()), (Date, pa.date32()),
    ):  # fmt: skip
        if isinstance(kind, sort):
            return arrow, None
    return pa.string(), None
