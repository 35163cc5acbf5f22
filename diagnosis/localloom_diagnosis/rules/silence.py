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


#: The same in a sentence; logs have these words while nothing is wrong.
_FAILING_WORDS = (
    "n't ",
    " require",
    " needs",
    "needed,",
    " below ",
    " only ",
    "vanish",
    "reaped",
    "= false",
    "rubbish",
    " is no ",
    "same:",
)

#: The shell asks for the next command: what ran before has ended.
_PROMPT = re.compile(
    r"\n(?:\([^()\n]{1,40}\) ?)?(?:(?:PS )?[A-Za-z]:\\[^\n>]{0,200}>|[\w.-]{1,40}@[\w.-]{1,60}[: ][^\n]{0,120}[$#%])$"
)

#: So much of the last line is looked at, in characters.
_LAST_LOOK = 400
#: So much of a text is looked at to tell a log from a sentence, in characters.
_LOOK = 2000
_LOGGED = re.compile(r"[\d%:=]|\[(?!object )|\.\.\.|…")
#: A stack is shown of errors, and of nothing else: what was raised at its end is cut off.
_STACK = re.compile(
    r"traceback|stack trace|backtrace|\bfile \"[^\"\n]{1,200}\", line \d|\n\s{2,8}at [\w.$<>]{2,80} ?\(|#\d{1,3} +(?:pc |0x|\S{1,80}::)|goroutine \d|报错|報錯"
)
#: Words of which sentences are made, and logs are not.
_SAYING = re.compile(
    r"\b(?:i|i'm|my|me|the|is|are|was|were|when|with|does|it|that|this|they|to|in|on|of|an?|and|but|for|after|while|any|how|why|all)\b"
)
_SAYINGS = 4
#: Engines whose own code is native: what ends them says nothing, where others print a traceback.
_NATIVE = re.compile(
    r"\b(?:llama|llm|ggml|gguf|whisper|clip|gptj|mpt|rwkv|kobold|bert|sd|tflite|litert|mediapipe)_?\w*|\.dll\b|\.so\b"
)
_UNSAID: Votes = ((_C.PROCESS_HUNG, 0.2),)


def _silent(scene: Scene) -> Iterator[Vote]:
    """A text that speaks of no failure at all is what the screen showed when nothing more came."""
    text = scene.text.strip()
    if not text or any(word in scene.low for word in _FAILURE_WORDS) or _STACK.search(scene.low[:_LOOK]):
        return
    # A stack is shown of what was raised: the line that says it was not copied.
    if any(error.traceback for error in scene.evidence.errors):
        return
    if "\n" not in text and any(word in scene.low for word in _FAILING_WORDS):
        return
    last = text.rsplit("\n", 1)[-1]
    # A log, or a bar that stands still, has figures or lines; a few words alone say nothing.
    logged = "\n" in text or _LOGGED.search(last)
    told = len(_SAYING.findall(scene.low[:_LOOK])) >= _SAYINGS and "\n" not in text
    category, weight, also = _stopped(scene, several="\n" in text) if logged else (_C.UNKNOWN, 0.3, _UNSAID)
    if told and category is not _C.PROCESS_HUNG:
        category, weight, also = _C.UNKNOWN, 0.3, _UNSAID
    if _PROMPT.search(text):
        category, weight, also = (
            _C.PROCESS_CRASHED,
            0.46,
            ((_C.HOST_OUT_OF_MEMORY, 0.3), (_C.GPU_OUT_OF_MEMORY, 0.2)),
        )
    yield Vote("silent", category, weight, _SILENT, last[:100], wrapper=True, also=also)


def _stopped(scene: Scene, *, several: bool) -> tuple[Category, float, Votes]:
    """What a log means that goes no further, by the phase: most who show one while a model loads or answers wait for it."""
    phase = scene.phase
    if phase is Phase.COMPILE:
        # A compiler that says nothing has work to do: people show its log for what they had expected of it.
        return (
            _C.UNKNOWN,
            0.2,
            ((_C.COMPILE_FAILED, 0.3), (_C.ARTIFACT_INCOMPATIBLE, 0.3), (_C.PROCESS_HUNG, 0.2)),
        )
    if phase is None and not several:
        # Any line of any log: nobody says that a model was being loaded.
        return _C.UNKNOWN, 0.4, ((_C.PROCESS_HUNG, 0.25),)
    if phase in (Phase.PREFLIGHT, Phase.RESOLVE, Phase.METADATA):
        return _C.UNKNOWN, 0.2, ((_C.PROCESS_HUNG, 0.15),)
    if phase is Phase.LOAD and several:
        native = _NATIVE.search(scene.low[:_LOOK]) and not scene.runtime.startswith(
            ("ollama", "vllm", "mlc", "web")
        )
        if native:
            return _C.PROCESS_CRASHED, 0.46, ((_C.PROCESS_HUNG, 0.4), (_C.GPU_OUT_OF_MEMORY, 0.15))
        return _C.PROCESS_HUNG, 0.56, ((_C.PROCESS_CRASHED, 0.3), (_C.UNKNOWN, 0.2))
    if phase in _DOWNLOADING:
        return _C.PROCESS_HUNG, 0.42, ((_C.NETWORK_TIMEOUT, 0.32),)
    return _C.PROCESS_HUNG, 0.42, ((_C.UNKNOWN, 0.25),)


#: A window that waits for a key, or goes away: its program has ended.
_KEY = re.compile(
    r"press any key|press enter|qualquer tecla|una tecla|une touche|eine beliebige|任意键|任意鍵"
)
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
    if found is None or any(word in scene.low for word in _FAILURE_WORDS) or _KEY.search(last):
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
