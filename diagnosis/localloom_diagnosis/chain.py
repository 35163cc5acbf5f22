"""Takes a pasted log apart into the errors it tells of, the first failure first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from .evidence import ErrorRecord
from .text import bounded, clean, shape_of

#: More errors than this in one text are one record of plain lines at the end.
MAX_RECORDS = 60

#: A line longer than this is no error's first line.
_LONG = 4000
#: How a line begins that is a stack frame.
_FRAME_START = re.compile(r"\s*(?:at |#?\d|\[bt\])")
#: Texts up to this length are split once where they come again; single lines once for all that differ in figures.
_REMEMBERED = 1000

_LINES: dict[bytes, tuple[slice, slice, str]] = {}
_LINES_KEPT = 2048

_Link: TypeAlias = Literal["", "after", "inner"]

_TYPE = (
    r"(?:[A-Za-z_][\w$]*(?:\.|::))*(?:[A-Z][\w$]*(?:Error|Exception|Warning|Exit|Interrupt|Timeout|Status|Lost|NotFound)"
    r"|[A-Z]\w*(?:Error|Exception)\w*|StopIteration|Error|Exception|OutOfMemoryError)"
)
_ERROR_LINE = re.compile(
    rf"^[ \t]{{0,8}}(?:E   |\(\w+ pid=\d+\) )?(?:Uncaught(?: \(in promise\))?:? ?|Unhandled(?: promise)? ?[Rr]ejection:? ?|"
    rf"uncaughtException: )?(?P<type>{_TYPE})(?:(?: \[[\w-]+\])?: ?(?P<message>.*)| *)$"
)
_PYTHON_START = re.compile(r"Traceback \(most recent call last\)")
_PYTHON_FRAME = re.compile(r'^\s*(?:\S{1,60}[\])|:] +|│ *)?File "[^"\n]{0,300}", line \d+')
_JS_FRAME = re.compile(
    r"^\s+at (?:async |new )?[^\n]{0,300}(?::\d+\)?|\(<anonymous>\)|\(native\)|\([\w.]+:\d+\))\s*$"
)
_C_FRAME = re.compile(
    r"^\s*(?:#?\d{1,3}:? +(?:0x[0-9a-f]{4,}|\S+\.(?:so|dylib|dll))|\[bt\] \(\d+\)|\d{1,3}: (?:std|core|rust)\w*::)"
)
_AFTER = re.compile(r"During handling of the above exception|direct cause of the following exception")
_INNER = re.compile(r"^\s*(?:Caused by:?|\[?cause\]?:|\[cause\]:)\s*(?P<rest>.*)$")
_TERMINATE = re.compile(
    r"terminat(?:e called after throwing an instance of|ing (?:due to|with) uncaught exception of type) '?(?P<type>[\w<>]+(?:::[\w<>]+)*)'?(?::? ?(?P<message>.*))?"
)
_WHAT = re.compile(r"^\s*what\(\):\s*(?P<message>.*)$")
_PANIC = re.compile(r"panicked at (?:'(?P<old>[^'\n]*)', )?(?P<where>\S+:\d+:\d+):?(?P<message>.*)$")
#: Types that tell no more than that there was an error.
_NO_TYPE = frozenset({"", "Error", "Exception"})
_LOG_PREFIX = re.compile(
    r"^(?:\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|\[\d{4}-|\[?(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL)\b|time=|level=|[a-z_]+: )"
)

#: Stands for the frames of a stack that was cut at its first line.
_CUT = "Traceback (most recent call last):"


@dataclass(slots=True)
class _Draft:
    """A record being read."""

    type: str = ""
    lines: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    origin: str = "stderr"
    link: _Link = ""

    @property
    def empty(self) -> bool:
        return not self.type and not any(line.strip() for line in self.lines)

    def record(self) -> ErrorRecord:
        return ErrorRecord(
            type=self.type.replace("::", ".").rsplit(".", 1)[-1],
            message="\n".join(self.lines).strip(),
            origin=self.origin,
            traceback="\n".join(self.frames),
        )


def split(text: str) -> tuple[ErrorRecord, ...]:
    """The errors of a pasted text in order of time: causes before what they caused, the log lines between them kept.

    Any text is accepted; a text without a known form is one record without a type.
    """
    if len(text) > _REMEMBERED:
        return _split(text)
    known = _LINES.get(shape_of(text))
    if known is None:
        return _split_short(text)
    kind, message, origin = known
    return (ErrorRecord(text[kind], text[message], origin),)


@lru_cache(maxsize=2048)
def _split_short(text: str) -> tuple[ErrorRecord, ...]:
    records = _split(text)
    if len(records) == 1 and not records[0].traceback and clean(text) == text and _single(text):
        # Which part of a line is the type and which the message, no figure decides.
        found = records[0]
        at = text.find(found.message)
        typed = text.rfind(found.type, 0, at) if found.type else 0
        if at >= 0 and typed >= 0:
            if len(_LINES) >= _LINES_KEPT:
                _LINES.clear()
            _LINES[shape_of(text)] = (
                slice(typed, typed + len(found.type)),
                slice(at, at + len(found.message)),
                found.origin,
            )
    return records


def _split(text: str) -> tuple[ErrorRecord, ...]:
    text, _ = bounded(clean(text))
    if len(text) < _LONG and _single(text):
        return _of_line(text)
    drafts = _Reader().read(text.split("\n"))
    ordered: list[_Draft] = []
    for draft in drafts:
        if draft.link == "inner":
            # "Caused by" comes after its effect in print, and before it in time.
            at = len(ordered)
            while at and ordered[at - 1].type and ordered[at - 1].link == "inner":
                at -= 1
            ordered.insert(max(0, at - 1), draft)
        else:
            ordered.append(draft)
    records = [draft.record() for draft in ordered]
    if len(records) > MAX_RECORDS:
        rest = "\n".join(f"{r.type}: {r.message}" if r.type else r.message for r in records[MAX_RECORDS:])
        records = [*records[:MAX_RECORDS], ErrorRecord("", rest, "stderr")]
    return tuple(records)


def _single(text: str) -> bool:
    """Whether the text is one line without any structure but an error's type at its beginning."""
    return not (
        "\n" in text
        or "Traceback" in text
        or 'File "' in text
        or "ause" in text
        or "above exception" in text
        or "terminat" in text
        or "what()" in text
        or "panicked" in text
        or _FRAME_START.match(text)
    )


