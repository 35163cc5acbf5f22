"""What the browser says of itself: version, WebGPU adapter, WebAssembly, storage; as span attributes and machine profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localloom_agent.engines.interface import Observer, Span
from localloom_diagnosis.evidence import FactValue

from .site import PAGES

SCRIPT = (PAGES / "preflight.js").read_text("utf-8")
"""To be evaluated in a page; answers with what `tell` takes."""

LIMITS = (
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupStorageSize",
    "maxStorageBuffersPerShaderStage",
)
"""The limits that WebLLM asks for."""

_BRANDS = ("Google Chrome", "Microsoft Edge", "Brave", "Opera", "Chromium")


def name_of(found: Mapping[str, Any]) -> str:
    """The browser's name, as it presents itself to pages."""
    brands = found.get("brands") or ()
    agent = str(found.get("userAgent", ""))
    named = next((brand for brand in _BRANDS if brand in brands), "")
    return named or ("Microsoft Edge" if "Edg/" in agent else "Chromium")


def device_of(found: Mapping[str, Any]) -> str:
    """The adapter in a few words: "webgpu: nvidia ada", "webgpu: google swiftshader (software)", "none"."""
    adapter = found.get("adapter")
    if not adapter:
        return "none"
    words = " ".join(word for word in (adapter["vendor"], adapter["architecture"]) if word) or "unnamed"
    return f"webgpu: {words}{' (software)' if adapter['isFallbackAdapter'] else ''}"


def tell(found: Mapping[str, Any], version: str, *, sandbox: bool, span: Span, observer: Observer) -> None:
    """Report it to the span, the machine's profile and the facts."""
    adapter: Mapping[str, Any] = found.get("adapter") or {}
    limits: Mapping[str, Any] = adapter.get("limits") or {}
    storage: Mapping[str, Any] = found.get("storage") or {}
    attributes: dict[str, FactValue | None] = {
        "browser.name": name_of(found),
        "browser.version": version,
        "browser.sandbox": sandbox,
        "webgpu.available": bool(found.get("webgpu")),
        "webgpu.adapter": device_of(found),
        "webgpu.vendor": adapter.get("vendor"),
        "webgpu.architecture": adapter.get("architecture"),
        "webgpu.device": adapter.get("device") or None,
        "webgpu.driver": adapter.get("description") or None,
        "webgpu.fallback": bool(adapter["isFallbackAdapter"]) if adapter else None,
        "webgpu.features": ",".join(adapter.get("features") or ()) or None,
        **{f"webgpu.limit.{name}": limits.get(name) for name in LIMITS},
        "wasm.available": bool(found.get("wasm")),
        "wasm.simd": bool(found.get("wasmSimd")),
        "wasm.threads": bool(found.get("wasmThreads")),
        "browser.secure_context": bool(found.get("secureContext")),
        "browser.caches": bool(found.get("caches")),
        "browser.service_worker": bool(found.get("serviceWorker")),
        "browser.storage.quota": storage.get("quota"),
        "browser.storage.usage": storage.get("usage"),
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    span.set(**known)
    observer.machine("browser", {**found, "version": version, "sandbox": sandbox}, known)
    observer.facts(
        webgpu__adapter=device_of(found),
        webgpu__features=known.get("webgpu.features"),
        browser__version=version or None,
        browser__secure_context=bool(found.get("secureContext")),
    )
    if not adapter:
        observer.log(
            "warning", "webgpu", "this browser offers no WebGPU adapter: WebLLM has no other back end"
        )
    elif adapter["isFallbackAdapter"]:
        observer.log(
            "warning",
            "webgpu",
            "the adapter is the software one: it is many times slower than a GPU; a browser that is started without "
            "flags may offer none at all (--device hardware shows what it offers)",
        )
