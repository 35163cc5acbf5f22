"""The observer that the engine reports to inside the child: turns each call into a frame on the pipe."""

from __future__ import annotations

import itertools
import os
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from localloom_agent.engines.interface import EngineFault, ForeignError, GenerationReport
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Phase

from .framing import encode

PROGRESS_INTERVAL_S = 0.05
"""Progress is reported at most this often a phase; the last report of a phase always goes out."""

MAX_TEXT = 16_000
"""Characters kept of a message or a traceback: both ends are kept, the middle is cut."""

CHAIN_LIMIT = 16


def clip(text: str, limit: int = MAX_TEXT) -> str:
    """Keep both ends of a long text: the head says what, the tail says why."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"


def dotted(attributes: Mapping[str, FactValue | None]) -> dict[str, FactValue]:
    """Attribute names as they are written outside Python: `model__id` is "model.id". None is left out."""
    return {name.replace("__", "."): value for name, value in attributes.items() if value is not None}


def error_chain(error: BaseException, origin: str = "exception") -> list[dict[str, Any]]:
    """The records of an exception and of what led to it, the first failure first."""
    records: list[dict[str, Any]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    label = origin
    while current is not None and id(current) not in seen and len(records) < CHAIN_LIMIT:
        seen.add(id(current))
        frames = "".join(
            traceback.format_exception(type(current), current, current.__traceback__, chain=False)
        )
        record: dict[str, Any] = {
            "type": _type_name(current),
            "message": clip(_message(current)),
            "origin": label,
            "traceback": clip(frames),
        }
        if isinstance(current, ForeignError):
            record |= {"type": current.kind, "origin": current.origin, "traceback": clip(current.stack)}
        if isinstance(current, EngineFault):
            record["category"] = current.category.value
            record["facts"] = current.facts
        records.append(record)
        if current.__cause__ is not None:
            current, label = current.__cause__, "cause"
        elif current.__context__ is not None and not current.__suppress_context__:
            current, label = current.__context__, "context"
        else:
            current = None
    return records[::-1]


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ in {"builtins", "__main__"}
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as problem:
        return f"<its text cannot be read: {type(problem).__name__}>"


class PipeSpan:
    """A span while it is open; collects attributes for its end."""

    def __init__(self, attributes: dict[str, FactValue]) -> None:
        """Start with the attributes known at the beginning."""
        self.attributes = attributes

    def set(self, **attributes: FactValue | None) -> None:
        """Attach what the work found."""
        self.attributes.update(dotted(attributes))


class PipeObserver:
    """Writes frames to a file descriptor, from any thread; a pipe that nobody reads any more ends the process."""

    def __init__(self, fd: int) -> None:
        """Write to `fd`, which stays open until the process ends."""
        self._fd = fd
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._progress_at: dict[Phase, float] = {}
        self._progress_held: dict[Phase, dict[str, Any]] = {}

    def send(self, kind: str, **fields: Any) -> None:
        """Write one frame: its kind, both clocks in nanoseconds, and the fields."""
        data = encode({"t": kind, "mono": time.monotonic_ns(), "wall": time.time_ns(), **fields})
        with self._lock:
            view = memoryview(data)
            while view:
                try:
                    view = view[os.write(self._fd, view) :]
                except BrokenPipeError:
                    os._exit(70)  # the supervisor is gone: nobody is left to probe for

    @contextmanager
    def span(self, phase: Phase, name: str, **attributes: FactValue | None) -> Iterator[PipeSpan]:
        """Report the beginning and the end of a stretch of work, and how it ended."""
        span_id, started = next(self._ids), time.monotonic_ns()
        span = PipeSpan(dotted(attributes))
        self.send("span_start", id=span_id, phase=phase.value, name=name)
        status, reason = "passed", ""
        try:
            yield span
        except BaseException as error:
            name = error.kind if isinstance(error, ForeignError) else type(error).__name__
            status, reason = "failed", clip(f"{name}: {_message(error)}".strip(": "), 500)
            raise
        finally:
            self._release_progress(phase)
            self.send(
                "span_end",
                id=span_id,
                phase=phase.value,
                name=name,
                status=status,
                reason=reason,
                started=started,
                attributes=span.attributes,
            )

    def skip(self, phase: Phase, reason: str) -> None:
        """Report that a phase has nothing to do here."""
        self.send("skip", phase=phase.value, reason=reason)

    def engine(self, *, name: str, version: str, device: str, **attributes: FactValue | None) -> None:
        """Report which engine really runs."""
        self.send("engine", name=name, version=version, device=device, attributes=dotted(attributes))

    def model(self, *, id: str, source: str, bytes: int, **attributes: FactValue | None) -> None:  # noqa: A002 the document's names
        """Report which model was found."""
        self.send("model", id=id, source=source, bytes=bytes, attributes=dotted(attributes))

    def progress(self, phase: Phase, done: float, total: float, unit: str, text: str = "") -> None:
        """Report progress, at most every PROGRESS_INTERVAL_S a phase; text that waits is joined, not lost."""
        now = time.monotonic()
        held = self._progress_held.pop(phase, None)
        fields = {"phase": phase.value, "done": done, "total": total, "unit": unit}
        fields["text"] = (held["text"] if held else "") + text
        if now - self._progress_at.get(phase, -1.0) < PROGRESS_INTERVAL_S and not (total and done >= total):
            self._progress_held[phase] = fields
            return
        self._progress_at[phase] = now
        self.send("progress", **fields)

    def _release_progress(self, phase: Phase) -> None:
        held = self._progress_held.pop(phase, None)
        if held:
            self.send("progress", **held)

    def facts(self, **facts: FactValue | None) -> None:
        """Report figures for a later diagnosis."""
        self.send("facts", facts=dotted(facts))

    def machine(self, part: str, found: Mapping[str, Any], attributes: Mapping[str, FactValue]) -> None:
        """Report what the engine saw of the machine."""
        self.send("machine_part", part=part, found=dict(found), attributes=dict(attributes))

    def log(self, level: str, source: str, text: str) -> None:
        """Report a line that the engine or its runtime said."""
        self.send("log", level=level, source=source, text=clip(text, 4000))

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
        """Report one finished HTTP exchange."""
        self.send(
            "exchange",
            phase=phase.value,
            method=method,
            url=url,
            status=status,
            received=received,
            duration_s=duration_s,
            ttfb_s=ttfb_s,
            error=clip(error, 1000),
            attributes=dotted(attributes),
        )

    @contextmanager
    def pending(self, method: str, url: str) -> Iterator[None]:
        """Report that an exchange is under way, and that it no longer is."""
        exchange_id = next(self._ids)
        self.send("pending", id=exchange_id, method=method, url=url)
        try:
            yield
        finally:
            self.send("settled", id=exchange_id)

    def generation(self, report: GenerationReport) -> None:
        """Report what was generated."""
        self.send("generation", report=report.to_json())

    def errors(self, error: BaseException, origin: str = "exception") -> None:
        """Report an exception with its chain."""
        self.send("errors", records=error_chain(error, origin))
