"""What an engine is given, what it reports, and how it says that something is wrong.

Standard library only: this module is imported by the probe's child process, in whatever interpreter has the engine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Protocol

from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category, Phase

DEFAULT_PROMPT = "Hola, ¿funciona?"
"""What a probe asks: the canary's right answer to it is known, and it may leave the machine."""


class EngineFault(Exception):
    """A failure that the engine understood: it knows the category, and has the figures.

    Everything else that an engine raises is kept as evidence as it is, and judged by the diagnosis.
    """

    def __init__(
        self, category: Category, message: str, facts: Mapping[str, FactValue] | None = None
    ) -> None:
        """Keep the verdict beside the text.

        Args:
            category: what kind of thing went wrong.
            message: one sentence: what happened, to what.
            facts: figures and objects by the names of `localloom_diagnosis.FACT_NAMES`.
        """
        super().__init__(message)
        self.category = category
        self.facts = dict(facts or {})


class ForeignError(Exception):
    """An error of a runtime that is not Python's, with the name, the place and the stack that it has there."""

    def __init__(self, kind: str, message: str, *, origin: str = "exception", stack: str = "") -> None:
        """Keep it as it was said.

        Args:
            kind: the name of its type, or "" for a bare text.
            message: its text.
            origin: where it was seen: exception | console | rejection | gpu.
            stack: the runtime's own trace, or "".
        """
        super().__init__(message)
        self.kind, self.origin, self.stack = kind, origin, stack


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """What to probe. Crosses into the child process as JSON."""

    engine: str
    """Name of the engine: tvm | mlc | webllm."""
    model: str
    """As the user wrote it: "canary", an id, a folder, …"""
    device: str = "auto"
    """auto | cpu | cuda | cuda:1 | metal | …"""
    prompt: str = DEFAULT_PROMPT
    max_tokens: int = 50
    temperature: float = 0.0
    """0 is greedy decoding, the only one whose output can be compared with a reference."""
    seed: int = 0
    cache_dir: str = ""
    """Where fetched and compiled artifacts are kept."""
    offline: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """What only one engine understands."""

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready mapping; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProbeRequest:
        """Read what `to_json` wrote."""
        return cls(**data)


class Span(Protocol):
    """A stretch of work inside a phase, while it is open."""

    def set(self, **attributes: FactValue | None) -> None:
        """Attach what the work found; dots in names are written as two underscores. None is left out."""


class Observer(Protocol):
    """Whom an engine reports to. Calls return at once and never raise for the engine's sake.

    Every call is also a sign of life for the watchdog.
    """

    def span(self, phase: Phase, name: str, **attributes: FactValue | None) -> AbstractContextManager[Span]:
        """Open a span of `phase`. An exception that leaves it makes the span, and with it the phase, failed."""

    def skip(self, phase: Phase, reason: str) -> None:
        """Say that `phase` has nothing to do here, and why."""

    def engine(self, *, name: str, version: str, device: str, **attributes: FactValue | None) -> None:
        """Say which engine really runs, and on which device (its name as the runtime gives it)."""

    def model(self, *, id: str, source: str, bytes: int, **attributes: FactValue | None) -> None:  # noqa: A002
        """Say which model was found, where it came from, and its size in bytes."""

    def progress(self, phase: Phase, done: float, total: float, unit: str, text: str = "") -> None:
        """Report progress: `done` of `total` (0 if not known) in `unit` ("bytes", "tokens", "shaders", …)."""

    def facts(self, **facts: FactValue | None) -> None:
        """Add figures that a later diagnosis may need, by the names of FACT_NAMES (dots as two underscores)."""

    def machine(self, part: str, found: Mapping[str, Any], attributes: Mapping[str, FactValue]) -> None:
        """Add to the machine's profile what only the engine can see of it.

        Args:
            part: key in the profile's document, such as "browser".
            found: what stands there; JSON types.
            attributes: what reports group by, such as "browser.version".
        """

    def log(self, level: str, source: str, text: str) -> None:
        """Pass on a line that the engine or its runtime said. level: debug | info | warning | error."""

    def exchange(
        self,
        *,
        phase: Phase,
        method: str,
        url: str,
        status: int | None,
        received: int,
        duration_s: float,
        ttfb_s: float | None = None,
        error: str = "",
        **attributes: FactValue | None,
    ) -> None:
        """Report one finished HTTP exchange; `url` without query or credentials, `received` in bytes."""

    def pending(self, method: str, url: str) -> AbstractContextManager[None]:
        """Say that an HTTP exchange is under way: a hang meanwhile is the network's. `url` as for `exchange`."""

    def generation(self, report: GenerationReport) -> None:
        """Report what was generated. Called once, at the end of `generate`, also when the numbers are wrong."""


@dataclass(frozen=True, slots=True)
class NumericCheck:
    """Whether what was computed is what should have been computed."""

    status: str
    """passed | failed | not_available."""
    agreement: float | None = None
    """Top-1 agreement with the reference tokens, 0..1; None where there is no reference."""
    nonfinite: int = 0
    """How many logits were NaN or infinite."""
    min_margin: float | None = None
    """Smallest distance between the best and the second logit over the generated tokens."""
    reason: str = ""
    """Why the check failed, or why it was not available."""


@dataclass(frozen=True, slots=True)
class GenerationReport:
    """The result of the `generate` phase."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    ttft_s: float | None
    """Seconds from the request to the first token."""
    tokens_per_s: float | None
    """Decode rate after the first token; None with fewer than two tokens."""
    prefill_tokens_per_s: float | None
    finish_reason: str
    """stop | length | error."""
    numeric_check: NumericCheck
    token_ids: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready mapping with the keys of the design's `generation` document."""
        return asdict(self)


class Engine(ABC):
    """One way to load and run a model. Made in the child process; knows nothing of gRPC, SQL or the terminal."""

    name: ClassVar[str]

    @abstractmethod
    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Run the phases from `runtime` to `generate`, reporting each to `observer`.

        Raises:
            EngineFault: a failure that the engine understood.
            Exception: anything that the runtime raised; it is evidence.
        """
