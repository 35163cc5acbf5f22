"""What the browser said beside its answers: console lines, uncaught errors, GPU errors, kept in order as evidence."""

from __future__ import annotations

import re

from localloom_agent.engines.interface import ForeignError

KEPT = 10
"""The last that are kept as evidence beside the error itself; all of them are events."""

SHARD = re.compile(r"Tensor-cache record range|exceeds shard size|Integrity", re.IGNORECASE)
"""A shard that came whole, but is not what the table says."""

_STRING = re.compile(r"(?:Error: )?([A-Z]\w*(?:Error|Status|Exception)): (.+)", re.DOTALL)
_FAILED = re.compile(r"Failed to (?:load|fetch|register)|Error\b|Uncaught|panicked|Device was lost")
_NOISE = re.compile(
    r"powerPreference option is currently ignored|favicon\.ico|DevTools|was preloaded using link preload"
    r"|Download the React|\[Violation\]|Third-party cookie"
)


def error(name: str, message: str, origin: str = "exception", stack: str = "") -> ForeignError:
    """An error of JavaScript's; a worker engine's bare string "Name: message" is taken apart."""
    if not name:
        found = _STRING.fullmatch(message)
        if found is not None:
            name, message = found[1], found[2]
    return ForeignError(name, message, origin=origin, stack=stack)


class Words:
    """Collects them."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._kept: list[ForeignError] = []

    def add(self, said: ForeignError) -> None:
        """Keep one, unless the same was said before or it is noise that every page makes."""
        text = str(said)
        if not text.strip() or _NOISE.search(text) or any(str(one) == text for one in self._kept):
            return
        self._kept.append(said)

    def leading_to(self, last: ForeignError) -> ForeignError:
        """`last`, with what was said before it as its causes, the first said at the far end of the chain."""
        chain = [one for one in self._kept[-KEPT:] if str(one) != str(last)]
        for cause, effect in zip(chain, [*chain[1:], last], strict=True) if chain else ():
            effect.__cause__ = cause
        return last

    def last(self) -> ForeignError | None:
        """What was said last."""
        return self._kept[-1] if self._kept else None

    def failure(self) -> ForeignError | None:
        """The last that is an error of the page's and no mere remark of the console's."""
        return next(
            (one for one in reversed(self._kept) if one.kind or one.origin != "console"), None
        ) or next((one for one in self._kept if _FAILED.search(str(one))), None)

    def find(self, pattern: str) -> ForeignError | None:
        """The first that holds the pattern."""
        return next((one for one in self._kept if re.search(pattern, f"{one.kind}: {one}")), None)
