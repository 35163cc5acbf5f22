"""Fetches a model in the steps that the phases of a probe are: find it, fetch its metadata, fetch its weights."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from localloom_agent.artifacts.chat_config import CONFIG_FILE
from localloom_agent.artifacts.json_file import read_json_object
from localloom_agent.artifacts.tensor_cache import CACHE_FILES, TensorCache, read_tensor_cache
from localloom_agent.artifacts.tokenizer_file import TOKENIZER_FILE
from localloom_agent.engines.interface import EngineFault, Observer, ProbeRequest
from localloom_diagnosis.taxonomy import Category, Phase

from . import disk
from .cache import Cache, is_complete
from .context import FetchContext
from .download import Item
from .exchange import Exchanges
from .failures import Target
from .lock import Holder, ModelLock
from .partial import WORK_DIR
from .reference import Reference
from .report import StepReport
from .settings import FetchSettings
from .step import Step, absent_mark

_DEFAULT_TOKENIZER_FILES = (TOKENIZER_FILE, "tokenizer_config.json")


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that can be fetched, or has been."""

    id: str
    source: str
    """HF://org/name or a URL, without query or credentials."""
    path: Path
    """Its folder in the cache, which need not exist yet."""
    cached: bool
    """All of it is there."""
    nbytes: int
    """Of the weights: as cached, else as the catalogue has it; 0 where neither knows."""


