"""Rules on everything but wording: the probe's own checks, how the process ended, exchanges, figures, the phase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.evidence import Evidence, Exchange
from localloom_diagnosis.taxonomy import Category, Phase

from .frames import raised
from .output import bare_number, repeating
from .rule import Reason, Scene, StateRule, Vote, Votes
from .silence import unfinished

_C = Category

_DECLARED = Reason("the probe's own check found it", "lo encontró la propia comprobación de la sonda")
_OOM_KILL = Reason(
    "the system's memory counters show kills in this run",
    "los contadores de memoria del sistema muestran procesos terminados",
)
_SIGNAL = Reason("the process was ended by a signal", "una señal terminó el proceso")
_EXIT = Reason("the process ended with this exit code", "el proceso terminó con este código")
_HUNG = Reason(
    "no sign of life until the watchdog ended it", "sin señales de vida hasta que el vigilante lo terminó"
)
_PENDING = Reason("an exchange was still waiting for its answer", "un intercambio seguía esperando respuesta")
_STATUS = Reason("the server answered", "el servidor respondió")
_FIGURES = Reason("the figures say so", "lo dicen las cifras")
_CHECKED = Reason("a check of the file says so", "lo dice la comprobación del archivo")
_MODULE = Reason("a library or module is missing", "falta una biblioteca o un módulo")
_MODEL = Reason(
    "the model is not in the registry; the nearest are",
    "el modelo no está en el registro; los más parecidos son",
)
_VERSION = Reason("another version of the runtime is wanted", "hace falta otra versión del motor")
_DEVICE = Reason("the device that was asked for is not there", "el dispositivo pedido no está")
_NUMERIC = Reason(
    "the tokens or logits differ from the reference", "los tokens o logits difieren de la referencia"
)
_CONTEXT = Reason("the prompt is longer than the context", "la petición es más larga que el contexto")
_LIMIT = Reason("the phase ran over its limit", "la fase superó su límite")
_EMPTY = Reason("an empty error of this type in this phase", "un error vacío de este tipo en esta fase")
_MACHINE = Reason("the machine's description says so", "lo dice la descripción del equipo")
#: How much of a log is searched for an NTSTATUS, in characters.
_STATUS_LOOK = 48_000

_SIGNALS: dict[str, tuple[Category, float, Votes]] = {
    "SIGKILL": (_C.HOST_OUT_OF_MEMORY, 0.72, ((_C.PROCESS_CRASHED, 0.3),)),
    "SIGILL": (_C.HOST_UNSUPPORTED_CPU, 0.93, ((_C.ARTIFACT_INCOMPATIBLE, 0.15),)),
    "SIGSEGV": (_C.PROCESS_CRASHED, 0.88, ((_C.ARTIFACT_INCOMPATIBLE, 0.12),)),
    "SIGBUS": (_C.PROCESS_CRASHED, 0.66, ((_C.ARTIFACT_CORRUPT, 0.35),)),
    "SIGABRT": (_C.PROCESS_CRASHED, 0.7, ((_C.ARTIFACT_INCOMPATIBLE, 0.12),)),
    "SIGFPE": (_C.PROCESS_CRASHED, 0.85, ()),
    "SIGTRAP": (_C.PROCESS_CRASHED, 0.8, ()),
    "SIGSYS": (_C.PROCESS_CRASHED, 0.7, ((_C.STORAGE_PERMISSION, 0.2),)),
    "SIGXFSZ": (_C.STORAGE_QUOTA_OR_DISK_FULL, 0.9, ()),
}
_NUMBERS = {
    4: "SIGILL",
    5: "SIGTRAP",
    6: "SIGABRT",
    7: "SIGBUS",
    8: "SIGFPE",
    9: "SIGKILL",
    11: "SIGSEGV",
    25: "SIGXFSZ",
    31: "SIGSYS",
}
#: Windows ends a process with an NTSTATUS; as an unsigned number.
_NTSTATUS: dict[int, tuple[Category, float]] = {
    0xC0000005: (_C.PROCESS_CRASHED, 0.88),
    0xC000001D: (_C.HOST_UNSUPPORTED_CPU, 0.93),
    # A check of the program itself ended it: of three that said no more, one had another cause.
    0xC0000409: (_C.PROCESS_CRASHED, 0.8),
    0xC0000374: (_C.PROCESS_CRASHED, 0.85),
    0xC00000FD: (_C.PROCESS_CRASHED, 0.85),
    0xC0000094: (_C.PROCESS_CRASHED, 0.85),
    0xC0000017: (_C.HOST_OUT_OF_MEMORY, 0.93),
    0xC000012D: (_C.HOST_OUT_OF_MEMORY, 0.93),
    0xC0000135: (_C.HOST_MISSING_DEPENDENCY, 0.93),
    0xC0000139: (_C.ARTIFACT_INCOMPATIBLE, 0.75),
    0xC0000142: (_C.HOST_MISSING_DEPENDENCY, 0.7),
    0xC000007B: (_C.ARTIFACT_INCOMPATIBLE, 0.8),
    0xC0000022: (_C.STORAGE_PERMISSION, 0.7),
}
#: How native code ends that does not look at what an allocation returned.
_ALLOCATING = ("SIGSEGV", "SIGABRT", "SIGBUS")
_NEAR = 0.9
_DOWNLOADING = (Phase.RESOLVE, Phase.METADATA, Phase.WEIGHTS)


def number(evidence: Evidence, name: str) -> float | None:
    """The fact as a number, or None where it is absent or no number."""
    value = evidence.facts.get(name)
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except ValueError:
        return None


def pending(exchange: Exchange) -> bool:
    """Whether the exchange never got its answer, as opposed to a wrong one."""
    words = exchange.error.lower()
    return exchange.status is None and (
        not words
        or any(word in words for word in ("pending", "timeout", "timed out", "time out", "stall", "aborted"))
    )


def _declared(scene: Scene) -> Iterator[Vote]:
    seen: set[Category] = set()
    for error in scene.evidence.errors:
        if error.category is not None and error.category not in seen:
            # The first check that failed is the cause; later ones speak of what it led to.
            weight = 0.6 if seen else 0.975
            seen.add(error.category)
            yield Vote("declared", error.category, weight, _DECLARED, error.message or error.type)


def _ending(scene: Scene) -> Iterator[Vote]:
    evidence = scene.evidence
    kills = number(evidence, "cgroup.oom_kills") or 0
    if kills > 0:
        yield Vote("oom-kills", _C.HOST_OUT_OF_MEMORY, 0.98, _OOM_KILL, f"cgroup.oom_kills={kills:g}")
    code = evidence.exit_code
    name = evidence.signal.upper()
    if not name and code is not None:
        name = _NUMBERS.get(-code if code < 0 else code - 128 if 128 < code < 160 else 0, "")
    if name in _SIGNALS and not evidence.hung:
        category, weight, also = _SIGNALS[name]
        if name == "SIGKILL" and number(evidence, "cgroup.oom_kills") == 0:
            # The counter would have told of the kernel: somebody else killed it.
            category, weight, also = _C.PROCESS_CRASHED, 0.84, ((_C.HOST_OUT_OF_MEMORY, 0.4),)
        elif name in _ALLOCATING and _near_limit(evidence):
            weight = 0.5
        yield Vote("signal", category, weight, _SIGNAL, name, also=also)
    if code is not None and (status := _NTSTATUS.get(code & 0xFFFFFFFF)):
        yield Vote("ntstatus", status[0], status[1], _EXIT, f"{code & 0xFFFFFFFF:#010x}")
    elif code == 127:
        yield Vote("exit-127", _C.HOST_MISSING_DEPENDENCY, 0.7, _EXIT, "127")
    elif code and not name:
        yield Vote("exit-code", _C.PROCESS_CRASHED, 0.25, _EXIT, str(code), wrapper=True)


_STATUS_IN_TEXT = re.compile(
    r"(?<!\w)(?:0xc0000(?P<hex>[0-9a-f]{3})|(?P<unsigned>322122[5-7]\d{3})|(?P<signed>-10737[34]\d{4}))\b"
)


def _status_in_text(scene: Scene) -> Iterator[Vote]:
    """Windows' NTSTATUS by which a log says that a process ended, in any of its three notations."""
    low = scene.low
    if "0xc0000" not in low and "32212" not in low and "-10737" not in low:
        return
    if "gpu_process" in low or "gpu process" in low:
        # A browser's process of its own, without which pages go on.
        return
    for found in _STATUS_IN_TEXT.finditer(low[:_STATUS_LOOK]):
        if found["hex"]:
            code = 0xC0000000 + int(found["hex"], 16)
        else:
            code = int(found["unsigned"] or found["signed"]) & 0xFFFFFFFF
        if known := _NTSTATUS.get(code):
            yield Vote("ntstatus-in-text", known[0], known[1], _EXIT, found[0], found.start())
            return


