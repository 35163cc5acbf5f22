"""An observer that keeps everything it is told, for tests and benchmarks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from localloom_agent.engines.interface import GenerationReport, Observer
from localloom_diagnosis.taxonomy import Phase


@dataclass
class RecordedSpan:
    """A span that was opened, with what it was given and how it ended."""

    phase: Phase
    name: str
    attributes: dict[str, Any]
    duration_s: float = 0.0
    error: BaseException | None = None

    def set(self, **attributes: Any) -> None:
        """Keep the attributes, under their dotted names."""
        self.attributes |= {k.replace("__", "."): v for k, v in attributes.items() if v is not None}


@dataclass
class RecordingObserver(Observer):
    """Everything an engine reported, in lists."""

    spans: list[RecordedSpan] = field(default_factory=list)
    skipped: dict[Phase, str] = field(default_factory=dict)
    engines: list[dict[str, Any]] = field(default_factory=list)
    models: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[Phase, float, float, str, str]] = field(default_factory=list)
    kept_facts: dict[str, Any] = field(default_factory=dict)
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    reports: list[GenerationReport] = field(default_factory=list)

    @contextmanager
    def span(self, phase: Phase, name: str, **attributes: Any) -> Iterator[RecordedSpan]:
        """Time the span, and keep how it ended."""
        recorded = RecordedSpan(phase, name, {})
        recorded.set(**attributes)
        self.spans.append(recorded)
        start = time.perf_counter()
        try:
            yield recorded
        except BaseException as error:
            recorded.error = error
            raise
        finally:
            recorded.duration_s = time.perf_counter() - start

    def skip(self, phase: Phase, reason: str) -> None:
        """Keep the reason."""
        self.skipped[phase] = reason

    def engine(self, **attributes: Any) -> None:
        """Keep the engine's description."""
        self.engines.append(attributes)

    def model(self, **attributes: Any) -> None:
        """Keep the model's description."""
        self.models.append(attributes)

    def progress(self, phase: Phase, done: float, total: float, unit: str, text: str = "") -> None:
        """Keep the step."""
        self.steps.append((phase, done, total, unit, text))

    def facts(self, **facts: Any) -> None:
        """Keep the facts, under their dotted names."""
        self.kept_facts |= {k.replace("__", "."): v for k, v in facts.items() if v is not None}

    def log(self, level: str, source: str, text: str) -> None:
        """Keep the line."""
        self.lines.append((level, source, text))

    def exchange(self, **attributes: Any) -> None:
        """Keep the exchange."""
        self.exchanges.append(attributes)

    @contextmanager
    def pending(self, method: str, url: str) -> Iterator[None]:  # noqa: ARG002  (the interface's names)
        """Take note of nothing: what was exchanged is told in the end."""
        yield

    def generation(self, report: GenerationReport) -> None:
        """Keep the report."""
        self.reports.append(report)

    def phases(self) -> list[Phase]:
        """The phases that had a span, in order, each once."""
        return list(dict.fromkeys(span.phase for span in self.spans))

    def failed_phase(self) -> Phase | None:
        """The phase of the first failing span."""
        return next((span.phase for span in self.spans if span.error is not None), None)

    def streamed(self) -> str:
        """The pieces of text as they came, joined."""
        return "".join(
            text for phase, _, _, unit, text in self.steps if phase is Phase.GENERATE and unit == "tokens"
        )