def _of_line(text: str) -> tuple[ErrorRecord, ...]:
    """The record of a text for which `_single` holds."""
    found = _ERROR_LINE.match(text)
    if found is not None:
        kind = found["type"]
        if kind != "Error" or text.lstrip().startswith(("Error:", "Uncaught")):
            short = kind.replace("::", ".").rsplit(".", 1)[-1]
            return (ErrorRecord(short, (found["message"] or "").strip()),)
    said = text.strip()
    return (ErrorRecord("", said, "stderr"),) if said else ()


class _Reader:
    """Reads lines into drafts."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.now = _Draft()
        self.link: _Link = ""
        self.in_traceback = False
        self.source_follows = False

    def read(self, lines: list[str]) -> list[_Draft]:
        for line in lines:
            self._line(line)
        self._close()
        if not self.drafts and self.now.frames:
            # Nothing but a part of a stack was pasted: its code is all that tells of the error.
            self.drafts.append(_Draft(lines=self.now.frames, frames=self.now.frames))
        elif self.drafts and self.in_traceback and self.now.empty and not self.drafts[-1].frames:
            # A stack whose error was not copied belongs to what was printed before it.
            self.drafts[-1].frames = self.now.frames or [_CUT]
        return self.drafts

    def _close(self) -> None:
        if not self.now.empty:
            self.drafts.append(self.now)
            self.now = _Draft()
        else:
            # Frames without an error yet belong to the error that follows.
            self.now = _Draft(frames=self.now.frames)

    def _open(self, kind: str, message: str, origin: str) -> None:
        self._close()
        self.now.type, self.now.origin, self.now.link = kind, origin, self.link
        self.link = ""
        if message:
            self.now.lines.append(message)

    def _line(self, line: str) -> None:
        if self.source_follows:
            self.source_follows = False
            if line[:1] in " \t" and not _PYTHON_FRAME.match(line):
                self.now.frames.append(line)
                return
        if self._structure(line):
            return
        if len(line) < _LONG and self._error(line):
            return
        if self.now.type and (not line.strip() or _LOG_PREFIX.match(line)) and self.now.lines:
            # A blank line or the next log line ends an error's message.
            self._close()
        if self.in_traceback and line[:1] in " \t":
            self.now.frames.append(line)
            return
        self.now.lines.append(line)

    def _structure(self, line: str) -> bool:
        """Take a line that is no error's text: frames and the sentences between chained errors."""
        if start := _PYTHON_START.search(line):
            if line[: start.start()].endswith("^C"):
                # What the program printed until somebody stopped it.
                self.now.lines.append(line[: start.start() - 2])
            self._close()
            self.in_traceback = True
            return True
        if "File" in line and _PYTHON_FRAME.match(line):
            if self.now.type:
                self._close()
            self.in_traceback = self.source_follows = True
            self.now.frames.append(line)
            return True
        if ("at " in line and _JS_FRAME.match(line)) or _C_FRAME.match(line):
            self.now.frames.append(line)
            return True
        if "exception" in line and _AFTER.search(line):
            self._close()
            self.link = "after"
            return True
        if "ause" in line and (found := _INNER.match(line)):
            self._close()
            self.link = "inner"
            rest = found["rest"]
            while nested := _INNER.match(rest):
                rest = nested["rest"]
            if rest:
                self._line(rest)
                if self.link == "inner":
                    self.now.link, self.link = "inner", ""
            return True
        return False

    def _error(self, line: str) -> bool:
        """Take a line that opens an error."""
        if "terminat" in line and (found := _TERMINATE.search(line)):
            self._open(found["type"], found["message"] or line.strip(), "stderr")
            return True
        if "what()" in line and (found := _WHAT.match(line)):
            self.now.lines.append(found["message"])
            return True
        if "panicked at" in line and (found := _PANIC.search(line)):
            said = (found["old"] or found["message"]).strip()
            self._open("panic", said or f"panicked at {found['where']}", "stderr")
            return True
        found = _ERROR_LINE.match(line)
        if not found:
            return False
        if (
            found["type"] == "Error"
            and not self.in_traceback
            and not line.lstrip().startswith(("Error:", "Uncaught"))
        ):
            return False
        self._open(found["type"], found["message"] or "", "exception")
        self.in_traceback = False
        return True


def with_type(records: tuple[ErrorRecord, ...], kind: str) -> tuple[ErrorRecord, ...]:
    """The records with `kind` as the type of the last one that has none or only says "Error", unless one has it."""
    short = kind.replace("::", ".").rsplit(".", 1)[-1]
    if not short or any(record.type == short for record in records):
        return records
    if not records:
        return (ErrorRecord(short, ""),)
    last = records[-1]
    return (*records[:-1], replace(last, type=short)) if last.type in _NO_TYPE else records