def _hang(scene: Scene) -> Iterator[Vote]:
    evidence = scene.evidence
    waiting = next((x for x in evidence.exchanges if pending(x)), None)
    if evidence.hung:
        age = number(evidence, "progress.age_s")
        found = f"{age:g} s" if age is not None else (scene.phase.value if scene.phase else "hung")
        if waiting is not None:
            yield Vote(
                "hung-pending",
                _C.NETWORK_TIMEOUT,
                0.93,
                _PENDING,
                waiting.url,
                also=((_C.PROCESS_HUNG, 0.3),),
            )
        else:
            yield Vote("hung", _C.PROCESS_HUNG, 0.93, _HUNG, found)
    elif waiting is not None and waiting.error:
        yield Vote(
            "pending", _C.NETWORK_TIMEOUT, 0.7, _PENDING, waiting.url, also=((_C.NETWORK_UNREACHABLE, 0.2),)
        )
    limit = number(evidence, "limit.seconds")
    if limit is not None and not evidence.hung:
        category = _C.NETWORK_TIMEOUT if scene.phase in _DOWNLOADING else _C.PROCESS_HUNG
        yield Vote("limit", category, 0.6, _LIMIT, f"{limit:g} s")


def _status(scene: Scene) -> Iterator[Vote]:
    statuses = [(x.status, x.url) for x in scene.evidence.exchanges if x.status is not None]
    fact = number(scene.evidence, "http.status")
    if fact is not None:
        statuses.append((int(fact), str(scene.evidence.facts.get("http.url", ""))))
    for status, url in statuses[:3]:
        found = f"{status} {url}".strip()
        if status in (401, 403, 407, 451):
            yield Vote(
                "http-denied",
                _C.NETWORK_BLOCKED,
                0.93,
                _STATUS,
                found,
                also=((_C.ARTIFACT_MODEL_NOT_FOUND, 0.15),),
            )
        elif status in (404, 410):
            resolving = scene.phase is Phase.RESOLVE
            votes: Votes = ((_C.ARTIFACT_MODEL_NOT_FOUND, 0.88 if resolving else 0.4),)
            yield Vote(
                "http-absent", _C.NETWORK_HTTP_ERROR, 0.5 if resolving else 0.86, _STATUS, found, also=votes
            )
        elif status >= 400:
            yield Vote("http-status", _C.NETWORK_HTTP_ERROR, 0.94, _STATUS, found)


