"""The phases of the mlc engine, from finding mlc-llm to the last token."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from localloom_agent.engines import reference_text
from localloom_agent.engines.answered import conclude
from localloom_agent.engines.interface import Engine, EngineFault, Observer, ProbeRequest
from localloom_agent.engines.track import Place, Track
from localloom_diagnosis.taxonomy import Category, Phase

from . import faults, files, git, heartbeat, runtime, seams
from .generation import Answer, ask, token_counter
from .guard import Guard, NeverReturns, quietly
from .models import MlcModel, nbytes, resolve
from .scene import Scene
from .settings import AGENT_KEY, Settings, engine_config, read_settings

TERMINATE_S = 5.0
"""How long the engine's threads may take to end; the process leaves without them after that."""

_CONSTRUCTOR = "MLCEngine(...)"
_STREAM = "the stream of the answer"


class MlcEngine(Engine):
    """Runs a model with mlc-llm, in an interpreter that has it.

    Options of the request: `model_lib`, `mode`, `opt`, `context_window` and further fields of mlc-llm's EngineConfig
    (`settings.py` has the list). The variables MLC_* of the environment mean what they mean to mlc-llm.
    """

    name: ClassVar[str] = "mlc"

    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Run the phases; see `Engine.probe`."""
        known: Mapping[str, Any] = request.options.get(AGENT_KEY, {})
        found = self._runtime(request, known, observer)
        with observer.span(Phase.RESOLVE, "find model", model__reference=request.model) as span:
            settings = read_settings(request.options)
            model = resolve(request.model, known)
            span.set(model__id=model.id, model__source=model.source)
            _report_model(model, model.folder, observer)
        guard = Guard()
        with guard.listening():
            _Run(
                request=request, observer=observer, found=found, model=model, settings=settings, guard=guard
            ).run()

    def _runtime(
        self, request: ProbeRequest, known: Mapping[str, Any], observer: Observer
    ) -> runtime.MlcRuntime:
        with observer.span(Phase.RUNTIME, "find mlc-llm") as span:
            here = runtime.find(known)
            span.set(
                python__version=here["python"],
                **{f"package.{name}": version for name, version in here["wheels"].items()},
            )
        if request.offline:  # it is read once, at import
            os.environ.setdefault("MLC_DOWNLOAD_CACHE_POLICY", "READONLY")
        with observer.span(Phase.RUNTIME, "import mlc-llm") as span:
            found = runtime.load(here)
            span.set(runtime__version=found.version, tvm__version=found.tvm_version)
        observer.facts(runtime__version=found.version or None)
        observer.engine(
            name=self.name, version=found.version, device=request.device, tvm__version=found.tvm_version
        )
        return found


class _Run:
    """One probe, once mlc-llm has been imported: builds the engine, asks it, and ends it."""

    def __init__(
        self,
        *,
        request: ProbeRequest,
        observer: Observer,
        found: runtime.MlcRuntime,
        model: MlcModel,
        settings: Settings,
        guard: Guard,
    ) -> None:
        self.request, self.observer, self.found = request, observer, found
        self.model, self.settings, self.guard = model, settings, guard
        self.track = Track(observer)
        self.folder = model.folder
        self.device = request.device

    def run(self) -> None:
        """Build, generate, terminate."""
        with self.track.failing():
            try:
                engine = self._build()
                self._generate(engine)
            except BaseException as error:
                self._explain(error)
                raise
        if not quietly(engine.terminate, TERMINATE_S):
            self.observer.log(
                "warning", "mlc", f"engine.terminate() did not return within {TERMINATE_S:.0f} s"
            )

    def _build(self) -> Any:
        self.track.enter(seams.START, device__requested=self.request.device)
        missing = seams.install(
            self.track, self._begins, self._returned, compiles=self.settings.model_lib is None
        )
        if missing:
            self.observer.log("info", "mlc", f"this mlc-llm cannot be timed at: {', '.join(missing)}")
        if any(name.endswith("_process_model_args") for name in missing):
            self.track.enter(seams.LOAD)  # it cannot be followed: all of it counts as loading
        heartbeat.start(self.track)
        config = engine_config(
            self.found.make_config, self.settings, lambda text: self.observer.log("info", "mlc", text)
        )

        def make() -> Any:
            return self.found.make_engine(
                model=self.model.argument,
                device=self.request.device,
                model_lib=self.settings.model_lib,
                mode=self.settings.mode,
                engine_config=config,
            )

        engine = self.guard.call(make, _CONSTRUCTOR)
        self._skip_what_was_not_seen()
        return engine

    def _begins(self, seam: seams.Seam, _args: tuple[Any, ...]) -> None:
        """Before a seam's call: leave what would be lost if the call ended the process."""
        if seam.name == "Tokenizer" and self.folder is not None:
            doubt = files.doubtful_tokenizer(self.folder)
            if doubt:
                self.observer.facts(artifact__file=files.TOKENIZER_FILE, artifact__actual=doubt)
                self.observer.log("warning", "mlc", f"{files.TOKENIZER_FILE} is {doubt}: no tokenizer")
        if seam.name == "vm.builtin.tensor_cache.load" and self.folder is not None:
            self.track.set(artifact__bytes=files.shard_bytes(self.folder))

    def _returned(self, seam: seams.Seam, _args: tuple[Any, ...], result: Any) -> None:
        if seam.name == "detect_device" and result is not None:
            self.device = _device_name(result, self.request.device)
            self.track.set(device=self.device)
            self.observer.engine(
                name=MlcEngine.name,
                version=self.found.version,
                device=self.device,
                tvm__version=self.found.tvm_version,
            )
        elif seam.name == "get_or_download_model":
            self.folder = Path(str(result))
            _report_model(self.model, self.folder, self.observer)
        elif seam.name == "jit":
            self.track.set(compile__library=Path(str(getattr(result, "model_lib_path", ""))).name or None)

    def _skip_what_was_not_seen(self) -> None:
        """Every phase says something: those that happened out of earshot say why they are not timed."""
        given = "a compiled library was given"
        for phase in (Phase.METADATA, Phase.WEIGHTS, Phase.COMPILE, Phase.LOAD):
            if phase in self.track.visited:
                continue
            compiled = phase is Phase.COMPILE and self.settings.model_lib is not None
            self.observer.skip(
                phase, given if compiled else "not timed: this mlc-llm does not let it be listened to"
            )

    def _generate(self, engine: Any) -> None:
        request = self.request
        span = self.track.enter(seams.GENERATE)
        threads = [
            thread
            for name in ("_background_loop_thread", "_background_stream_back_loop_thread")
            if (thread := getattr(engine, name, None)) is not None
        ]
        answer = Answer()
        for chunk in self.guard.stream(
            lambda: ask(engine, request, self.model.argument),
            _STREAM,
            lambda: all(thread.is_alive() for thread in threads),
        ):
            text = answer.take(chunk)
            self.track.streaming = True
            # A chunk is no token: how many tokens there are is known in the end.
            self.observer.progress(Phase.GENERATE, answer.chunks, 0, "chunks", text)
        canary = Path(self.model.argument) if self.model.is_canary else None
        checked = reference_text.check(canary, request, answer.text, answer.finish)
        conclude(answer.report(checked, token_counter(engine)), span, self.observer)

    def _explain(self, error: BaseException) -> None:
        """Raise the verdict in place of an error that leaves no doubt; return where it is for the diagnosis.

        An error of a thread has been reported where it was caught: it is not put into the chain again.
        """
        told = isinstance(error, NeverReturns)
        real = error.error if isinstance(error, NeverReturns) else error
        if real is None:
            raise EngineFault(
                Category.PROCESS_CRASHED,
                f"{error}; run the probe again, and report it to mlc-llm if it stays",
                {},
            ) from None
        url = faults.clone_url(real)
        if url:
            self.observer.facts(http__host=url.split("/")[2].rpartition("@")[2])
            said = git.words(url)
            if said:
                raise git.GitFailed(f"git ls-remote {url}: {said}") from error
        fault = faults.understood(real, self._scene())
        if fault is not None:
            raise fault from (None if told else error)

    def _scene(self) -> Scene:
        place: Place | None = self.track.place
        return Scene(
            phase=place.phase if place else None,
            device=self.device,
            model_id=self.model.id,
            folder=self.folder,
        )


def _device_name(device: Any, requested: str) -> str:
    """As a user would ask for it, from the text of a tvm.runtime.Device: "cpu", "cuda:1"."""
    found = re.search(r"(cpu|cuda|rocm|metal|vulkan|opencl)\D*(\d*)", str(device))
    if found is None:
        return requested
    return found[1] if found[1] == "cpu" else f"{found[1]}:{found[2] or 0}"


def _report_model(model: MlcModel, folder: Path | None, observer: Observer) -> None:
    size = nbytes(folder) if folder is not None else 0
    observer.model(id=model.id, source=model.source, bytes=size)
    observer.facts(model__id=model.id, model__bytes=size or None)
