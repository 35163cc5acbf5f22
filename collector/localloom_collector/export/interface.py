"""What a format does: takes batches of rows and puts them into a file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Protocol


class RowFile(Protocol):
    """One file being written; memory stays that of a batch."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, in the order of the columns it was opened with."""
        ...

    def close(self) -> None:
        """Finish the file; it is whole only then."""
        ...


#: Where a file's bytes go.
Sink = io.BufferedIOBase | io.RawIOBase
