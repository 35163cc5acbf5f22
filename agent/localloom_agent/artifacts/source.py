"""Where an engine gets its model from: this machine, or a hub, phase by phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localloom_agent.engines.interface import EngineFault, Observer, ProbeRequest
from localloom_diagnosis.taxonomy import Category, Phase

from .catalogue import find
from .fetching.reference import Reference, parse_reference
from .resolve import LocalModel, local_model
from .shards import verify_shard
from .tensor_cache import TensorCache, read_tensor_cache

if TYPE_CHECKING:
    from .fetching.fetcher import Fetcher


class ModelSource:
    """The model of a request: found, brought here if it is not, and verified. Every step opens its phase's span.

    Holds connections to the hub: to be closed.
    """

    def __init__(self, request: ProbeRequest, observer: Observer) -> None:
        """Report to `observer`."""
        self._request, self._observer = request, observer
        self._fetcher: Fetcher | None = None
        self._model: LocalModel | None = None

    def close(self) -> None:
        """Close the connections to the hub."""
        if self._fetcher is not None:
            self._fetcher.close()

    def resolve(self) -> LocalModel:
        """Say which model the reference means. A fetched one's folder is filled by the next steps.

        Raises:
            EngineFault: artifact.model_not_found, config.invalid; host.missing_dependency where this interpreter
                cannot fetch.
        """
        request = self._request
        with self._observer.span(Phase.RESOLVE, "find model", model__reference=request.model) as span:
            reference = parse_reference(request.model)
            if reference.fetched:
                self._fetcher = self._make_fetcher(reference)
                found = self._fetcher.resolve()
                model, size = LocalModel(found.id, found.path, found.source), found.nbytes
                span.set(cache__complete=found.cached)
            else:
                model = local_model(reference)
                size = model.nbytes()
            span.set(model__id=model.id, model__source=model.source, model__bytes=size)
        self._model = model
        self._say(size)
        return model

    def metadata(self) -> None:
        """Fetch config, table of contents and tokenizer of a model that is not on this machine.

        Raises:
            EngineFault: a category of network, storage or artifact.
        """
        if self._fetcher is None:
            return
        with self._observer.span(Phase.METADATA, "fetch metadata") as span:
            report = self._fetcher.metadata()
            span.set(**report.attributes())
            size = read_tensor_cache(report.path).nbytes
        self._say(size)

    def weights(self, tensors: TensorCache) -> None:
        """Bring the shards that `tensors` lists to this machine, and verify each.

        Raises:
            EngineFault: a category of network, storage or artifact.
        """
        if self._fetcher is not None:
            with self._observer.span(Phase.WEIGHTS, "fetch shards") as span:
                report = self._fetcher.weights()
                span.set(artifact__shards=len(tensors.shards), **report.attributes())
            return
        assert self._model is not None
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            self._observer.progress(Phase.WEIGHTS, done, tensors.nbytes, "bytes")

        with self._observer.span(Phase.WEIGHTS, "verify shards") as span:
            verified = sum(verify_shard(self._model.path, shard, advance) for shard in tensors.shards)
            span.set(
                artifact__bytes=tensors.nbytes,
                artifact__shards=len(tensors.shards),
                artifact__verified=verified,
            )

    def _say(self, size: int) -> None:
        assert self._model is not None
        self._observer.model(id=self._model.id, source=self._model.source, bytes=size)
        known = find(self._model.id)
        self._observer.facts(
            model__id=self._model.id,
            model__bytes=size or None,
            model__smaller=known.smaller if known else None,
        )

    def _make_fetcher(self, reference: Reference) -> Fetcher:
        try:
            from .fetching.fetcher import Fetcher
        except ImportError as error:
            module = error.name or "httpx"
            raise EngineFault(
                Category.HOST_MISSING_DEPENDENCY,
                f"{reference.source} cannot be fetched, for this Python lacks {module}; install httpx and filelock into "
                "it, or name a folder that has the model",
                {"module.missing": module},
            ) from error
        return Fetcher.from_request(reference, self._request, self._observer)
