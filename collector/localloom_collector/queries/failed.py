"""The failed runs of a window, from the rows that are kept to be counted: what reports on failures select from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import FromClause, Select, select

from localloom_collector.storage.schema import counted_runs, hardware_kinds, label_sets, setups, verdicts

from .attributes import Attribute, Condition
from .window import Window

_KINDS = {"hardware": hardware_kinds, "setup": setups, "verdict": verdicts, "label_set": label_sets}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which runs."""

    window: Window = field(default_factory=Window)
    where: Sequence[Condition] = ()

    @property
    def of_run(self) -> list[Condition]:
        """The conditions that passed runs can meet too."""
        return [condition for condition in self.where if not condition.attribute.of_failure]


def joined(source: FromClause, attributes: Iterable[Attribute]) -> FromClause:
    """`source` and the tables of kinds that these attributes stand in; its columns are called as `counted_runs`' are."""
    needed, found = {attribute.kind for attribute in attributes}, source
    for key, table in _KINDS.items():
        if key in needed:
            # Without labels there is no set of them.
            found = found.join(table, source.c[key] == table.c[key], isouter=key == "label_set")
    return found


def failed_runs(chosen: Filter, attributes: Iterable[Attribute], *columns: Any) -> Select[Any]:
    """Of `counted_runs` and the kinds of these attributes: the failed runs that meet every condition.

    All of it comes from one index of the failed rows, in the order of time.
    """
    used = [*attributes, *(condition.attribute for condition in chosen.where)]
    listed: Select[Any] = select(*columns)
    return listed.select_from(joined(counted_runs, used)).where(
        counted_runs.c.verdict.is_not(None),
        chosen.window.holds(counted_runs.c.started_at),
        *(condition.kept for condition in chosen.where),
    )
