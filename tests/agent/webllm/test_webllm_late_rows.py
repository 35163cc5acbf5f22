"""The ways in which WebLLM fails from its model library on: provoked in a real browser, with the canary for browsers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from canary_builds import LIMIT_S, build
from faulty_canaries import FAULTS, faulty_copy
from hub import Hub

from localloom_agent.engines.webllm import browsers, chrome
from localloom_agent.engines.webllm.site import PAGES

pytestmark = pytest.mark.timeout(LIMIT_S)

SHARD = "params_shard_0.bin"
LOW_LIMITS = """
const real = Object.getOwnPropertyDescriptor(GPUSupportedLimits.prototype, "maxBufferSize").get;
Object.defineProperty(GPUSupportedLimits.prototype, "maxBufferSize", { get() { real.call(this); return 1 << 27; } });
"""
"""An adapter whose buffers may have 128 MiB: WebLLM asks for 256 MiB at least."""

NO_ADAPTER = "GPU.prototype.requestAdapter = async () => null;"
"""What a browser whose GPU is on its blocklist answers."""

NO_WEBGPU = "delete Navigator.prototype.gpu;"
"""A browser without WebGPU."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is wrong, and what the probe must say of it."""

    phase: str
    category: str
    words: str
    """What the evidence must hold."""
    model: str = "canary"
    """Which of the hub's models: the canary, or one of `FAULTS`."""
    fault: str = ""
    """What the hub does."""
    script: str = ""
    """Runs in every page ahead of its own."""
    prompt: str = ""
    options: dict[str, Any] = field(default_factory=dict)


ROWS = {
    "bad tokenizer": Row("metadata", "artifact.tokenizer", "panicked at", model="bad tokenizer"),
    "short shard": Row("weights", "artifact.corrupt", "exceeds shard size", fault=f"short:match={SHARD}"),
    "HTML shard": Row("weights", "artifact.corrupt", "exceeds shard size", fault=f"html:match={SHARD}"),
    "LFS shard": Row("weights", "artifact.corrupt", "exceeds shard size", fault=f"lfs:match={SHARD}"),
    "library of another web-llm": Row(
        "weights", "artifact.incompatible", "LinkError", model="foreign library"
    ),
    "weights that do not fit": Row(
        "load", "artifact.incompatible", "Cannot find parameter in cache", model="other weights"
    ),
    "buffer over the limit": Row(
        "load", "gpu.feature_missing", "exceeds the max buffer size limit", model="huge cache"
    ),
    "no adapter": Row("preflight", "gpu.unsupported", "Unable to find a compatible GPU", script=NO_ADAPTER),
    "no WebGPU": Row("preflight", "gpu.unsupported", "WebGPUNotAvailableError", script=NO_WEBGPU),
    "low limits": Row("preflight", "gpu.feature_missing", "requested=", script=LOW_LIMITS),
    "f16, declared": Row(
        "preflight",
        "gpu.feature_missing",
        "ShaderF16SupportError",
        model="f16",
        options={"required_features": "shader-f16"},
    ),
    "f16, not declared": Row("compile", "gpu.feature_missing", "f16", model="f16"),
    "too long a question": Row(
        "generate", "generate.context_overflow", "ContextWindowSizeExceededError", prompt="hola " * 2000
    ),
}


