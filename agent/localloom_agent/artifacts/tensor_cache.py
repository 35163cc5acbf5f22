"""`tensor-cache.json`: which parameter lies where in which shard, and whether these are the model's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .json_file import read_json_object
from .parameters import ParameterSpec

CACHE_FILES = ("tensor-cache.json", "ndarray-cache.json")
"""The name of today, and that of older converters."""
BF16_FORMAT = "f32-to-bf16"
"""Format of records whose float32 values are stored as their upper halves; other data types are stored as they are."""
_ITEM_BYTES = {"float32": 4, "uint32": 4, "int32": 4, "float16": 2, "bfloat16": 2, "uint8": 1, "int8": 1}


@dataclass(frozen=True, slots=True)
class Record:
    """A parameter inside a shard."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    stored_as_bf16: bool
    offset: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of parameters."""

    file: str
    nbytes: int
    md5: str
    """Lower case; empty where the converter wrote none."""
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class TensorCache:
    """The whole table of contents."""

    file: str
    shards: tuple[Shard, ...]

    @property
    def nbytes(self) -> int:
        """Bytes of all shards."""
        return sum(shard.nbytes for shard in self.shards)

    def records(self) -> Iterator[tuple[Shard, Record]]:
        """Every parameter with its shard, in the order of the file."""
        return ((shard, record) for shard in self.shards for record in shard.records)


def read_tensor_cache(folder: Path) -> TensorCache:
    """Read the table of contents under its new or old name.

    Raises:
        EngineFault: artifact.corrupt where it is missing, no JSON, or contradicts itself; storage.permission.
    """
    name = next((n for n in CACHE_FILES if (folder / n).exists()), CACHE_FILES[0])
    document = read_json_object(folder / name)
    try:
        shards = _shards(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        missing = isinstance(error, KeyError)
        what = f"key {error} is missing" if missing else str(error)
        facts: dict[str, str | int] = {"artifact.file": name, "artifact.actual": what}
        if missing:
            facts["artifact.key"] = str(error.args[0])
        message = f"{name} is no valid table of contents: {what}; fetch the file again"
        raise EngineFault(Category.ARTIFACT_CORRUPT, message, facts) from error
    return TensorCache(name, shards)


def _shards(document: dict[str, Any]) -> tuple[Shard, ...]:
    shards = tuple(_shard(entry) for entry in document["records"])
    if not shards:
        raise ValueError("it lists no shards")
    return shards


def _shard(entry: dict[str, Any]) -> Shard:
    path = PurePosixPath(entry["dataPath"])
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"the shard {str(path)!r} lies outside the model folder")
    shard = Shard(
        file=str(path),
        nbytes=int(entry["nbytes"]),
        md5=str(entry.get("md5sum") or "").lower(),
        records=tuple(_record(record) for record in entry["records"]),
    )
    for record in shard.records:
        if record.offset < 0 or record.offset + record.nbytes > shard.nbytes:
            raise ValueError(f"{record.name} reaches beyond the end of {shard.file}")
    return shard


def _record(entry: dict[str, Any]) -> Record:
    dtype = str(entry["dtype"])
    if dtype not in _ITEM_BYTES:
        raise ValueError(f"{entry['name']} has the unknown data type {dtype!r}")
    record = Record(
        name=str(entry["name"]),
        shape=tuple(int(extent) for extent in entry["shape"]),
        dtype=dtype,
        stored_as_bf16=entry["format"] == BF16_FORMAT and dtype == "float32",
        offset=int(entry["byteOffset"]),
        nbytes=int(entry["nbytes"]),
    )
    item = 2 if record.stored_as_bf16 else _ITEM_BYTES[dtype]
    if record.nbytes != math.prod(record.shape) * item:
        raise ValueError(f"{record.name} has {record.nbytes} bytes, which is not what its shape needs")
    return record


def check_parameters(cache: TensorCache, wanted: Iterable[ParameterSpec], model: str) -> None:
    """Make sure that every wanted parameter is there, with its shape and data type; others are ignored.

    Raises:
        EngineFault: artifact.incompatible, with the first parameter that does not fit. `model` says in its message
            what the config claims, e.g. "llama q4f16_1".
    """
    records = {record.name: record for _, record in cache.records()}
    for spec in wanted:
        record = records.get(spec.name)
        expected = f"{spec.name}: {spec.dtype} {list(spec.shape)}"
        if record is not None and record.shape == spec.shape and record.dtype == spec.dtype:
            continue
        actual = f"{record.dtype} {list(record.shape)}" if record else _instead(spec.name, records)
        raise EngineFault(
            Category.ARTIFACT_INCOMPATIBLE,
            f"the parameters are not those of the {model} that the config claims: {expected} is wanted, "
            f"{cache.file} has {actual}; use the config and the shards of one and the same conversion",
            {"artifact.file": cache.file, "artifact.expected": expected, "artifact.actual": actual},
        )


def _instead(name: str, records: dict[str, Record]) -> str:
    """What stands in the place of a parameter that is missing: the same one of another quantisation, or nothing."""
    stem = name.rpartition(".")[0]
    others = [other for other in records if other.rpartition(".")[0] == stem]
    return f"{', '.join(others)} of another quantization" if others else "no such parameter"
