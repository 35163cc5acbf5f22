"""What a program gave out in place of words: one piece again and again, signs of many scripts, a bare number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Reason, Scene, Vote

_C = Category
_REPEATS = Reason("the output repeats itself", "la salida se repite")
#: Generated text that repeats itself does so from near its start on, in characters.
_REPEATED_LOOK = 2000
_POINTER = Reason(
    "an exception of native code came out as a bare number",
    "una excepción de código nativo salió como un simple número",
)
_NUMBER = re.compile(r"[\"'`\s]{0,3}\d{6,12}[\"'`\s]{0,3}")


def bare_number(scene: Scene) -> Iterator[Vote]:
    """Exceptions of C++ come out of WebAssembly as the number of their address, and some pages show no more."""
    if len(scene.text) < _NUMBER_ROOM and _NUMBER.fullmatch(scene.text):
        yield Vote(
            "bare-number",
            _C.UNKNOWN,
            0.42,
            _POINTER,
            also=(
                (_C.HOST_OUT_OF_MEMORY, 0.36),
                (_C.ARTIFACT_INCOMPATIBLE, 0.34),
                (_C.PROCESS_CRASHED, 0.15),
            ),
        )


_REPEATED = re.compile(r"((?:[^\W\d_]{1,6}|<[\w/|]{1,12}>|[@!?]) ?)\1{9}")
#: A sign that is neither of a progress bar nor of a spinner, again and again.
_SIGNS = re.compile(r"([^\x00-\x7f\u2500-\u259f\u2800-\u28ff\s]\s{0,2})\1{9}")
_NUMBER_ROOM = 20
_MARKS = re.compile(r"[.,]{24,}")
#: Signs in a row among which are no small letters, as random tokens are.
_NOISE = re.compile(r"[!-\x60{-~]{40,}")
_NOISE_SIGNS = 12
#: Letters of so many scripts within one line are no text that anybody wrote.
_SCRIPTS = tuple(
    re.compile(f"[{letters}]")
    for letters in (
        "a-zA-Z",
        "\u0370-\u03ff",
        "\u0400-\u04ff",
        "\u0590-\u05ff",
        "\u0600-\u06ff",
        "\u0900-\u0e7f",
        "\u3040-\u30ff",
        "\u4e00-\u9fff",
        "\uac00-\ud7af",
    )
)
_BABBLE_SCRIPTS = 4
#: Syllables that run into each other, of which so few are different.
_SYLLABLES = re.compile(r"(?:[A-Z][a-z]{0,7}){14,80}")
_SYLLABLE = re.compile(r"[A-Z][a-z]{0,7}")
_FEW_SYLLABLES = 4
#: One word again and again.
_SAME_WORD = re.compile(r"\b([^\W\d_]{2,10})(?:[ ,.]{1,2}\1\b){3}")
#: A letter of another alphabet, or the sign for what is none, within a word of plain letters.
_TORN = re.compile(
    r"[a-z]\ufffd|\ufffd[a-z]|[a-z][\u0370-\u04ff\u0590-\u06ff\u2150-\u218f\u3040-\u9fff\uac00-\ud7af][a-z]"
)
_LINE = re.compile(r"[^\n]+")
#: A line of so many words of which so few are different goes round in a circle.
_CIRCLE_WORDS = 16
_CIRCLE_SHARE = 5
_LETTER = re.compile(r"[^\W\d_]")


def _circle(text: str) -> str:
    """The first line that says few words again and again, or ""."""
    for line in text.split("\n"):
        words = line.split()
        if len(words) >= _CIRCLE_WORDS:
            told = [word for word in words if _LETTER.search(word)]
            if 2 * len(told) > len(words) and _CIRCLE_SHARE * len(set(words)) <= len(words):
                return line
    return ""


def _scripts(line: str) -> int:
    return 0 if line.isascii() else sum(1 for script in _SCRIPTS if script.search(line))


def repeating(scene: Scene) -> Iterator[Vote]:
    """What was generated is one piece of text again and again, or no text at all."""
    text = scene.text[:_REPEATED_LOOK]
    found = _SIGNS.search(text) or (_REPEATED.search(text) if scene.phase in (None, Phase.GENERATE) else None)
    if found is None and "..,." in text:
        found = _MARKS.search(text)
    if found is None and scene.phase is Phase.GENERATE:
        found = _NOISE.search(text)
        if found and len({char for char in found[0] if not char.isalnum()}) < _NOISE_SIGNS:
            found = None
    if found is None and scene.phase is Phase.GENERATE:
        found = next(
            (
                run
                for run in _SYLLABLES.finditer(text)
                if len(set(_SYLLABLE.findall(run[0]))) <= _FEW_SYLLABLES
            ),
            None,
        ) or _SAME_WORD.search(text)
        if found is None and not text.isascii():
            found = _TORN.search(text)
    if found is None and not text.isascii():
        found = next((line for line in _LINE.finditer(text) if _scripts(line[0]) >= _BABBLE_SCRIPTS), None)
    words = found[0] if found else _circle(text) if scene.phase is Phase.GENERATE else ""
    if words:
        yield Vote(
            "repeating",
            _C.GENERATE_NUMERIC,
            0.86,
            _REPEATS,
            words[:60],
            also=((_C.ARTIFACT_TOKENIZER, 0.12),),
        )
