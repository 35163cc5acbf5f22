"""The phases of the webllm engine, from finding a browser to the last token."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

from localloom_agent.engines import reference_text
from localloom_agent.engines.answered import conclude
from localloom_agent.engines.interface import (
    Engine,
    EngineFault,
    ForeignError,
    Observer,
    ProbeRequest,
)
from localloom_agent.engines.track import Track
from localloom_diagnosis.taxonomy import Category, Phase

from . import browsers, bundle, chrome, models, preflight, stages, surfaces, words
from .events import Events
from .generation import report
from .settings import Host, Settings, read_settings
from .site import PAGES, Site
from .watch import Watch

LATE_S = 0.25
"""Events of exchanges that have ended come this much later at most."""

ADVICE = "try another browser, update the GPU's driver, and compare with --device software"
"""What to do when the numbers are wrong."""

WORKER_S = 30.0
"""How long an extension's service worker may take to appear."""


class WebLlmEngine(Engine):
    """Runs a model with web-llm in a browser. Options of the request: `settings.py` has the list."""

    name: ClassVar[str] = "webllm"

    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Run the phases; see `Engine.probe`."""
        cache_dir = Path(request.cache_dir)
        with observer.span(Phase.RUNTIME, "find browser and web-llm") as span:
            settings = read_settings(request.options, request.device)
            browser = browsers.find(settings.browser, prefer_chromium=_needs_chromium(settings))
            script = None if settings.attaches else bundle.find(cache_dir, settings.bundle)
            version = script.version if script else ""
            span.set(
                browser__path=browser.path, browser__found=browser.found_as, webllm__version=version or None
            )
        observer.engine(name=self.name, version=version, device="browser")
        observer.facts(runtime__version=version or None)
        if settings.attaches:
            from .attached import watch_attached

            watch_attached(request, settings, browser, observer)
            return
        assert script is not None
        with ExitStack() as stack:
            with observer.span(Phase.RESOLVE, "find model", model__reference=request.model):
                model = models.find(request.model, settings, cache_dir)
            site = stack.enter_context(site_for(script, model).answering())
            extension = _own_extension(script, stack) if settings.host is Host.EXTENSION else None
            with observer.span(Phase.RUNTIME, "start the browser") as span:
                running = stack.enter_context(chrome.BrowserStart(browser, settings, extension))
                span.set(browser__version=running.version, browser__sandbox=running.sandbox)
            BrowserRun(
                request=request,
                settings=settings,
                observer=observer,
                running=running,
                site=site,
                model=model,
                version=script.version,
                extension=extension,
            ).run()


class BrowserRun:
    """One probe, once the browser runs: opens the page and takes it step by step."""

    def __init__(
        self,
        *,
        request: ProbeRequest,
        settings: Settings,
        observer: Observer,
        running: chrome.Chrome,
        site: str,
        model: models.WebModel,
        version: str,
        extension: Path | None = None,
    ) -> None:
        """`site` is the address of our site, `version` the bundle's, "" where only it knows, `extension` our own one."""
        self.request, self.settings, self.observer = request, settings, observer
        self.running, self.site, self.model, self.version = running, site, model, version
        self.extension = extension
        self.said = words.Words()
        self.track = Track(observer)
        self.stages = stages.Stages(self.track, observer)
        self.watch = Watch(running.context, observer, self.stages, self.said, site)
        self.events = Events(running.context, observer, self.stages, self.said)
        self.page: Any = None
        self.device = "browser"
        self.unknown = False
        """web-llm's list has no such id: it will say so itself."""

    def run(self) -> None:
        """Preflight, runtime, resolve, load, generate."""
        try:
            self._open()
            self._preflight()
            self._runtime()
            self._resolve()
            self._load()
            self._generate()
        finally:
            self.watch.settle()

    def _open(self) -> None:
        with self.observer.span(Phase.RUNTIME, "open the probe's page") as span:
            address = f"{self.site}/"
            if self.extension is not None:
                worker = chrome.background_worker(self.running.context, self.extension, WORKER_S, self.said)
                if worker is None:
                    raise self._evidence(chrome.no_extension(self.said))
                address = worker.url.rpartition("/")[0] + "/index.html"
            span.set(page__address=address, webllm__host=self.settings.host.value)
            self.page = (
                self.running.context.pages[0]
                if self.running.context.pages
                else self.running.context.new_page()
            )
            self._guarded(lambda: self.page.goto(address, wait_until="load"))

    def _preflight(self) -> None:
        with self.observer.span(Phase.PREFLIGHT, "look at the browser") as span:
            found = self._guarded(lambda: self.page.evaluate(preflight.SCRIPT))
            preflight.tell(
                found, self.running.version, sandbox=self.running.sandbox, span=span, observer=self.observer
            )
            self.device = preflight.device_of(found)
        self._identify()

    def _identify(self) -> None:
        self.observer.engine(
            name=WebLlmEngine.name, version=self.version, device=self.device, host=self.settings.host.value
        )

    def _runtime(self) -> None:
        with self.observer.span(Phase.RUNTIME, "import web-llm") as span:
            found = self._step("runtime", "./web-llm.js", list(surfaces.WANTED), list(surfaces.GONE))
            self.version = self.version or found["modelVersion"].partition("/")[0].lstrip("v").replace(
                "_", "."
            )
            span.set(
                runtime__version=self.version or None,
                runtime__model_version=found["modelVersion"] or None,
                runtime__surfaces=",".join(found["found"]),
                runtime__surfaces_missing=",".join(found["missing"]) or None,
                runtime__old_names_absent=",".join(found["gone"]) or None,
                runtime__models=found["models"],
            )
            self.observer.facts(runtime__version=self.version or None)
            missing = [name for name in surfaces.NEEDED[self.settings.host.value] if name in found["missing"]]
            if missing or not self.version:
                lacks = f"has no {', '.join(missing)}" if missing else "does not say its version"
                raise EngineFault(
                    Category.ARTIFACT_INCOMPATIBLE,
                    f"the bundle {lacks}: it is no web-llm that this agent knows; fetch the pinned one with: "
                    f"{bundle.WAY_OUT}, and leave the option bundle out",
                    {
                        "artifact.expected": missing[0] if missing else "modelVersion",
                        "artifact.actual": "missing",
                    },
                )
            if self.version != bundle.VERSION:
                self.observer.log(
                    "warning",
                    "webllm",
                    f"this is web-llm {self.version}; the agent was made with {bundle.VERSION}",
                )
        self._identify()

    def _resolve(self) -> None:
        with self.observer.span(Phase.RESOLVE, "find the record") as span:
            hub = str(self.request.options.get("hub") or "").rstrip("/")
            found = self._step("resolve", self.model.wanted(self.site), hub)
            record = found["record"]
            self.unknown = self.model.source == "list" and not found["known"]
            if self.unknown:
                self.observer.facts(**models.not_in_list(self.model, found["ids"]))
            elif not record.get("model_lib"):
                raise models.without_library(self.model)
            needs = record.get("vram_required_MB")
            span.set(
                model__id=record["model_id"],
                model__known=found["known"],
                model__address=record.get("model") or None,
                model__library=record.get("model_lib") or None,
                model__vram_required=int(needs * 1e6) if needs else None,
                model__required_features=",".join(record.get("required_features") or ()) or None,
            )
            self.observer.facts(
                model__id=record["model_id"],
                model__smaller=found["smaller"] or None,
                gpu__memory__needed=int(needs * 1e6) if needs else None,
            )
            self.observer.model(id=record["model_id"], source=self.model.source, bytes=0)

    def _load(self) -> None:
        before = self._cached("before loading")
        self.events.loading = self.stages.loading = True
        with self.track.failing():
            if self.unknown:
                self.track.enter(stages.RECORD)
            else:
                self.track.enter(stages.CONFIG if self.settings.host is Host.PAGE else stages.START)
            loaded = self._step("load", self.settings.host.value, None)
            self.track.enter(stages.FINISH)
            gpu = self.events.gpu or loaded["gpu"]
            self.track.set(
                load__device_bytes=gpu.get("peak"),
                load__largest_buffer=gpu.get("largest"),
                load__js_heap=loaded["heap"] or None,
                load__shaders=self.stages.shaders or gpu.get("pipelines") or None,
                **{f"load.limit.{name}": value for name, value in self.events.limits.items()},
            )
        self.events.loading = self.stages.loading = False
        self._skip_what_was_not_seen(before)
        after = self._cached("after loading")
        self.observer.model(
            id=self.model.id, source=self.model.source, bytes=self.watch.received, cached=after
        )

    def _skip_what_was_not_seen(self, before: int) -> None:
        for phase in (Phase.METADATA, Phase.WEIGHTS, Phase.COMPILE):
            if phase not in self.track.visited:
                why = (
                    "it came from the browser's cache"
                    if before and phase is not Phase.COMPILE
                    else "not seen"
                )
                self.observer.skip(phase, why)

    def _cached(self, when: str) -> int:
        """How many files of models the Cache API holds."""
        state = self._step("cacheState")
        counts = {name: len(entries) for name, entries in state.items()}
        total = sum(counts.values())
        told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "empty"
        self.observer.log("info", "cache", f"{when}: {told}")
        if when.startswith("before"):
            self.observer.facts(cache__entries=total or None)
        return total

    def _generate(self) -> None:
        request = self.request
        with self.observer.span(Phase.GENERATE, "generate") as span:
            answer = self._step(
                "generate", request.prompt, request.max_tokens, request.temperature, request.seed
            )
            checked = reference_text.check(self.model.reference, request, answer["text"], answer["finish"])
            conclude(report(answer, checked), span, self.observer, ADVICE)

    def _step(self, name: str, *arguments: Any) -> Any:
        """One step of the page's probe.

        Raises:
            ForeignError: what the step threw, with what the browser said before it as its causes.
        """
        came = self._guarded(
            lambda: self.page.evaluate(
                "async ([name, values]) => { while (!globalThis.localloom) await new Promise(requestAnimationFrame);"
                " return globalThis.localloom[name](...values); }",
                [name, list(arguments)],
            )
        )
        if came["ok"]:
            return came["value"]
        error = words.error(
            came["error"]["name"], came["error"]["message"], "exception", came["error"]["stack"]
        )
        if words.SHARD.search(str(error)):
            self.track.enter(stages.CHECK)
        elif error.kind == "WebGPUNotAvailableError":  # nothing was asked for an adapter
            self.stages.detecting()
        raise self._evidence(error)

    def _guarded(self, work: Any) -> Any:
        """Do something with the page; a page, browser or GPU process that is gone is an error of the browser's.

        Raises:
            ForeignError: in the place of whatever playwright raises.
        """
        from playwright.sync_api import Error

        try:
            return work()
        except Error as error:
            raise self._evidence(self.events.gone(error.message, self.watch.crashed)) from None

    def _evidence(self, error: ForeignError) -> ForeignError:
        """The error, once everything that belongs to it has been heard."""
        try:
            self.page.wait_for_timeout(LATE_S * 1000)
        except Exception:
            self.observer.log("info", "browser", "the page is gone: nothing more can be heard from it")
        return self.said.leading_to(error)


def _needs_chromium(settings: Settings) -> bool:
    return settings.host is Host.EXTENSION or bool(settings.extension)


def site_for(script: bundle.Bundle, model: models.WebModel, pages: Path = PAGES) -> Site:
    """The site with the probe's `pages`, the bundle, and the model where it is a folder of this machine."""
    return Site({"/web-llm.js": script.script, **model.files()}, {"/": pages, **model.folders()})


def _own_extension(script: bundle.Bundle, stack: ExitStack) -> Path:
    """Our own unpacked extension, with the bundle in it, in a folder that is removed in the end."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="localloom-extension-")))
    for page in ("index.html", "probe.js", "hooks.js", "extension/background.js", "extension/manifest.json"):
        shutil.copyfile(PAGES / page, folder / Path(page).name)
    shutil.copyfile(script.script, folder / "web-llm.js")
    return folder
