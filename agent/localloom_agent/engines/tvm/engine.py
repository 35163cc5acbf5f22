"""The phases of the tvm engine, from importing TVM to the last token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from localloom_agent.artifacts import LocalModel, ModelFolder, open_folder, resolve
from localloom_agent.artifacts.shards import verify_shard
from localloom_agent.engines.interface import Engine, EngineFault, Observer, ProbeRequest
from localloom_diagnosis.taxonomy import Category, Phase

from . import memory
from .compiler import Compiled, compile_model
from .devices import Chosen, choose_device
from .generation import Generation, numeric_fault, overflow_fault
from .reference import Reference, find_reference
from .runtime import Runtime, load_runtime
from .sampling import Sampler
from .session import PREFILL_CHUNK, Session
from .targets import target_for
from .tokenizer import TextCodec, TextStream
from .weights import load_parameters

if TYPE_CHECKING:
    from localloom_agent.artifacts.chat_config import ChatConfig

DEFAULT_CONTEXT = 2048
"""Positions of the KV cache where the model has more and the prompt and its answer need no more."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What the metadata phase found."""

    folder: ModelFolder
    codec: TextCodec
    prompt_ids: list[int]
    window: int
    """Tokens that prompt and answer may have together."""
    capacity: int
    """Positions of the KV cache."""


