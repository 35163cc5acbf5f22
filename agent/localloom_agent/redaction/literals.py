"""Known texts to replace: this machine's own names and folders, however they are spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .marks import any_in

#: Names that are words of error texts: replaced only where the context says that they name a user or a host.
_COMMON_WORDS = frozenset(
    """
    admin administrator agent apple art bill bin bot browser build builder canary chip chrome ci cloud cluster code
    computer container core cpu cuda daemon data debian debug default demo desktop dev developer device disk docker
    edge engine error event fedora file frank gpu grace grant guest guy home host jack jenkins job jupyter laptop
    linux list local localhost localloom log login mac macbook machine main major mark master max may memory metal
    mike miner model name neo net node none null nvidia office operator path pc phone pi port post process prod python ray rich
    rob root run runner sam server service shard shell spot staff stage storage student sys system task test tester
    tmp token tom tool trainer ubuntu unknown user username vagrant van video vm vscode web weight weights will win
    windows word work workgroup worker workstation www azuread
    """.split()  # noqa: SIM905 - words are read and edited best as a text
)


@dataclass(frozen=True, slots=True)
class Literals:
    """Known texts to replace, behind a test for a part that each of them must hold."""

    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    placeholder: str

    def apply(self, s: str, lower: str) -> str:
        """The text with the placeholder for each; `lower` is the text in lower case."""
        return self.pattern.sub(self.placeholder, s) if any_in(self.marks, lower) else s


def literals(
    texts: Iterable[str],
    before: str,
    after: str,
    placeholder: str,
    *,
    mark_before: str = "",
    mark_after: str = "",
) -> tuple[Literals, ...]:
    """The rule that replaces any of the texts between the two contexts; none for no texts."""
    # Longest first: one may begin with another.
    kept = sorted({text for text in texts if text}, key=lambda text: (-len(text), text))
    if not kept:
        return ()
    # The longest piece that every spelling of the text has in common.
    marks = {mark_before + max(re.split(r"[\\/ :]", text.lower()), key=len) + mark_after for text in kept}
    pattern = f"{before}(?:{'|'.join(map(_any_spelling, kept))}){after}"
    return (Literals(tuple(sorted(marks)), re.compile(pattern, re.IGNORECASE), placeholder),)


def is_common(name: str) -> bool:
    """Whether a name is a word of error texts, or too short to be telling."""
    return len(name) < 3 or name.isdigit() or name.lower() in _COMMON_WORDS


def _any_spelling(text: str) -> str:
    """A pattern for a literal whose separators may be either slash, doubled by JSON's escapes, or URL-encoded."""
    spellings = {" ": "(?: |%20)", ":": "(?::|%3A)"}
    parts = re.split(r"[\\/]+", text.removeprefix("/"))
    # The root's slash is one, for a file URL keeps its two.
    return (r"\\?/" if text.startswith("/") else "") + r"[\\/]{1,8}".join(
        "".join(spellings.get(char) or re.escape(char) for char in part) for part in parts
    )
