"""The attributes that reports group and filter by: one name each, and the SQL behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from localloom_collector.storage.schema import (
    failures,
    hardware_kinds,
    hardware_profiles,
    label_sets,
    runs,
    setups,
    verdicts,
)

GIB = 2**30

_PROFILE = hardware_profiles.c
_LABEL = "label."
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(|b|kib|mib|gib|tib|kb|mb|gb|tb)")
_UNITS = {"": 1, "b": 1, "kib": 2**10, "mib": 2**20, "gib": GIB, "tib": 2**40}
_UNITS |= {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something that runs have, by which they can be told apart."""

    name: str
    column: ColumnElement[Any]
    """In the base tables, as `source.RUNS` joins them."""
    kept: ColumnElement[Any]
    """The same in the tables that runs are counted by: `hardware_kinds`, `setups`, `verdicts`, `label_sets`."""
    of_failure: bool = False
    """Only a failed run has it."""
    of_machine: bool = False
    """It is in the machine's profile."""
    size: bool = False
    """Bytes of the size sold: two machines of one kind never report quite the same."""

    @property
    def of_label(self) -> bool:
        """It is one of the labels that a run was given."""
        return self.name.startswith(_LABEL)

    @property
    def kind(self) -> str:
        """The number in `counted_runs` that it depends on."""
        if self.of_label:
            return "label_set"
        return "verdict" if self.of_failure else "hardware" if self.of_machine else "setup"


def _size_class(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return (column + GIB // 2) // GIB * GIB


def _hardware(name: str, *, size: bool = False) -> Attribute:
    column = name.replace(".", "_")
    base = _size_class(_PROFILE[column]) if size else _PROFILE[column]
    return Attribute(name, base, hardware_kinds.c[column], of_machine=True, size=size)


def _failure(name: str) -> Attribute:
    return Attribute(name, failures.c[name], verdicts.c[name], of_failure=True)


#: In the order in which help and errors list them.
KNOWN: dict[str, Attribute] = {
    a.name: a
    for a in (
        _hardware("hw.gpu.vendor"),
        _hardware("hw.gpu.model"),
        _hardware("hw.gpu.architecture"),
        _hardware("hw.gpu.driver_version"),
        _hardware("hw.gpu.memory", size=True),
        _hardware("hw.cpu.model"),
        _hardware("hw.cpu.features"),
        _hardware("host.memory", size=True),
        _hardware("os.type"),
        _hardware("os.version"),
        _hardware("browser.name"),
        _hardware("browser.version"),
        Attribute("engine", func.coalesce(runs.c.engine_name, runs.c.engine_requested), setups.c.engine),
        Attribute("engine.version", runs.c.engine_version, setups.c.engine_version),
        Attribute("model", func.coalesce(runs.c.model_id, runs.c.model_requested), setups.c.model),
        Attribute("agent.version", runs.c.agent_version, setups.c.agent_version),
        _failure("phase"),
        _failure("category"),
        _failure("signature"),
    )
}


def parse_attribute(name: str) -> Attribute:
    """The attribute of that name; `label.<name>` is a label of the run.

    Raises:
        ValueError: no attribute is called so.
    """
    name = name.strip()
    if name.startswith(_LABEL) and len(name) > len(_LABEL):
        label = name.removeprefix(_LABEL)
        return Attribute(name, runs.c.labels[label].as_string(), label_sets.c.labels[label].as_string())
    if name not in KNOWN:
        raise ValueError(f"no attribute is called {name!r}; there are {', '.join(KNOWN)} and label.<name>")
    return KNOWN[name]


def parse_attributes(names: str) -> tuple[Attribute, ...]:
    """Attributes, separated by commas, each once.

    Raises:
        ValueError: one of them does not exist, or there is none.
    """
    found = {a.name: a for a in map(parse_attribute, filter(None, (n.strip() for n in names.split(","))))}
    if not found:
        raise ValueError("name at least one attribute")
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Condition:
    """An attribute has a value."""

    attribute: Attribute
    value: str | int | None
    """None: it has none."""

    @property
    def clause(self) -> ColumnElement[bool]:
        """The same as SQL, over the base tables."""
        return self.attribute.column.is_not_distinct_from(self.value)

    @property
    def kept(self) -> ColumnElement[bool]:
        """The same as SQL, over the tables that runs are counted by."""
        return self.attribute.kept.is_not_distinct_from(self.value)


def parse_condition(text: str) -> Condition:
    """`ATTR=VALUE`; an empty value asks for runs that have none, a size may be written `24GiB`.

    Raises:
        ValueError: no such attribute, no `=`, or no size where one is due.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is no condition; write ATTR=VALUE")
    return condition(parse_attribute(name), value)


def condition(attribute: Attribute, value: str) -> Condition:
    """The attribute has the value, as a person writes it.

    Raises:
        ValueError: it is no size where one is due.
    """
    value = value.strip()
    if not value:
        return Condition(attribute, None)
    if not attribute.size:
        return Condition(attribute, value)
    # It comes with tables of hardware that other reports do without.
    from localloom_diagnosis.hardware import memory_class

    size = _SIZE.fullmatch(value.lower())
    if not size:
        raise ValueError(f"{value!r} is no size; write 24GiB or a number of bytes")
    bytes_ = round(float(size[1]) * _UNITS[size[2]])
    return Condition(attribute, ((memory_class(bytes_) or 0) + GIB // 2) // GIB * GIB)