class TvmEngine(Engine):
    """Compiles an MLC-format model with Apache TVM and runs it, in this process.

    Options of the request: `context_window` (tokens) narrows the model's own.
    """

    name: ClassVar[str] = "tvm"

    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Run the phases; see `Engine.probe`."""
        runtime = self._runtime(observer)
        device = self._device(request, runtime, observer)
        model = self._resolve(request, observer)
        prepared = self._metadata(request, model, observer)
        self._weights(prepared.folder, observer)
        compiled = self._compile(prepared, device, observer)
        session = self._load(prepared, compiled, device, observer)
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

    def _resolve(self, request: ProbeRequest, observer: Observer) -> LocalModel:
        with observer.span(Phase.RESOLVE, "find model", model__reference=request.model) as span:
            model = resolve(request.model)
            size = model.nbytes()
            span.set(model__id=model.id, model__source=model.source, model__bytes=size)
        observer.model(id=model.id, source=model.source, bytes=size)
        observer.facts(model__id=model.id, model__bytes=size)
        return model

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
            window = _window(request, folder.config)
        with observer.span(Phase.METADATA, "open tokenizer") as span:
            codec = TextCodec(folder)
            prompt_ids = codec.encode_chat(request.prompt)
            span.set(prompt__tokens=len(prompt_ids))
        capacity = min(window, max(DEFAULT_CONTEXT, len(prompt_ids) + request.max_tokens))
        return _Prepared(folder, codec, prompt_ids, window, capacity)

    def _weights(self, folder: ModelFolder, observer: Observer) -> None:
        total, done = folder.tensors.nbytes, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            observer.progress(Phase.WEIGHTS, done, total, "bytes")

        with observer.span(Phase.WEIGHTS, "verify shards") as span:
            shards = folder.tensors.shards
            verified = sum(verify_shard(folder.path, shard, advance) for shard in shards)
            span.set(artifact__bytes=total, artifact__shards=len(shards), artifact__verified=verified)

    def _compile(self, prepared: _Prepared, device: Chosen, observer: Observer) -> Compiled:
        config = prepared.folder.config
        with observer.span(Phase.COMPILE, "compile model") as span:
            target = target_for(device)
            span.set(compile__target=str(target))
            compiled = compile_model(
                config.architecture, config.quantization, prepared.capacity, target, device.handle
            )
            span.set(compile__kernels=compiled.kernels)
        return compiled

    def _load(self, prepared: _Prepared, compiled: Compiled, device: Chosen, observer: Observer) -> Session:
        folder, arch = prepared.folder, prepared.folder.config.architecture
        weights, cache = folder.tensors.nbytes, arch.kv_bytes(prepared.capacity)
        working = memory.working_bytes(folder, PREFILL_CHUNK)
        with observer.span(Phase.LOAD, "check memory") as span:
            span.set(
                memory__needed=weights + cache + working,
                memory__available=memory.available_host_bytes()
                if device.is_cpu
                else memory.device_memory(device)[0],
            )
            memory.check_memory(device, weights, cache, working)
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            observer.progress(Phase.LOAD, done, weights, "bytes")

        with observer.span(Phase.LOAD, "put weights on the device", **_memory_now(device, "before")) as span:
            tensors, mapped = load_parameters(folder, compiled.parameters, device.handle, advance)
            device.handle.sync()
            span.set(load__bytes=done, load__mapped_bytes=mapped, **_memory_now(device, "after"))
        with observer.span(Phase.LOAD, "make KV cache", kv_cache__bytes=cache) as span:
            session = Session.open(compiled.machine, device.handle, tensors, arch, prepared.capacity)
            device.handle.sync()
            span.set(kv_cache__positions=prepared.capacity, **_memory_now(device, "after"))
        return session

    def _generate(
        self,
        request: ProbeRequest,
        model: LocalModel,
        prepared: _Prepared,
        session: Session,
        observer: Observer,
    ) -> None:
        config, prompt_ids = prepared.folder.config, prepared.prompt_ids
        with observer.span(Phase.GENERATE, "generate", gen_ai__usage__input_tokens=len(prompt_ids)) as span:
            if len(prompt_ids) > prepared.window:
                raise overflow_fault(len(prompt_ids), prepared.window)
            reference, why_none = _reference(request, model)
            talk = config.conversation
            answer = Generation(
                session=session,
                sampler=Sampler(request.temperature, config.top_p, request.seed),
                stream=TextStream(prepared.codec, talk.stop_strings),
                stop_ids=frozenset((*talk.stop_ids, *config.end_ids)),
                max_tokens=request.max_tokens,
                context=prepared.capacity,
            )
            answer.run(
                prompt_ids,
                lambda fed: observer.progress(Phase.GENERATE, fed, len(prompt_ids), "prompt tokens"),
                lambda count, text: observer.progress(
                    Phase.GENERATE, count, request.max_tokens, "tokens", text
                ),
            )
            check = answer.check(reference, why_none)
            report = answer.report(check)
            span.set(
                gen_ai__usage__output_tokens=report.completion_tokens,
                gen_ai__response__finish_reason=report.finish_reason,
                generate__ttft_s=report.ttft_s,
                generate__tokens_per_s=report.tokens_per_s,
                generate__numeric_check=check.status,
            )
            observer.generation(report)
            if check.status == "failed":
                raise numeric_fault(check)


def _window(request: ProbeRequest, config: ChatConfig) -> int:
    """The model's context, or the narrower one that the request wants."""
    wanted: Any = request.options.get("context_window")
    if wanted is None:
        return config.context_window
    if isinstance(wanted, bool) or not isinstance(wanted, int) or wanted <= 0:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the option context_window must be a number of tokens above 0, it is {wanted!r}",
            {"artifact.key": "context_window"},
        )
    return min(wanted, config.context_window)


def _reference(request: ProbeRequest, model: LocalModel) -> tuple[Reference | None, str]:
    """The known answer, or None and why there is none."""
    if not model.is_canary:
        return None, "there are reference answers only for the canary"
    if request.temperature > 0:
        return None, "the reference answers are greedy, this one is sampled"
    return find_reference(model.path, request.prompt), "the canary has no reference answer to this prompt"


def _memory_now(device: Chosen, when: str) -> dict[str, int | None]:
    """Attributes with the memory in use, here and on the device."""
    free, total = memory.device_memory(device)
    used = total - free if free is not None and total is not None else None
    return {f"host__rss_{when}": memory.rss_bytes(), f"gpu__memory__used_{when}": used}
