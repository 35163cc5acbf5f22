"""The phases of the tvm engine, from importing TVM to the last token."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from localloom_agent.artifacts import LocalModel, ModelFolder, open_folder
from localloom_agent.artifacts.model_library import check_library
from localloom_agent.artifacts.source import ModelSource
from localloom_agent.engines.answered import conclude
from localloom_agent.engines.interface import Engine, Observer, ProbeRequest
from localloom_diagnosis.taxonomy import Phase

from .compiler import Compiled, compile_model
from .cuda_compiler import choose_compiler
from .devices import Chosen, choose_device
from .generation import Generation, overflow_fault
from .loading import load_library_session, load_session
from .options import context_window, model_library
from .reference import Reference, find_reference
from .runtime import Runtime, load_runtime
from .sampling import Sampler
from .session import TokenFeeder
from .targets import target_for
from .tokenizer import TextCodec, TextStream

DEFAULT_CONTEXT = 2048
"""Positions of the KV cache where the model has more and the prompt and its answer need no more."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What the metadata phase found."""

    folder: ModelFolder
    codec: TextCodec
    prompt_ids: list[int]
    capacity: int
    """Positions of the KV cache: what the prompt and its answer need, as far as the context allows."""
    library: Path | None
    """The compiled model library to run instead of compiling."""


class TvmEngine(Engine):
    """Compiles an MLC-format model with Apache TVM and runs it, in this process.

    Options of the request: `context_window` (tokens) narrows the model's own; `model_lib` is the path of a library
    that mlc-llm compiled for this model, which is run instead of compiling.
    """

    name: ClassVar[str] = "tvm"

    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Run the phases; see `Engine.probe`."""
        runtime = self._runtime(observer)
        device = self._device(request, runtime, observer)
        with contextlib.closing(ModelSource(request, observer)) as source:
            model = source.resolve()
            source.metadata()
            prepared = self._metadata(request, model, observer)
            source.weights(prepared.folder.tensors)
            if prepared.library is not None:
                with observer.span(Phase.WEIGHTS, "check model library") as span:
                    size = check_library(prepared.library)
                    span.set(artifact__file=prepared.library.name, artifact__bytes=size)
        session = self._load(prepared, device, observer)
        self._generate(request, model, prepared, session, observer)

    def _runtime(self, observer: Observer) -> Runtime:
        with observer.span(Phase.RUNTIME, "import tvm") as span:
            runtime = load_runtime()
            span.set(
                runtime__version=runtime.version, runtime__ffi_version=runtime.ffi_version, llvm=runtime.llvm
            )
        observer.facts(runtime__version=runtime.version)
        return runtime

    def _device(self, request: ProbeRequest, runtime: Runtime, observer: Observer) -> Chosen:
        with observer.span(Phase.RUNTIME, "choose device", device__requested=request.device) as span:
            device = choose_device(request.device)
            span.set(device=device.name, device__description=device.description)
        observer.engine(
            name=self.name,
            version=runtime.version,
            device=device.name,
            device__description=device.description,
            ffi__version=runtime.ffi_version,
            llvm__version=runtime.llvm,
        )
        return device

    def _metadata(self, request: ProbeRequest, model: LocalModel, observer: Observer) -> _Prepared:
        with observer.span(Phase.METADATA, "read config") as span:
            folder = open_folder(model.path)
            arch = folder.config.architecture
            span.set(
                model__type=arch.model_type,
                model__quantization=folder.config.quantization.name,
                model__layers=arch.num_layers,
                model__hidden_size=arch.hidden_size,
                model__vocab_size=arch.vocab_size,
                context__window=folder.config.context_window,
                tokenizer__kind=folder.tokenizer.kind,
                artifact__bytes=folder.tokenizer.nbytes,
            )
            window = context_window(request, folder.config)
        with observer.span(Phase.METADATA, "open tokenizer") as span:
            codec = TextCodec(folder)
            prompt_ids = codec.encode_chat(request.prompt)
            span.set(prompt__tokens=len(prompt_ids))
        capacity = min(window, max(DEFAULT_CONTEXT, len(prompt_ids) + request.max_tokens))
        return _Prepared(folder, codec, prompt_ids, capacity, model_library(request))

    def _compile(self, prepared: _Prepared, device: Chosen, observer: Observer) -> Compiled:
        config = prepared.folder.config
        with observer.span(Phase.COMPILE, "compile model") as span:
            target = target_for(device)
            span.set(compile__target=str(target))
            if device.kind == "cuda":
                span.set(compile__compiler=choose_compiler(target))
            compiled = compile_model(
                config.architecture, config.quantization, prepared.capacity, target, device.handle
            )
            span.set(compile__kernels=compiled.kernels)
        return compiled

    def _load(self, prepared: _Prepared, device: Chosen, observer: Observer) -> TokenFeeder:
        folder, library, capacity = prepared.folder, prepared.library, prepared.capacity
        if library is None:
            return load_session(folder, self._compile(prepared, device, observer), device, capacity, observer)
        observer.skip(Phase.COMPILE, f"{library.name} is compiled already")
        return load_library_session(folder, library, device, capacity, observer)

    def _generate(
        self,
        request: ProbeRequest,
        model: LocalModel,
        prepared: _Prepared,
        session: TokenFeeder,
        observer: Observer,
    ) -> None:
        config, prompt_ids = prepared.folder.config, prepared.prompt_ids
        with observer.span(Phase.GENERATE, "generate", gen_ai__usage__input_tokens=len(prompt_ids)) as span:
            if len(prompt_ids) > session.context:
                raise overflow_fault(len(prompt_ids), session.context)
            reference, why_none = _reference(request, model)
            talk = config.conversation
            answer = Generation(
                session=session,
                sampler=Sampler(request.temperature, config.top_p, request.seed),
                stream=TextStream(prepared.codec, talk.stop_strings),
                stop_ids=frozenset((*talk.stop_ids, *config.end_ids)),
                max_tokens=request.max_tokens,
            )
            answer.run(
                prompt_ids,
                lambda fed: observer.progress(Phase.GENERATE, fed, len(prompt_ids), "prompt tokens"),
                lambda count, text: observer.progress(
                    Phase.GENERATE, count, request.max_tokens, "tokens", text
                ),
            )
            check = answer.check(reference, why_none)
            conclude(answer.report(check), span, observer)


def _reference(request: ProbeRequest, model: LocalModel) -> tuple[Reference | None, str]:
    """The known answer, or None and why there is none."""
    if request.temperature > 0:
        return None, "reference answers are greedy, this one is sampled"
    found = find_reference(model.path, request.prompt)
    if model.is_canary:
        return found, "the canary has no reference answer to this prompt"
    return found, "the model brings no reference answer to this prompt: only the canary does"