@pytest.fixture(scope="module")
def library_hub(web_canary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub with the canary for browsers, with each of its faulty copies, and with the one for shader-f16."""
    folder = tmp_path_factory.mktemp("late-rows")
    served = {"org/canary": web_canary, "org/f16": build(folder / "f16", "q4f16_1")}
    for fault in FAULTS:
        name = fault.replace(" ", "-")
        served[f"org/{name}"] = faulty_copy(web_canary, folder / name, fault)
    with Hub(served) as running:
        yield running


def told(seen: Any) -> tuple[str, str]:
    """The phase and the category of a probe that failed."""
    assert seen.diagnosis is not None, "it passed"
    return seen.phase, seen.diagnosis.category.value


def address(hub: Hub, name: str) -> dict[str, str]:
    """What a probe is told of one of the hub's models."""
    model = f"{hub.url}/org/{name.replace(' ', '-')}"
    library = next(hub.models[f"org/{name.replace(' ', '-')}"].glob("*.wasm")).name
    return {"model": model, "model_lib": f"{model}/resolve/main/{library}"}


@pytest.mark.parametrize("name", ROWS)
def test_late_row(name: str, shared_browser: Any, library_hub: Hub) -> None:
    """The failure is in its phase, has its category, and the evidence holds what tells it apart."""
    row = ROWS[name]
    library_hub.misbehave(*([row.fault] if row.fault else []))
    seen = shared_browser.probe(
        **address(library_hub, row.model),
        **row.options,
        **({"prompt": row.prompt} if row.prompt else {}),
        during=(lambda context: context.add_init_script(row.script)) if row.script else None,
    )
    assert told(seen) == (row.phase, row.category), (seen.texts(), seen.diagnosis.candidates)
    assert row.words in seen.texts()


def on_asking(what: str, act: Callable[[Any, Any], None]) -> Callable[[Any], None]:
    """Do something once, with the context and the page, when the page asks for a file; then let it have the file."""

    def during(context: Any) -> None:
        def handle(route: Any, request: Any) -> None:
            act(context, request.frame.page)
            route.continue_()

        context.route(f"**/{what}", handle, times=1)

    return during


def go_offline(context: Any, _page: Any) -> None:
    """The machine loses its network."""
    context.set_offline(True)


def test_offline(shared_browser: Any, library_hub: Hub) -> None:
    """A browser without a network says so by its error code, where its text is that of every failed fetch."""
    library_hub.misbehave()
    seen = shared_browser.probe(
        **address(library_hub, "canary"), during=on_asking("mlc-chat-config.json", go_offline)
    )
    assert told(seen) == ("metadata", "network.unreachable"), (seen.texts(), seen.diagnosis.candidates)
    assert "ERR_INTERNET_DISCONNECTED" in seen.texts()


def small_quota(context: Any, page: Any) -> None:
    """The browser gives the page's origin as good as no storage."""
    origin = page.evaluate("location.origin")
    context.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 20_000}
    )


def test_quota(shared_browser: Any, library_hub: Hub) -> None:
    """Storage that is full is the browser's quota, not the network's fault, though a request seems to fail."""
    library_hub.misbehave()
    seen = shared_browser.probe(
        **address(library_hub, "canary"), during=on_asking("mlc-chat-config.json", small_quota)
    )
    assert told(seen)[1] == "storage.quota_or_disk_full", (seen.texts(), seen.diagnosis.candidates)
    assert "QuotaExceededError" in seen.texts()


def crash_gpu(context: Any, _page: Any) -> None:
    """The browser's GPU process dies."""
    context.browser.new_browser_cdp_session().send("Browser.crashGpuProcess")


def test_gpu_process_crash(shared_browser_apart: Any, library_hub: Hub) -> None:
    """A GPU process that dies while the weights are fetched is the loss of the device."""
    library_hub.misbehave()
    seen = shared_browser_apart.probe(**address(library_hub, "canary"), during=on_asking(SHARD, crash_gpu))
    assert told(seen)[1] == "gpu.device_lost", (seen.texts(), seen.diagnosis.candidates)
    assert "lost" in seen.texts().lower()


@pytest.fixture
def shared_browser_apart(shared_browser: Any) -> Iterator[Any]:
    """A browser of its own, for a fault that lasts longer than a context."""
    first = shared_browser.running
    browser = first.context.browser.browser_type.launch(
        executable_path=browsers.find(prefer_chromium=True).path,
        chromium_sandbox=first.sandbox,
        args=["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
        timeout=chrome.START_S * 1000,
    )
    try:
        running = chrome.Chrome(browser.new_context(), first.version, first.sandbox)
        yield type(shared_browser)(running, shared_browser.cache)
    finally:
        browser.close()


WORKERS = {
    "404": (None, "network.http_error", "bad HTTP response code (404)"),
    "throws": ("throw new Error('no luck');", "worker.crashed", "script evaluation"),
}


@pytest.mark.parametrize("name", WORKERS)
def test_service_worker_that_does_not_start(
    name: str, shared_browser: Any, library_hub: Hub, tmp_path: Path
) -> None:
    """A service worker whose script is missing or throws fails in the phase of the host, each as what it is."""
    script, category, words = WORKERS[name]
    pages = tmp_path / "pages"
    shutil.copytree(PAGES, pages)
    (pages / "service-worker.js").unlink()
    if script is not None:
        (pages / "service-worker.js").write_text(script)
    seen = shared_browser.probe(**address(library_hub, "canary"), pages=pages, host="service-worker")
    assert told(seen) == ("runtime", category), (seen.texts(), seen.diagnosis.candidates)
    assert words in seen.texts()
