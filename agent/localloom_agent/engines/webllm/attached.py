"""Watches the user's own page or extension load its model, from outside and without touching its files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault, ForeignError, Observer, ProbeRequest
from localloom_agent.engines.track import Track
from localloom_diagnosis.taxonomy import Category, Phase

from . import chrome, preflight, stages, words
from .browsers import Browser
from .events import Events
from .settings import Settings
from .site import PAGES, Site
from .watch import Watch

KEPT = """async () => {
  let count = 0;
  if (typeof caches === "object") for (const name of await caches.keys())
    if (name.startsWith("webllm/")) count += (await (await caches.open(name)).keys()).length;
  return count;
}"""
"""How many files of models the page's origin keeps in the Cache API."""

WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"

QUIET_S = 6.0
"""With no exchange under way and nothing heard for so long, the page has done what it was going to do."""

PUMP_MS = 200
WATCHED = "the user's own page is watched, not asked"


def watch_attached(request: ProbeRequest, settings: Settings, browser: Browser, observer: Observer) -> None:
    """Open the page or load the extension, and follow it until its model is loaded, or fails to.

    Raises:
        EngineFault: it never asked for a model.
        ForeignError: what the browser said of the failure.
    """
    folder = Path(settings.extension).expanduser().absolute() if settings.extension else None
    start = chrome.BrowserStart(browser, settings, folder)
    with observer.span(Phase.RUNTIME, "start the browser") as span:
        running = start.__enter__()
        span.set(browser__version=running.version, browser__sandbox=running.sandbox)
    try:
        _Attached(request, settings, observer, running).run(folder)
    finally:
        start.close()


