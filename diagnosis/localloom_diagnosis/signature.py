"""The stable name of a fault: the same fault has the same one, and nobody's data is in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .evidence import FactValue
from .rules import Scene
from .taxonomy import Category
from .text import clean, line_at, shape_of

#: Longest signature, in characters.
LIMIT = 160
_LOOK = 360

# The first alternative that matches a place decides: codes that name the fault are kept, then data goes.
# All but one begin where no word goes on, which keeps the search out of the middle of words.
_DATA = re.compile(
    r"""
    (?<![a-z0-9])(?!(?!(?:errno|winerror|os|error|err|code|status|http|exit|signal|compute|sm|localhost)\b)[a-z]+(?:[\s,;)\]']|:(?![\\/\d])|\.(?:\s|$)|$))(?:
    (?P<keep>
        \b(?:glibc|glibcxx|cxxabi|gcc)_[\d.]+
      | \b0x(?:c0[0-9a-f]{6}|8[0-9a-f]{7})\b
      | \b(?:3221\d{6}|-1073\d{6})\b
      | \b(?:errno|winerror|os\ error|error[_ ]code:?|error|err|code[ =:]{1,2}|status(?:\ code)?[ =:]{1,2}|http/[\d.]+|http|exit\ (?:code|status):?|signal|compute|sm)[ _]?=?-?\d{1,5}\b(?!\.\d)
      | \b[1-5]\d\d\ (?:client\ error|server\ error|not\ found|forbidden|unauthorized|bad\ gateway|service\ unavailable|too\ many)
      | \b[a-z]+(?:_v\d+|\d{1,2})\b(?![./:-])
    )
  | (?P<time>\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:z|[+-]\d\d:?\d\d)?|\b\d{1,2}:\d\d:\d\d(?:[.,]\d+)?\b|\d{4}[-/]\d\d[-/]\d\d)
  | (?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)
  | (?P<url>\b(?:https?|wss?|file|blob|chrome-extension|webpack-internal|webpack|node|git|ssh|hf)://[^\s'"<>)\]]*)
  | (?P<mail>[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+)
  | (?P<path>
        (?:\b[a-z]:[\\/]|\\\\|~/|\.{1,2}[\\/]|(?<![\w.)/])/)[^\s'"<>|:,;()\[\]]*
      | (?<![\w/])[\w.@~-]+(?:[\\/][\w.@~+-]+)+[\\/]?
    )
  | (?P<hash>\b(?:sha256:)?(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b)
  | (?P<hex>\b0x[0-9a-f]+\b)
  | (?P<host>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b
      | \b(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|io|co|ai|dev|cn|de|fr|uk|eu|edu|gov|local|lan|internal|localdomain|home|corp|arpa|me|app|cloud|info|es|jp|ru)\b(?::\d+)?
      | \blocalhost(?::\d+)?\b)
  | (?P<number>(?<![a-z])[-+]?\d[\d.,_]*(?:e[+-]?\d+)?\ ?(?:[kmgtp]i?b(?:ytes|it)?(?:/s)?|bytes?|ms|secs?|%|x\d+)?(?![a-z]))
    ) | (?P<tail>(?<=[a-z])\d{3,})
    """,
    re.VERBOSE,
)
#: Figures that may be a code that is kept, with each digit as a zero.
_CODE_SHAPE = re.compile(
    r"0[xX]|0{9}|000 (?:[Cc]lient|[Ss]erver|[Nn]ot|[Ff]orb|[Uu]nauth|[Bb]ad|[Ss]ervice|[Tt]oo)|0[cC]0|[a-zA-Z]_?0"
)
_SAID: dict[bytes, str] = {}
_KEPT = 4096
#: Words without digits, paths and names of hosts: nobody's data is in them.
_PLAIN = re.compile(r"(?:[a-z ,;'\"()!?_-]|[.:](?= |$))*")
_QUOTED = re.compile(r"(?P<mark>['\"`])(?P<words>[^'\"`\n]{0,300})(?P=mark)")
_NAME = re.compile(r"[\w.:#<>*+-]{1,60}\Z")
_USER_KEY = re.compile(
    r"\b(user(?:name)?|host(?:name)?|login|account|machine|home)\b(\s*[=:]\s*|\s+)['\"]?[\w.@-]+['\"]?"
)
_USER_KEYS = ("user", "host", "login", "account", "machine", "home")
_LEAD = re.compile(
    r"^(?:[\s|>*-]|\[[^\]\n]{0,60}\]|\([^)\n]{0,60}\)|<[a-z]+>|#|(?:info|warn(?:ing)?|error|err|debug|fatal|critical|trace)\b:?|level=\w+|time=\S+|source=\S+|msg=|uncaught|in promise|"
    r"[\w.]+\.(?:py|cc|cpp|cu|mm|go|rs|c|h|js|ts)\b:?|runtimeerror:|exception:)+"
)

#: Facts that name the fault better than any sentence, by category.
_FACTS: Mapping[Category, tuple[str, ...]] = {
    Category.HOST_MISSING_DEPENDENCY: ("module.missing",),
    Category.NETWORK_HTTP_ERROR: ("http.status",),
    Category.NETWORK_BLOCKED: ("http.status",),
    Category.ARTIFACT_INCOMPATIBLE: ("artifact.key", "artifact.expected", "artifact.actual"),
    Category.ARTIFACT_CORRUPT: ("artifact.file", "artifact.actual"),
    Category.ARTIFACT_TOKENIZER: ("artifact.file", "artifact.actual"),
    Category.GPU_UNSUPPORTED: ("device.requested",),
}


def normalise(message: str) -> str:
    """The message in lower case without anybody's data: paths, addresses, numbers, names of hosts and users."""
    message = message[: 2 * _LOOK]
    shape = shape_of(message)
    said = _SAID.get(shape)
    if said is not None:
        return said
    said, digits_count = _normalise(message)
    if not digits_count and not _CODE_SHAPE.search(shape.decode("utf-8", "replace")):
        # What differs in nothing but figures has the same signature.
        if len(_SAID) >= _KEPT:
            _SAID.clear()
        _SAID[shape] = said
    return said


def _normalise(message: str) -> tuple[str, bool]:
    """The normal form, and whether digits of the message are in it."""
    words = clean(message)[:_LOOK].lower()
    if any(key in words for key in _USER_KEYS):
        words = _USER_KEY.sub(r"\1\2<name>", words)
    if "'" in words or '"' in words or "`" in words:
        words = _QUOTED.sub(_unquoted, words)
    if not _PLAIN.fullmatch(words):
        words = _DATA.sub(_replaced, words)
    words = " ".join(words.split())
    said = _LEAD.sub("", words).strip(" :-,.")
    return said, any(digit in said for digit in "0123456789")


def _unquoted(found: re.Match[str]) -> str:
    words, mark = found["words"], found["mark"]
    if not words or (_NAME.match(words) and "/" not in words and not words.isdigit()):
        return f"{mark}{words}{mark}"
    replaced = _DATA.sub(_replaced, words)
    # A quoted sentence of the program is kept; what was quoted for its user is not.
    return f"{mark}{replaced}{mark}" if replaced.startswith("<") and " " not in replaced else "<text>"


def _replaced(found: re.Match[str]) -> str:
    kind = found.lastgroup or "number"
    if kind == "keep":
        return found[0]
    if kind in ("number", "tail"):
        return "#"
    if kind in ("hash", "uuid", "hex"):
        return "<hex>"
    return f"<{kind}>"


def signature(scene: Scene, category: Category, position: int) -> str:
    """category|type of the first error|what was said, at most LIMIT characters.

    Args:
        scene: the failure.
        category: the verdict.
        position: where in the text the words are that decided, or -1.
    """
    kind, message = _salient(scene, category, position)
    facts = scene.evidence.facts
    named = [
        f"{name}={_short(facts[name])}"
        for name in _FACTS.get(category, ())
        if facts.get(name) not in (None, "")
    ]
    said = " ".join(named) if named else normalise(message)
    if kind and said.startswith(f"{kind.lower()}: "):
        said = said[len(kind) + 2 :]
    return f"{category.value}|{kind}|{said}"[:LIMIT].rstrip()


def _short(value: FactValue) -> str:
    return normalise(str(value)) if not isinstance(value, (bool, int, float)) else f"{value:g}"


def _salient(scene: Scene, category: Category, position: int) -> tuple[str, str]:
    """The type of the first error with one, and the line that the verdict rests on."""
    errors = scene.evidence.errors
    kind = next((error.type for error in errors if error.type), "")
    if position >= 0:
        start, end = line_at(scene.text, position)
        # A long line is looked at around the words that decided.
        start = max(start, position - _LOOK // 4)
        return kind, scene.text[start : min(end, start + _LOOK)]
    declared = next((error for error in errors if error.category is category), None)
    error = declared or (errors[0] if errors else None)
    if error is not None and error.message.strip():
        return error.type or kind, error.message.strip().split("\n", 1)[0]
    evidence = scene.evidence
    if evidence.signal:
        return kind, evidence.signal
    if evidence.exit_code is not None:
        return kind, f"exit code {evidence.exit_code}"
    return kind, (scene.phase.value if evidence.hung and scene.phase else "")