def _exceeds(scene: Scene, needed: str, there: str) -> str:
    need, has = number(scene.evidence, needed), number(scene.evidence, there)
    return (
        f"{needed}={need:g} > {there}={has:g}" if need is not None and has is not None and need > has else ""
    )


def _memory(scene: Scene) -> Iterator[Vote]:
    if not scene.evidence.facts:
        return
    if found := _exceeds(scene, "disk.needed", "disk.free"):
        yield Vote("disk-figures", _C.STORAGE_QUOTA_OR_DISK_FULL, 0.93, _FIGURES, found)
    if found := _exceeds(scene, "gpu.memory.needed", "gpu.memory.free") or _exceeds(
        scene, "gpu.memory.needed", "gpu.memory.total"
    ):
        yield Vote("gpu-figures", _C.GPU_OUT_OF_MEMORY, 0.9, _FIGURES, found)
    if found := _exceeds(scene, "memory.needed", "memory.available") or _exceeds(
        scene, "memory.needed", "memory.limit"
    ):
        yield Vote("memory-figures", _C.HOST_OUT_OF_MEMORY, 0.85, _FIGURES, found)
    if _near_limit(scene.evidence):
        crashed = scene.evidence.signal in _ALLOCATING or "failed to map segment" in scene.low
        peak, limit = scene.evidence.facts["memory.peak"], scene.evidence.facts["memory.limit"]
        yield Vote(
            "memory-peak",
            _C.HOST_OUT_OF_MEMORY,
            0.95 if crashed else 0.7,
            _FIGURES,
            f"memory.peak={peak}, memory.limit={limit}",
        )


