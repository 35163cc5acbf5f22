"""What a rule is: a predicate over a failure, the categories it speaks for, how strongly, and the reason in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from localloom_diagnosis.evidence import Evidence
from localloom_diagnosis.taxonomy import Category, Phase

from .engine import engine_named_in
from .literals import branches

Votes: TypeAlias = "tuple[tuple[Category, float], ...]"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule speaks for its category, in each language, to be followed by what was found."""

    en: str
    es: str

    def text(self, lang: str) -> str:
        """The reason in the language asked for; anything but "es" is English."""
        return self.es if lang == "es" else self.en


@dataclass(frozen=True, slots=True)
class Scene:
    """One failure as rules see it."""

    evidence: Evidence
    text: str
    """All error texts in order of time, cleaned and bounded."""
    low: str
    """`text` in lower case, of the same length."""
    hardware: str
    """All that is known of the machine, in lower case, one string."""

    @property
    def phase(self) -> Phase | None:
        """The phase that failed."""
        return self.evidence.phase

    @property
    def runtime(self) -> str:
        """The engine, in lower case; where nobody says which, the one that the text speaks of."""
        return self.evidence.runtime or engine_named_in(self.low)


@dataclass(frozen=True, slots=True)
class Branch:
    """One pattern of a rule, which runs only where one of its literals is."""

    source: str
    needed: tuple[frozenset[str], ...]
    """Of each of them at least one is in each text that the pattern matches, the most selective first."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first asked for: most are never needed."""
        return compiled(self.source)

    @property
    def literals(self) -> frozenset[str] | None:
        """The most selective set; None: no such set is known."""
        return self.needed[0] if self.needed else None


@cache
def compiled(source: str) -> re.Pattern[str]:
    """The compiled pattern; the same sources come again and again."""
    return re.compile(source)


_UNBOUNDED = re.compile(r"(\\[wsSd]|(?<!\\)\])([*+])")
_LEAST = {"*": 0, "+": 1}


@cache
def branches_of(pattern: str) -> tuple[Branch, ...]:
    """The alternatives of a pattern, with every repetition bounded: no text makes the search quadratic."""
    if not pattern:
        return ()
    bounded = _UNBOUNDED.sub(lambda found: f"{found[1]}{{{_LEAST[found[2]]},60}}", pattern)
    return tuple(Branch(source, needed) for source, needed in branches(bounded))


def holds_all(low: str, sets: tuple[frozenset[str], ...]) -> bool:
    """Whether the text has one of each set; looking for a literal is much cheaper than running a pattern."""
    for literals in sets:
        for literal in literals:
            if literal in low:
                break
        else:
            return False
    return True


def _holds(low: str, pattern: str) -> bool:
    """Whether any of the pattern's branches is in the text."""
    for branch in branches_of(pattern):
        if holds_all(low, branch.needed) and compiled(branch.source).search(low):
            return True
    return False


@dataclass(frozen=True, slots=True)
class TextRule:
    """Patterns in the error texts."""

    name: str
    category: Category
    pattern: str
    """Alternatives, any of which is enough; taken apart when the first text comes."""
    weight: float
    """How often the category is right where this pattern is the only thing known, 0..1."""
    reason: Reason
    also: Votes = ()
    """What else such a text can mean, each with how often."""
    phases: frozenset[Phase] = frozenset()
    """Only in these phases; empty: in all, and where the phase is not known."""
    runtimes: tuple[str, ...] = ()
    """Only for engines whose name starts so; empty: for all."""
    without: tuple[str, ...] = ()
    """Not for engines whose name starts so."""
    unless: str = ""
    """Not where the texts also hold this."""
    needs: str = ""
    """Only where the texts also hold this."""
    wrapper: bool = False
    """A sentence that programs put around any cause: it never takes the place of a later cause."""

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The alternatives of the pattern."""
        return branches_of(self.pattern)

    def applies(self, scene: Scene) -> bool:
        """Whether the rule may speak of this engine and phase."""
        if self.phases and scene.phase not in self.phases:
            return False
        if self.runtimes and not scene.runtime.startswith(self.runtimes):
            return False
        return not (self.without and scene.runtime.startswith(self.without))

    def allowed_by(self, low: str) -> bool:
        """Whether the rest of the text lets the rule speak."""
        if self.needs and not _holds(low, self.needs):
            return False
        return not self.unless or not _holds(low, self.unless)


class Vote(NamedTuple):
    """What one rule says about one failure. A tuple, because a log of many lines makes very many of them."""

    rule: str
    category: Category
    weight: float
    reason: Reason
    found: str = ""
    """The words or the figure that it rests on, where they are not a place in the text."""
    position: int = -1
    """Where in the scene's text, or -1 for evidence that is not text."""
    wrapper: bool = False
    also: Votes = ()
    end: int = -1
    """Where the words end that begin at `position`, or -1."""


@dataclass(frozen=True, slots=True)
class StateRule:
    """A predicate over everything but the wording: exit status, figures, exchanges, the phase."""

    name: str
    judge: Callable[[Scene], Iterable[Vote]]
    words_only: bool = False
    """Also where the evidence is nothing but error texts, a phase and a description of the machine."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that speak for one category with one reason."""

    category: Category
    en: str
    es: str

    def rule(
        self,
        name: str,
        pattern: str,
        weight: float,
        *,
        also: Votes = (),
        phases: Iterable[Phase] = (),
        runtimes: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        unless: str = "",
        needs: str = "",
        wrapper: bool = False,
    ) -> TextRule:
        """A text rule of this group; patterns are lower case and match the lower-cased text."""
        return TextRule(
            name=name,
            category=self.category,
            pattern=pattern,
            weight=weight,
            reason=Reason(self.en, self.es),
            also=also,
            phases=frozenset(phases),
            runtimes=runtimes,
            without=without,
            unless=unless,
            needs=needs,
            wrapper=wrapper,
        )