class _Attached:
    def __init__(
        self, request: ProbeRequest, settings: Settings, observer: Observer, running: chrome.Chrome
    ) -> None:
        self.request, self.settings, self.observer, self.running = request, settings, observer, running
        self.said = words.Words()
        self.track = Track(observer)
        self.stages = stages.Stages(self.track, observer)
        self.watch = Watch(running.context, observer, self.stages, self.said, own="\0")
        self.events = Events(running.context, observer, self.stages, self.said)
        self.page = running.context.pages[0] if running.context.pages else running.context.new_page()

    def run(self, folder: Path | None) -> None:
        """Follow it to its end."""
        try:
            self._preflight()
            self.observer.skip(Phase.RESOLVE, WATCHED)
            self.events.loading = self.stages.loading = True
            with self.track.failing():
                self.track.enter(stages.OPEN)
                if folder is not None:
                    self._open_extension(folder)
                else:
                    self._guarded(lambda: self.page.goto(self.settings.url, wait_until="domcontentloaded"))
                    secure = self._guarded(lambda: self.page.evaluate("isSecureContext"))
                    self.observer.facts(browser__secure_context=bool(secure))
                self._follow()
                gpu = self.events.gpu
                if gpu:
                    self.track.enter(stages.FINISH)
                    self.track.set(load__device_bytes=gpu["peak"], load__shaders=gpu["pipelines"] or None)
            for phase in (Phase.METADATA, Phase.WEIGHTS, Phase.COMPILE, Phase.LOAD, Phase.GENERATE):
                if phase not in self.track.visited:
                    self.observer.skip(phase, WATCHED if phase is Phase.GENERATE else "not seen from outside")
            name = folder.name if folder is not None else self.settings.url
            self.observer.model(id=name, source="attached", bytes=self.watch.received)
        finally:
            self.watch.settle()

    def _preflight(self) -> None:
        """On a page of ours: an empty one is not secure, and the user's own may never come."""
        site = Site({}, {"/": PAGES})
        with self.observer.span(Phase.PREFLIGHT, "look at the browser") as span, site.answering() as address:
            self._guarded(lambda: self.page.goto(f"{address}/empty.html"))
            found = self._guarded(lambda: self.page.evaluate(preflight.SCRIPT))
            preflight.tell(
                found, self.running.version, sandbox=self.running.sandbox, span=span, observer=self.observer
            )
            device = preflight.device_of(found)
        self.observer.engine(name="webllm", version="", device=device, host="attached")

    def _open_extension(self, folder: Path) -> None:
        """Load it, and open the page that its manifest names; its service worker runs by itself."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"the manifest.json of the extension {folder.name} is not JSON: {error}",
                {"artifact.file": "manifest.json"},
            ) from None
        worker = chrome.background_worker(self.running.context, folder, 15.0, self.said)
        if worker is None:
            raise self._evidence(chrome.no_extension(self.said))
        shown = (
            manifest.get("action", {}).get("default_popup")
            or manifest.get("side_panel", {}).get("default_path")
            or manifest.get("options_page")
            or manifest.get("options_ui", {}).get("page")
        )
        if shown:
            address = f"{worker.url.partition('://')[0]}://{worker.url.split('/')[2]}/{shown}"
            self._guarded(lambda: self.page.goto(address, wait_until="domcontentloaded"))

    def _follow(self) -> None:
        began, wait_s = time.monotonic(), self.settings.wait_s
        while True:
            self._guarded(lambda: self.page.wait_for_timeout(PUMP_MS))
            if self.watch.crashed:
                raise self._evidence(self.events.gone("", self.watch.crashed))
            now = time.monotonic()
            quiet = now - max(self.watch.changed_at, self.events.changed_at)
            if self.watch.pending or self.events.gpu.get("waiting") or quiet < QUIET_S:
                continue
            last = self.said.failure()
            if last is None and self.watch.failed:
                last = ForeignError(
                    "LoadStopped", f"a part of the model could not be fetched: {self.watch.failed[-1]}"
                )
            if last is not None:
                self._look_into_the_cache()
                raise self._evidence(last)
            if self.events.gpu.get("pipelines") or (self.watch.model_requests and self._all_seen()):
                return
            if now - began > wait_s:
                raise self._never(wait_s)

    def _look_into_the_cache(self) -> None:
        """Nothing of a model was asked for, so what is in the cache was there before the page was opened."""
        if not self.watch.model_requests:
            kept = self._guarded(lambda: self.page.evaluate(KEPT))
            self.observer.facts(cache__entries=kept or None)

    def _all_seen(self) -> bool:
        """Weights came, and no page shows its GPU: what goes on in a worker is not seen, and is said so."""
        if not self.watch.shards or self.events.devices:
            return False
        self.observer.log(
            "warning",
            "webllm",
            "the weights came, but no page made a GPU device: the model runs in a worker, whose GPU is not seen from "
            "outside",
        )
        return True

    def _never(self, wait_s: float) -> Exception:
        what = "extension" if self.settings.extension else "page"
        if self.watch.model_requests or self.events.devices:
            return ForeignError(
                "LoadStopped", f"the {what} began to load a model, then did nothing more for {QUIET_S:.0f} s"
            )
        if self.events.awaits_worker:
            return self._no_worker(what, wait_s)
        return EngineFault(
            Category.CONFIG_INVALID,
            f"the {what} loaded no WebLLM: within {wait_s:.0f} s it asked for no file of a model and made no GPU device; "
            "where it waits for a click, show it with --headed, and give it longer with --option wait=SECONDS",
            {
                "artifact.key": what,
                "artifact.expected": "mlc-chat-config.json",
                "artifact.actual": "no request",
            },
        )

    def _no_worker(self, what: str, wait_s: float) -> Exception:
        """web-llm waits for its service worker for ever, without a word."""
        registered = self._guarded(lambda: self.page.evaluate(WORKERS))
        if registered:
            return ForeignError(
                "ServiceWorkerNotActive",
                f"the {what} waits for its service worker, which is registered and was not active after {wait_s:.0f} s: "
                "it hangs while it is installed or activated",
            )
        return EngineFault(
            Category.CONFIG_INVALID,
            f"the {what} waits for a service worker, and registered none within {wait_s:.0f} s; register it with "
            "navigator.serviceWorker.register() before CreateServiceWorkerMLCEngine, which otherwise waits for ever",
            {
                "artifact.key": "serviceWorker",
                "artifact.expected": "a registration",
                "artifact.actual": "none",
            },
        )

    def _guarded(self, work: Callable[[], Any]) -> Any:
        from playwright.sync_api import Error

        try:
            return work()
        except Error as error:
            raise self._evidence(self.events.gone(error.message, self.watch.crashed)) from None

    def _evidence(self, error: ForeignError) -> ForeignError:
        try:
            self.page.wait_for_timeout(250)
        except Exception:
            self.observer.log("info", "browser", "the page is gone: nothing more can be heard from it")
        return self.said.leading_to(error)
