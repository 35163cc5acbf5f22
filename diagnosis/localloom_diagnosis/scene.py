"""Lays the evidence of one failure out as one text in order of time, with what is known beside it."""

from __future__ import annotations

from .evidence import ErrorRecord, Evidence
from .rules import Scene
from .text import bounded, clean, lower


def stage(evidence: Evidence) -> tuple[Scene, tuple[str, ...]]:
    """The scene that rules look at, and notes on what was cut."""
    parts = [record_text(error) for error in evidence.errors]
    parts += [f"{x.url} {x.status or ''} {x.error}" for x in evidence.exchanges[:5] if x.error]
    for fact in ("device.reason", "http.error"):
        if fact in evidence.facts:
            parts.append(str(evidence.facts[fact]))
    if evidence.stderr_tail:
        parts.append(evidence.stderr_tail)
    text, cut = bounded(clean("\n".join(part for part in parts if part)))
    scene = Scene(evidence=evidence, text=text, low=lower(text), hardware=described(evidence))
    return scene, (
        ("the texts were cut to their head, their tail and the lines that speak of errors",) if cut else ()
    )


def described(evidence: Evidence) -> str:
    """All that is known of the machine as one bounded string in lower case."""
    if not evidence.hardware:
        return ""
    return "; ".join(f"{name}={value}" for name, value in evidence.hardware.items()).lower()[:2000]


def record_text(error: ErrorRecord) -> str:
    """The error as its program would print it."""
    if not error.type or error.message.startswith(error.type):
        return error.message
    return f"{error.type}: {error.message}" if error.message else error.type
