"""What reports count by, each combination with a number of its own: hardware, setups, verdicts, sets of labels.

A number is a hash of what it stands for: 64 bits of BLAKE2b over the values as JSON. So it is known without asking a
database, is the same for every collector and in every order of arrival, and can be computed anew. Among a million
combinations two would share a number with a probability of 3e-8 (n²/2⁶⁵).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from .schema import HARDWARE, HARDWARE_SIZES, SETUP, VERDICT

GIB = 2**30
_EPOCH = date(1970, 1, 1).toordinal()


def number(values: Any) -> int:
    """The number of a combination: anything that JSON can say."""
    said = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big", signed=True)


@lru_cache(maxsize=50_000)
def _number_of(names: tuple[str, ...], values: tuple[Any, ...]) -> int:
    return number(dict(zip(names, values, strict=True)))


def hardware(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `hardware_kinds` of a profile's row, memory rounded to whole GiB."""
    values = {name: profile[name] for name in HARDWARE}
    for name in HARDWARE_SIZES:
        if values[name] is not None:
            values[name] = (values[name] + GIB // 2) // GIB * GIB
    return {"hardware": _number_of(HARDWARE, tuple(values.values())), **values}


#: Of a run whose machine has sent no profile.
NO_HARDWARE = hardware(dict.fromkeys(HARDWARE))


def setup(*values: str | None) -> dict[str, Any]:
    """The row of `setups`: its columns' values, in their order."""
    return {"setup": _number_of(SETUP, values), **dict(zip(SETUP, values, strict=True))}


def verdict(*values: str | None) -> dict[str, Any]:
    """The row of `verdicts`: its columns' values, in their order."""
    return {"verdict": _number_of(VERDICT, values), **dict(zip(VERDICT, values, strict=True))}


def label_set(labels: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The row of `label_sets`; None for no labels."""
    return {"label_set": number(labels), "labels": dict(labels)} if labels else None


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH
