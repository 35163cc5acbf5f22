"""Rules for WebLLM in a browser: what only the browser's console, its caches, its hosts and its own end tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localloom_diagnosis.taxonomy import Category, Phase

from .rule import Group, Reason, Scene, StateRule, Vote

_WEB = ("web-llm", "webllm")

_TOKENIZER = Group(
    Category.ARTIFACT_TOKENIZER,
    en="the tokenizer library refused the file",
    es="la biblioteca del tokenizador rechazó el archivo",
)
_OLD_NAME = Group(
    Category.ARTIFACT_INCOMPATIBLE,
    en="the application asks web-llm for a name that its versions no longer have",
    es="la aplicación pide a web-llm un nombre que sus versiones ya no tienen",
)
_EXTENSION = Group(
    Category.CONFIG_INVALID,
    en="the browser did not load the unpacked extension",
    es="el navegador no cargó la extensión sin empaquetar",
)
_DISPLAY = Group(
    Category.CONFIG_INVALID,
    en="a window was asked for where there is no display",
    es="se pidió una ventana donde no hay pantalla",
)
_WORKER = Group(
    Category.WORKER_CRASHED,
    en="the page's service worker never became active",
    es="el service worker de la página nunca llegó a estar activo",
)
_START = Group(
    Category.PROCESS_CRASHED,
    en="the browser ended before it could be used",
    es="el navegador terminó antes de poder usarse",
)
_RENDERER = Group(
    Category.WORKER_CRASHED,
    en="the process of the page or worker ended",
    es="terminó el proceso de la página o del worker",
)

RULES = (
    _TOKENIZER.rule(
        "browser-tokenizer-panic",
        r"panicked at (?:src/lib\.rs|[^\n]{0,80}tokenizers)",
        0.95,
        runtimes=_WEB,
        phases=(Phase.METADATA,),
    ),
    _OLD_NAME.rule(
        "browser-old-name",
        r"(?:chatworkerclient|chatworkerhandler|chatrestmodule|chatmodule|createengine|createwebworkerengine|createserviceworkerengine|webworkerengine)'?[^\n]{0,20}(?:is not a (?:constructor|function)|is not defined)|export named '(?:chatworker\w+|chat\w*module|create(?:webworker|serviceworker)?engine|webworkerengine|engine)'",
        0.95,
    ),
    _EXTENSION.rule("browser-extension-not-loaded", r"refuse unpacked extensions|extensionnotloaded", 0.95),
    _DISPLAY.rule(
        "browser-no-display",
        r"missing x server or \$display|cannot open display|ozone_platform\w*\.cc[^\n]{0,80}(?:display|wayland)",
        0.94,
        runtimes=_WEB,
    ),
    _START.rule("browser-did-not-start", r"browserdidnotstart", 0.55, wrapper=True),
    _WORKER.rule("browser-service-worker-not-active", r"serviceworkernotactive", 0.95),
    _RENDERER.rule("browser-renderer-crashed", r"renderercrashed", 0.9),
)

_POISONED = Reason(
    "nothing was fetched: the browser's cache for this site holds the broken file",
    "no se descargó nada: la caché del navegador para este sitio guarda el archivo dañado",
)
_SECURE = Reason(
    "the page is not a secure context: it has neither caches nor WebGPU",
    "la página no es un contexto seguro: no tiene ni cachés ni WebGPU",
)
_FILLED = Reason(
    "the GPU went away while the model was put on it, most often for want of memory",
    "la GPU se perdió al cargar el modelo, casi siempre por falta de memoria",
)
_LOST = re.compile(r"device (?:was |is )?lost|devicelosterror|external instance reference")


def _poisoned(scene: Scene) -> Iterator[Vote]:
    evidence = scene.evidence
    entries = evidence.facts.get("cache.entries")
    broken = (
        "is not valid json" in scene.low or "expected magic word" in scene.low or "record range" in scene.low
    )
    if isinstance(entries, int) and entries > 0 and broken and not evidence.exchanges:
        yield Vote(
            "browser-poisoned-cache", Category.ARTIFACT_CORRUPT, 0.9, _POISONED, f"cache.entries={entries}"
        )


def _insecure(scene: Scene) -> Iterator[Vote]:
    if scene.evidence.facts.get("browser.secure_context") is False and "is not defined" in scene.low:
        yield Vote("browser-insecure", Category.CONFIG_INVALID, 0.9, _SECURE, "isSecureContext=false")


def _lost_while_loading(scene: Scene) -> Iterator[Vote]:
    """A GPU that is lost under the weights, where a probe's own figures do not say how much room there was."""
    if scene.phase is not Phase.LOAD or not scene.runtime.startswith(_WEB) or scene.evidence.facts:
        return
    found = _LOST.search(scene.low)
    # What the driver or the page itself says of the loss, or of a buffer before it, is another matter.
    if found and not any(
        words in scene.low for words in ("vk_error", "vkqueue", "dxgi", "was destroyed", "exceeds the max")
    ):
        also = ((Category.GPU_DEVICE_LOST, 0.8), (Category.GPU_DRIVER, 0.1))
        yield Vote("lost-while-loading", Category.GPU_OUT_OF_MEMORY, 0.96, _FILLED, found[0], also=also)


STATE_RULES = (
    StateRule("lost-while-loading", _lost_while_loading, words_only=True),
    StateRule("browser-poisoned-cache", _poisoned),
    StateRule("browser-insecure", _insecure),
)