class Fetcher:
    """One fetch of one model. The steps are called in order, each inside the span of its phase."""

    def __init__(self, reference: Reference, settings: FetchSettings, observer: Observer) -> None:
        """Fetch `reference`, whose `fetched` is true."""
        self.reference, self._settings, self._observer = reference, settings, observer
        self._cache = Cache(settings.cache_dir)
        self._folder = self._cache.folder(reference.slug)
        self._cancel = threading.Event()
        self._context = FetchContext(self._folder, settings, observer, self._connect, self._cancel)
        self._exchanges: Exchanges | None = None
        self._making = threading.Lock()

    @classmethod
    def from_request(cls, reference: Reference, request: ProbeRequest, observer: Observer) -> Fetcher:
        """A fetcher with the settings of the request and the environment.

        Raises:
            EngineFault: config.invalid; see `FetchSettings.from_request`.
        """
        return cls(reference, FetchSettings.from_request(request), observer)

    def resolve(self) -> FoundModel:
        """Say what will be fetched, without asking the network; adds the figures that a diagnosis may need.

        Raises:
            EngineFault: artifact.model_not_found where the probe is offline and the cache lacks the model.
        """
        reference, model = self.reference, self.reference.model
        cached = is_complete(self._folder)
        self._observer.facts(model__id=reference.id, model__smaller=model.smaller if model else None)
        if self._settings.offline and not cached:
            raise self._offline_fault("not all of the model")
        nbytes = read_tensor_cache(self._folder).nbytes if cached else model.download_bytes if model else 0
        return FoundModel(reference.id, reference.source, self._folder, cached, nbytes)

    def metadata(self) -> StepReport:
        """Bring config, table of contents and tokenizer files into the cache.

        Raises:
            EngineFault: a category of network, storage or artifact.
        """
        with self._step(Phase.METADATA) as step:
            self._config(step)
            before = step.fetched
            tensors = self._table(step)
            if step.fetched == before:
                step.count_hit()
            files = self._tokenizer_files()
            step.verify_or_fetch(
                [self._item(file, Phase.METADATA) for file in files if self._is_lacking(file, step)]
            )
            names = {CONFIG_FILE, tensors.file, *files}
            return step.report(sum(_size(self._folder / name) for name in names))

    def weights(self) -> StepReport:
        """Bring every weight shard into the cache; each is verified, fetched just now or long ago.

        Raises:
            EngineFault: a category of network, storage or artifact.
        """
        with self._step(Phase.WEIGHTS) as step:
            tensors = self._table(step)  # again: between the steps, the model may have been evicted
            step.verify_or_fetch([self._item(s.file, Phase.WEIGHTS, s.nbytes, s.md5) for s in tensors.shards])
            return step.report(tensors.nbytes)

    def close(self) -> None:
        """Close the connections."""
        self._cancel.set()
        if self._exchanges is not None:
            self._exchanges.close()

    def _config(self, step: Step) -> None:
        if self._is_lacking(CONFIG_FILE, step):
            step.fetch(self._item(CONFIG_FILE, Phase.METADATA))

    def _table(self, step: Step) -> TensorCache:
        """The table of contents, under its new or its old name."""
        cached = next((name for name in CACHE_FILES if (self._folder / name).exists()), None)
        if cached is not None:
            try:
                tensors = read_tensor_cache(self._folder)
            except EngineFault as fault:
                if fault.category is not Category.ARTIFACT_CORRUPT:
                    raise
                step.note_damage(cached, str(fault))
                (self._folder / cached).unlink()
            else:
                return tensors
        try:
            step.fetch(self._item(CACHE_FILES[0], Phase.METADATA))
        except EngineFault as fault:
            if fault.facts.get("http.status") != 404:
                raise
            step.fetch(self._item(CACHE_FILES[1], Phase.METADATA))
        return read_tensor_cache(self._folder)

    def _tokenizer_files(self) -> list[str]:
        """The files that the config names; names that would leave the folder are not asked for."""
        named = read_json_object(self._folder / CONFIG_FILE).get("tokenizer_files")
        files = named if isinstance(named, list) and named else list(_DEFAULT_TOKENIZER_FILES)
        return [
            f for f in dict.fromkeys(files) if isinstance(f, str) and f and Path(f).name == f and f[0] != "."
        ]

    def _is_lacking(self, file: str, step: Step) -> bool:
        """Whether a file of the metadata must be fetched."""
        path = self._folder / file
        if not path.exists():
            return not absent_mark(self._folder, file).exists()
        try:
            if file.endswith(".json"):
                read_json_object(path)
        except EngineFault as fault:
            if fault.category is not Category.ARTIFACT_CORRUPT:
                raise
            step.note_damage(file, str(fault))
            path.unlink(missing_ok=True)
            return True
        step.count_hit()
        return False

    def _item(self, file: str, phase: Phase, size: int | None = None, md5: str = "") -> Item:
        base, dot, query = self._settings.base_url(self.reference).partition("?")
        # The exchange fills in the rest of the target, hop by hop.
        target = Target(file, "", "", model_id=self.reference.id, opens_model=file == CONFIG_FILE)
        optional = phase is Phase.METADATA and file not in (CONFIG_FILE, TOKENIZER_FILE, *CACHE_FILES)
        return Item(target, f"{base}{file}{dot}{query}", phase, size, md5, optional)

    @contextmanager
    def _step(self, phase: Phase) -> Iterator[Step]:
        """A step under the model's lock; without one where the cache is read-only and has the whole model."""
        lock = ModelLock(self._cache.lock_path(self.reference.slug), self._folder / WORK_DIR)
        if self._settings.offline or not self._writable():
            yield self._make_step(phase, None)
            return
        with (
            disk.faults(self._folder),
            lock.wait(self._settings.lock_stall_s, self._cancel, lambda holder: self._waiting(phase, holder)),
        ):
            self._cache.record(self.reference)
            yield self._make_step(phase, lock)

    def _make_step(self, phase: Phase, lock: ModelLock | None) -> Step:
        return Step(phase, self._context, lock)

    def _writable(self) -> bool:
        """Whether the lock can be taken.

        Raises:
            EngineFault: storage.permission where it cannot, and files are missing.
        """
        probe = self._cache.lock_path(self.reference.slug)
        try:
            probe.parent.mkdir(parents=True, exist_ok=True)
            with probe.open("ab"):
                return True
        except OSError as error:
            fault = disk.disk_fault(error, self._folder)
            if fault is not None and is_complete(self._folder):
                return False
            raise (fault or error) from error

    def _waiting(self, phase: Phase, holder: Holder | None) -> None:
        self._observer.progress(phase, holder.done if holder else 0, holder.total if holder else 0, "bytes")

    def _connect(self) -> Exchanges:
        if self._settings.offline:
            raise self._offline_fault("a sound copy of every file")
        with self._making:
            if self._exchanges is None:
                self._exchanges = Exchanges(self._settings, self._observer, self._cancel)
            return self._exchanges

    def _offline_fault(self, lacks: str) -> EngineFault:
        return EngineFault(
            Category.ARTIFACT_MODEL_NOT_FOUND,
            f"the cache {self._folder} does not hold {lacks}, and the probe is offline; probe once with the network, or "
            "name a folder that has the model",
            {"model.id": self.reference.id, "disk.path": str(self._folder)},
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def fetch(reference: Reference, request: ProbeRequest, observer: Observer) -> Path:
    """Bring the whole model into the cache; returns its folder.

    Raises:
        EngineFault: a category of network, storage, artifact or config.
    """
    fetcher = Fetcher.from_request(reference, request, observer)
    try:
        fetcher.resolve()
        fetcher.metadata()
        return fetcher.weights().path
    finally:
        fetcher.close()
