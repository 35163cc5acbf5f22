"""What the hooks in the browser report, each event to where it belongs: phase, progress, log, evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from localloom_agent.engines.interface import ForeignError, Observer
from localloom_diagnosis.taxonomy import Phase

from .site import PAGES
from .stages import Stages
from .words import Words

BINDING = "localloomReport"


class Events:
    """Listens to the hooks of a browser context."""

    def __init__(self, context: Any, observer: Observer, stages: Stages, said: Words) -> None:
        """Put the hooks into every page that opens from now on, ahead of the page's own scripts."""
        self._observer, self._stages, self._said = observer, stages, said
        self.loading = False
        self.gpu: Mapping[str, Any] = {}
        """The last figures of device memory: bytes, peak, largest, pipelines, waiting (those that are being compiled)."""
        self.limits: dict[str, float] = {}
        """The limits that WebLLM asked the adapter for."""
        self.lost = ""
        """Why the GPU device was lost, in the browser's words."""
        self.devices = 0
        self.awaits_worker = False
        """A page waits for its service worker to become active."""
        self.changed_at = time.monotonic()
        context.expose_binding(BINDING, lambda _source, event: self.take(event))
        context.add_init_script(path=PAGES / "hooks.js")

    def take(self, event: Mapping[str, Any]) -> None:
        """One event."""
        kind, source = str(event.get("kind", "")), str(event.get("source", ""))
        self.changed_at = time.monotonic()
        if kind == "progress":
            self._observer.log("info", "web-llm", str(event["text"]))
            self._stages.said(str(event["text"]))
        elif kind == "token":
            self._observer.progress(Phase.GENERATE, event["chunks"], 0, "chunks", str(event["text"]))
        elif kind == "gpu.detect":
            self._stages.detecting()
        elif kind == "gpu.memory":
            self.gpu = {name: event[name] for name in ("bytes", "peak", "largest", "pipelines", "waiting")}
            if self.gpu["waiting"]:
                self._stages.compiling()
        elif kind == "gpu.device":
            self.devices += 1
            self.limits = {name: float(value) for name, value in event["limits"].items()}
        elif kind in {"gpu.error", "uncaught", "rejection", "worker.error"}:
            origin = "gpu" if kind == "gpu.error" else "rejection"
            self._said.add(ForeignError(str(event["name"]), str(event["message"]), origin=origin))
            self._observer.log("error", f"{source} {kind}", f"{event['name']}: {event['message']}")
        elif kind == "gpu.lost":
            text = f"{event['reason']}: {event['message']}"
            self._observer.log("error", f"{source} gpu", f"device lost: {text}")
            if event["reason"] != "destroyed":
                self.lost = text
                self._said.add(ForeignError("GPUDeviceLostInfo", text, origin="gpu"))
        elif kind in {"worker.awaited", "worker.ready"}:
            self.awaits_worker = kind == "worker.awaited"
        elif kind == "worker":
            self._observer.log("info", "service-worker", str(event["text"]))

    def gone(self, message: str, crashed: str) -> ForeignError:
        """The error for a page that no longer answers, out of the driver's words for it."""
        first = message.strip().splitlines()[0] if message.strip() else "no answer"
        if crashed:
            return ForeignError("RendererCrashed", f"the page's process crashed: {crashed} ({first})")
        if "has been closed" in message or "Connection closed" in message:
            return ForeignError("BrowserClosed", f"the browser ended in the middle: {first}")
        return ForeignError("PageError", first)
