"""Texts that speak of no failure: what the screen showed when nothing more came, and what fails most often then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Reason, Scene, Vote, Votes

_C = Category
_SILENT = Reason("the text stops without speaking of a failure", "el texto se detiene sin hablar de un fallo")
_WEAK = Reason("no phrase in it is known", "no contiene ninguna frase conocida")
_PRIOR = Reason("what fails most often in this phase", "lo que más suele fallar en esta fase")
_DOWNLOADING = (Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS)

_FAILURE_WORDS = (
    "error", "fail", "exception", "cannot", "can't", "could not", "couldn't", "unable", "not ", "invalid", "missing", "abort",
    "crash", "kill", "died", "fatal", "panic", "denied", "refused", "assert", "warn", "lost", "nan", " fault", "segfault", "unsupported",
    "unknown", "illegal", "without support", "exits", "closes", "disappear", "quits", "reloads", "bad ", "wrong", "out of", "exceed", "too ",
)  # fmt: skip


#: The shell asks for the next command: what ran before has ended.
_PROMPT = re.compile(
    r"\n(?:\([^()\n]{1,40}\) ?)?(?:(?:PS )?[A-Za-z]:\\[^\n>]{0,200}>|[\w.-]{1,40}@[\w.-]{1,60}[: ][^\n]{0,120}[$#%])$"
)

#: So much of the last line is looked at, in characters.
_LAST_LOOK = 400
_LOGGED = re.compile(r"[\d%:=]|\[(?!object )|\.\.\.|…")


def _silent(scene: Scene) -> Iterator[Vote]:
    """A text that speaks of no failure at all is what the screen showed when nothing more came."""
    if scene.text.strip() and not any(word in scene.low for word in _FAILURE_WORDS):
        last = scene.text.strip().rsplit("\n", 1)[-1]
        # A log, or a bar that stands still, has figures or lines; a few words alone say nothing.
        logged = "\n" in scene.text.strip() or _LOGGED.search(last)
        first, second = (_C.PROCESS_HUNG, _C.UNKNOWN) if logged else (_C.UNKNOWN, _C.PROCESS_HUNG)
        if _PROMPT.search(scene.text.strip()):
            first = _C.PROCESS_CRASHED
        # While a model is loaded or compiled for, nobody shows a log that went on.
        several = first is _C.PROCESS_HUNG and "\n" in scene.text.strip()
        weight = 0.62 if several and scene.phase in (Phase.LOAD, Phase.COMPILE) else 0.42
        yield Vote("silent", first, weight, _SILENT, last[:100], wrapper=True, also=((second, 0.25),))


#: Progress that is not at its end; with the figures that a bar or a count has.
_UNFINISHED = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d)?% ?(?:[|▕]|completed|\(elapsed|$)|load progress \d\.\d\d"
)


def unfinished(scene: Scene) -> Iterator[Vote]:
    """A text without a word of failure that ends within a count of progress: it went no further."""
    last = scene.low.strip().rsplit("\n", 1)[-1][:_LAST_LOOK]
    if "%" not in last and "progress" not in last:
        return
    found = _UNFINISHED.search(last)
    if found is None or any(word in scene.low for word in _FAILURE_WORDS):
        return
    if scene.phase in (Phase.LOAD, Phase.COMPILE, Phase.GENERATE):
        yield Vote(
            "unfinished",
            _C.PROCESS_HUNG,
            0.76,
            _SILENT,
            last[:100].strip(),
            also=((_C.NETWORK_TIMEOUT, 0.12),),
        )
    elif scene.phase in _DOWNLOADING:
        yield Vote(
            "unfinished",
            _C.NETWORK_TIMEOUT,
            0.5,
            _SILENT,
            last[:100].strip(),
            also=((_C.PROCESS_HUNG, 0.48),),
        )


_PRIORS: dict[Phase, Votes] = {
    Phase.PREFLIGHT: ((_C.GPU_UNSUPPORTED, 0.14), (_C.HOST_MISSING_DEPENDENCY, 0.1), (_C.GPU_DRIVER, 0.06)),
    Phase.RUNTIME: (
        (_C.HOST_MISSING_DEPENDENCY, 0.16),
        (_C.ARTIFACT_INCOMPATIBLE, 0.1),
        (_C.GPU_UNSUPPORTED, 0.06),
    ),
    Phase.RESOLVE: (
        (_C.ARTIFACT_MODEL_NOT_FOUND, 0.2),
        (_C.CONFIG_INVALID, 0.08),
        (_C.NETWORK_BLOCKED, 0.05),
    ),
    Phase.METADATA: (
        (_C.ARTIFACT_INCOMPATIBLE, 0.1),
        (_C.ARTIFACT_TOKENIZER, 0.09),
        (_C.NETWORK_BLOCKED, 0.06),
    ),
    Phase.WEIGHTS: ((_C.NETWORK_TIMEOUT, 0.08), (_C.NETWORK_UNREACHABLE, 0.09), (_C.ARTIFACT_CORRUPT, 0.07)),
    Phase.COMPILE: ((_C.COMPILE_FAILED, 0.22), (_C.HOST_MISSING_DEPENDENCY, 0.16), (_C.CONFIG_INVALID, 0.06)),
    Phase.LOAD: ((_C.ARTIFACT_INCOMPATIBLE, 0.12), (_C.GPU_OUT_OF_MEMORY, 0.09), (_C.PROCESS_CRASHED, 0.07)),
    Phase.GENERATE: ((_C.PROCESS_CRASHED, 0.07), (_C.GENERATE_NUMERIC, 0.09), (_C.PROCESS_HUNG, 0.06)),
}


def priors(scene: Scene) -> Iterator[Vote]:
    """What a text means of which no rule knows anything: that it stops, and what fails most often in the phase."""
    yield from _silent(scene)
    if scene.text.strip():
        yield Vote("prior", _C.UNKNOWN, 0.2, _WEAK, "", wrapper=True)
    if scene.phase is not None and scene.text.strip():
        for category, weight in _PRIORS[scene.phase]:
            yield Vote("prior", category, weight, _PRIOR, scene.phase.value, wrapper=True)