def _near_limit(evidence: Evidence) -> bool:
    """Whether the process came so near to its memory limit that an allocation must have failed."""
    peak, limit = number(evidence, "memory.peak"), number(evidence, "memory.limit")
    return peak is not None and limit is not None and limit > 0 and peak >= _NEAR * limit


def _artifact(scene: Scene) -> Iterator[Vote]:
    facts = scene.evidence.facts
    if not facts:
        return
    name = str(facts.get("artifact.file", ""))
    tokenizer = "tokenizer" in name or "vocab" in name
    category = _C.ARTIFACT_TOKENIZER if tokenizer else _C.ARTIFACT_CORRUPT
    for kind, weight in (("bytes", 0.93), ("md5", 0.96)):
        wanted, there = facts.get(f"artifact.expected_{kind}"), facts.get(f"artifact.actual_{kind}")
        if wanted is not None and there is not None and wanted != there:
            yield Vote(
                f"artifact-{kind}", _C.ARTIFACT_CORRUPT, weight, _CHECKED, name or f"{there} != {wanted}"
            )
    actual = str(facts.get("artifact.actual", "")).lower()
    if any(word in actual for word in ("lfs", "html", "truncated", "empty", "not json", "invalid json")):
        yield Vote(
            "artifact-actual",
            category,
            0.95,
            _CHECKED,
            str(facts["artifact.actual"]),
            also=((_C.ARTIFACT_CORRUPT, 0.3),),
        )
    elif actual and tokenizer:
        yield Vote(
            "artifact-tokenizer",
            _C.ARTIFACT_TOKENIZER,
            0.9,
            _CHECKED,
            str(facts["artifact.actual"]),
            also=((_C.ARTIFACT_CORRUPT, 0.25),),
        )
    elif actual and facts.get("artifact.expected") is not None:
        yield Vote(
            "artifact-expected",
            _C.ARTIFACT_INCOMPATIBLE,
            0.8,
            _CHECKED,
            str(facts["artifact.actual"]),
            also=((_C.ARTIFACT_CORRUPT, 0.2),),
        )
    if "artifact.key" in facts:
        yield Vote(
            "artifact-key",
            _C.ARTIFACT_INCOMPATIBLE,
            0.55,
            _CHECKED,
            str(facts["artifact.key"]),
            also=((_C.ARTIFACT_CORRUPT, 0.35), (_C.CONFIG_INVALID, 0.2)),
        )
    if facts.get("module.missing"):
        yield Vote("module-missing", _C.HOST_MISSING_DEPENDENCY, 0.92, _MODULE, str(facts["module.missing"]))
    if facts.get("model.nearest"):
        yield Vote("model-nearest", _C.ARTIFACT_MODEL_NOT_FOUND, 0.85, _MODEL, str(facts["model.nearest"]))
    if facts.get("runtime.wanted"):
        yield Vote("runtime-wanted", _C.ARTIFACT_INCOMPATIBLE, 0.82, _VERSION, str(facts["runtime.wanted"]))


