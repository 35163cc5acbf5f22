"""Makes any text safe and small enough to be searched: no control codes, a bounded length, one case."""

from __future__ import annotations

import re

#: Characters of text that rules look at; what is longer is cut to its head, its tail and the lines that speak of errors.
LIMIT = 48_000
_HEAD = 12_000
_TAIL = 20_000
_WINDOW = 400

_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)?|[@-Z\\^_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u200b-\u200f\ufeff]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\r": "\n", "\u2028": "\n"})
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_INTERESTING = re.compile(
    r"[Ee]rror|ERROR|[Ff]ail|FAIL|[Ee]xception|panic|[Aa]bort|[Kk]illed|out of memory|not found|denied|[Tt]raceback"
)


def clean(text: str) -> str:
    """The text without terminal codes, NULs and lone surrogates, with plain quotes and line ends."""
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if text.isascii():
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = text.replace("\r\n", "\n").translate(_QUOTES)
    return text if text.isprintable() else _CONTROL.sub("", text)


def bounded(text: str, limit: int = LIMIT) -> tuple[str, bool]:
    """The text cut to `limit` characters, and whether anything was cut.

    The head has the first failure, the tail the last, and between them the windows around the first words that
    speak of an error.
    """
    if len(text) <= limit:
        return text, False
    room = limit - _HEAD - _TAIL
    parts = [text[:_HEAD]]
    at, end = _HEAD, len(text) - _TAIL
    while room > 0 and (found := _INTERESTING.search(text, at, end)):
        start = max(at, found.start() - _WINDOW // 2)
        at = min(end, found.end() + _WINDOW // 2)
        piece = text[start:at][:room]
        parts.append(piece)
        room -= len(piece)
    parts.append(text[end:])
    return "\n".join(parts), True


def lower(text: str) -> str:
    """Lower case of the same length, so that a place found in it is a place in the original."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_ASCII_LOWER)


def shape_of(text: str) -> bytes:
    """What lines that differ in nothing but figures share: each digit a zero. Of bytes that costs a tenth of what it does of a str."""
    return text.encode("utf-8", "surrogatepass").translate(_DIGITS)


def excerpt(text: str, start: int, end: int, room: int = 120) -> str:
    """The words from `start` to `end` on one line, cut at `room` characters."""
    words = text[start : min(end, start + 4 * room)]
    if "\n" in words or "\t" in words or "  " in words or words != words.strip():
        words = " ".join(words.split())
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"


def line_at(text: str, position: int) -> tuple[int, int]:
    """Start and end of the line that `position` is on."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return start, len(text) if end < 0 else end
