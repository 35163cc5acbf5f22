"""The ways in which the hub can misbehave, as data."""

from __future__ import annotations

import dataclasses
import enum
import fnmatch
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Kind(enum.Enum):
    """What goes wrong. `Fault.at` is a share of the body, 0 to 1."""

    CUT = "cut"  # the connection closes after `at` of the body
    RESET = "reset"  # the connection is reset after `at` of the body; with at=0 before the headers
    STATUS = "status"  # `status` with `headers` and a small body
    STALL = "stall"  # nothing more comes after `at` of the body; with at=0 no answer at all
    SLOW_HEADERS = "slow-headers"  # the headers come a byte at a time, `rate` bytes a second
    SLOW = "slow"  # the body comes at `rate` bytes a second, a few at a time
    HTML = "html"  # a web page with status 200
    LFS = "lfs"  # the pointer that Git LFS leaves, with status 200
    REDIRECT = "redirect"  # 302 to `location`; {path} in it is the path asked for
    NO_RANGE = "no-range"  # the whole file whatever the range asked for
    IGNORE_IF_RANGE = "ignore-if-range"  # the range asked for although the file has changed
    LONG = "long"  # the Content-Length is larger than the body by `amount`
    SHORT = "short"  # the Content-Length, and what comes, is smaller than the file by `amount`
    CORRUPT = "corrupt"  # a byte in the middle is another one
    GARBAGE = "garbage"  # the answer is no HTTP
    GZIP = "gzip"  # compressed, though nobody asked for it
    NO_CORS = "no-cors"  # without the header that lets pages of other origins read the answer
    WRONG_RANGE = "wrong-range"  # a 206 that begins somewhere else


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour: on files that match, a number of times or for ever."""

    kind: Kind
    match: str = "*"
    """Shell pattern of the file's name inside the model folder."""
    times: int | None = None
    """How often; None is always."""
    at: float = 0.5
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    rate: float = 10.0
    amount: int = 1000
    location: str = ""

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read `kind[:name=value,…]`: "status:status=429,retry-after=2,times=3"; unknown names are headers.

        Raises:
            ValueError: no such kind, or a value that is no number.
        """
        kind, _, rest = text.partition(":")
        pairs = dict(part.split("=", 1) for part in rest.split(",") if part)
        return cls.from_json({"kind": kind, **pairs})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Fault:
        """Read a mapping of fields; what is no field is a header."""
        known: dict[str, Any] = {"kind": Kind(values["kind"])}
        headers = dict(values.get("headers", {}))
        readers = {"times": int, "at": float, "status": int, "rate": float, "amount": int}
        names = {f.name for f in dataclasses.fields(cls)}
        for name, value in values.items():
            if name in ("kind", "headers"):
                continue
            if name in names:
                known[name] = readers.get(name, str)(value)
            else:
                headers[name] = str(value)
        return cls(**known, headers=headers)


class Faults:
    """The faults that are on, each with how often it is still to strike."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[list[Any]] = []

    def set(self, *faults: Fault) -> None:
        """Put these in the place of what was on."""
        with self._lock:
            self._on = [[fault, fault.times] for fault in faults]

    def strike(self, file: str) -> Fault | None:
        """The first fault that applies to `file` now; it is counted."""
        with self._lock:
            for entry in self._on:
                fault, left = entry
                if left == 0 or not fnmatch.fnmatch(file, fault.match):
                    continue
                if left is not None:
                    entry[1] -= 1
                return fault
        return None
