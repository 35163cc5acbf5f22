"""Counts the truth of a history as its runs go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from localloom_diagnosis import Phase

from .plan import Planned

#: A run that is switched off while it compiles has told of a failure in one of these.
_BEFORE = frozenset(phase for phase in Phase if phase.order < Phase.COMPILE.order)


class Truth:
    """What has gone by."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.runs = 0
        self.unfinished = 0
        self.categories: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()

    def watch(self, runs: Iterable[Planned]) -> Iterator[Planned]:
        """The same runs."""
        for planned in runs:
            self._count(planned)
            yield planned

    def merge(self, other: Truth) -> None:
        """Take another's counts in."""
        self.runs += other.runs
        self.unfinished += other.unfinished
        self.categories.update(other.categories)
        self.causes.update(other.causes)

    def _count(self, planned: Planned) -> None:
        self.runs += 1
        reached = planned.ends or planned.phase in _BEFORE
        self.unfinished += not reached
        if planned.category is not None and reached:
            self.categories[planned.category.value] += 1
            self.causes[planned.planted or "background"] += 1

    def to_json(self) -> dict[str, object]:
        """As the command prints it."""
        return {
            "runs": self.runs, "unfinished": self.unfinished,
            "failures": dict(self.categories.most_common()), "causes": dict(self.causes.most_common()),
        }  # fmt: skip
