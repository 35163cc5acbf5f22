"""Typed reading of a config's keys: what is missing or makes no sense is named by its full path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one object of a config file."""

    values: Mapping[str, Any]
    file: str
    prefix: str = ""

    def path(self, key: str) -> str:
        """The key with those of the objects around it: "model_config.hidden_size"."""
        return f"{self.prefix}.{key}" if self.prefix else key

    def invalid(self, key: str, wanted: str, actual: Any) -> EngineFault:
        """The fault for a key whose value cannot be used."""
        path = self.path(key)
        return EngineFault(
            Category.CONFIG_INVALID,
            f"{self.file}: {path} must be {wanted}, it is {actual!r}; repair the file or fetch it again",
            {
                "artifact.file": self.file,
                "artifact.key": path,
                "artifact.expected": wanted,
                "artifact.actual": str(actual)[:200],
            },
        )

    def missing(self, key: str) -> EngineFault:
        """The fault for a key that must be there."""
        path = self.path(key)
        return EngineFault(
            Category.CONFIG_INVALID,
            f"{self.file} has no key {path}; repair the file or fetch it again",
            {"artifact.file": self.file, "artifact.key": path, "artifact.actual": "missing"},
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A string; `default` where the key is absent or null."""
        value = self.values.get(key)
        if value is None:
            if default is None:
                raise self.missing(key)
            return default
        if not isinstance(value, str):
            raise self.invalid(key, "a string", value)
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A number; `default` where the key is absent or null."""
        value = self.values.get(key)
        if value is None:
            if default is None:
                raise self.missing(key)
            return default
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.invalid(key, "a number", value)
        return float(value)

    def positive(self, key: str, default: int | None = None) -> int:
        """A whole number above 0; `default` where the key is absent, null, or 0 as some converters write it."""
        value = self.values.get(key)
        if value is None or (value == 0 and default is not None):
            if default is None:
                raise self.missing(key)
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            raise self.invalid(key, "a whole number above 0", value)
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false; `default` where the key is absent or null."""
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.invalid(key, "true or false", value)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings; `default` where the key is absent or null."""
        value = self.values.get(key)
        if value is None:
            if default is None:
                raise self.missing(key)
            return default
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.invalid(key, "a list of strings", value)
        return tuple(value)

    def numbers(self, key: str, count: int) -> tuple[float, ...]:
        """A list of `count` numbers above 0."""
        value = self.values.get(key)
        if value is None:
            raise self.missing(key)
        sound = isinstance(value, list) and all(
            isinstance(v, (int, float)) and not isinstance(v, bool) and v > 0 for v in value
        )
        if not sound or len(value) != count:
            raise self.invalid(key, f"a list of {count} numbers above 0", value)
        return tuple(float(v) for v in value)

    def token_ids(self, key: str) -> tuple[int, ...]:
        """A list of token ids, empty where the key is absent or null."""
        value = self.values.get(key)
        if value is None:
            return ()
        value = value if isinstance(value, list) else [value]
        if not all(isinstance(v, int) and not isinstance(v, bool) for v in value):
            raise self.invalid(key, "a list of token ids", value)
        return tuple(value)

    def sub_object(self, key: str) -> Keys | None:
        """The object under `key`, None where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.invalid(key, "an object", value)
        return Keys(value, self.file, self.path(key))