def _device(scene: Scene) -> Iterator[Vote]:
    facts = scene.evidence.facts
    if facts.get("device.requested") and facts.get("device.reason"):
        found = f"{facts['device.requested']}: {facts['device.reason']}"
        yield Vote(
            "device-reason",
            _C.GPU_UNSUPPORTED,
            0.85,
            _DEVICE,
            found,
            also=((_C.GPU_DRIVER, 0.2), (_C.HOST_MISSING_DEPENDENCY, 0.2)),
        )


def _tokens(scene: Scene) -> Iterator[Vote]:
    if not scene.evidence.facts:
        return
    bad, agreement = number(scene.evidence, "tokens.nonfinite"), number(scene.evidence, "tokens.agreement")
    if bad:
        yield Vote("nonfinite", _C.GENERATE_NUMERIC, 0.97, _NUMERIC, f"tokens.nonfinite={bad:g}")
    if agreement is not None and agreement < 1:
        yield Vote("agreement", _C.GENERATE_NUMERIC, 0.93, _NUMERIC, f"tokens.agreement={agreement:g}")
    if found := _exceeds(scene, "prompt.tokens", "context.window"):
        yield Vote("context-figures", _C.GENERATE_CONTEXT_OVERFLOW, 0.94, _CONTEXT, found)


def _empty(scene: Scene) -> Iterator[Vote]:
    """Errors without words, which mean what the step they come from means."""
    for error in scene.evidence.errors:
        trail = error.traceback.lower()
        bare = not error.message.strip() and "llama_cpp" not in trail
        if bare and error.type == "AssertionError" and scene.phase in (Phase.WEIGHTS, Phase.LOAD):
            weight = 0.75 if scene.phase is Phase.WEIGHTS or "tvmjs" in trail or "shard" in trail else 0.5
            yield Vote(
                "bare-assertion",
                _C.ARTIFACT_CORRUPT,
                weight,
                _EMPTY,
                error.type,
                also=((_C.ARTIFACT_INCOMPATIBLE, 0.3),),
            )
        elif error.type == "Exception" and (
            "tokenizer" in trail or scene.phase is Phase.METADATA or scene.runtime.startswith(("mlc", "tvm"))
        ):
            words = error.message.lower()
            if "os error 2" in words or "parsing" in words or "tokenizer" in trail:
                yield Vote(
                    "tokenizer-step",
                    _C.ARTIFACT_TOKENIZER,
                    0.88 if "tokenizer" in trail else 0.82,
                    _EMPTY,
                    error.message or error.type,
                    also=((_C.ARTIFACT_CORRUPT, 0.35),),
                )


def _machine(scene: Scene) -> Iterator[Vote]:
    hardware = scene.hardware
    if not hardware:
        return
    for words, category, weight in (
        (("no avx", "without avx", "lacks avx"), _C.HOST_UNSUPPORTED_CPU, 0.6),
        (("gpu=none", "gpu=no ", "without gpu", "no gpu"), _C.GPU_UNSUPPORTED, 0.3),
    ):
        for word in words:
            if word in hardware:
                yield Vote("machine", category, weight, _MACHINE, word)
                break


STATE_RULES = (
    StateRule("declared", _declared, words_only=True),
    StateRule("ending", _ending),
    StateRule("hang", _hang),
    StateRule("status", _status),
    StateRule("memory", _memory),
    StateRule("artifact", _artifact),
    StateRule("device", _device),
    StateRule("tokens", _tokens),
    StateRule("empty", _empty, words_only=True),
    StateRule("raised", raised, words_only=True),
    StateRule("machine", _machine, words_only=True),
    StateRule("bare-number", bare_number, words_only=True),
    StateRule("repeating", repeating, words_only=True),
    StateRule("unfinished", unfinished, words_only=True),
    StateRule("status-in-text", _status_in_text, words_only=True),
)
