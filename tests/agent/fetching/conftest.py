"""A hub with a small model, and a fetch from it with little patience."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1]), str(HERE.parent / "engines")]

from fetch_observer import FetchObserver  # noqa: E402
from hub import Hub  # noqa: E402  (found through the line above)
from hub.certificates import Authority  # noqa: E402
from model_files import write_model  # noqa: E402

from localloom_agent.artifacts.fetching import parse_reference  # noqa: E402
from localloom_agent.artifacts.fetching.fetcher import Fetcher  # noqa: E402
from localloom_agent.artifacts.fetching.report import StepReport  # noqa: E402
from localloom_agent.artifacts.fetching.settings import FetchSettings  # noqa: E402
from localloom_agent.engines.interface import EngineFault  # noqa: E402
from localloom_diagnosis.evidence import FACT_NAMES  # noqa: E402
from localloom_diagnosis.taxonomy import Phase  # noqa: E402

MODEL = "HF://org/model"
_NETWORK_VARIABLES = ("PROXY", "SSL_CERT", "CA_BUNDLE", "HF_", "LOCALLOOM_", "HUGGING_FACE")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch) -> None:
    """No proxy, no bundle and no token of the machine that runs the tests."""
    for name in list(os.environ):
        if any(part in name.upper() for part in _NETWORK_VARIABLES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """A certificate authority for this session."""
    return Authority()


@pytest.fixture
def model(tmp_path) -> Path:
    """The folder that the hub serves."""
    return write_model(tmp_path / "served")


@pytest.fixture
def hub(model) -> Iterator[Hub]:
    """A hub that serves `org/model`."""
    with Hub({"org/model": model}) as running:
        yield running


@dataclass
class Fetched:
    """What a fetch came to."""

    observer: FetchObserver
    path: Path
    metadata: StepReport
    weights: StepReport


class Fetch:
    """Fetches from a hub into one cache."""

    def __init__(self, cache: Path, hub_url: str) -> None:
        self.cache, self.hub_url = cache, hub_url

    def settings(self, **changes: Any) -> FetchSettings:
        quick = {
            "cache_dir": self.cache,
            "hub": self.hub_url,
            "attempts": 3,
            "backoff_s": 0.01,
            "timeout_s": 1.0,
            "connect_s": 1.0,
            "patience_s": 5.0,
            "retry_after_max_s": 3.0,
        }
        return FetchSettings(**{**quick, **changes})

    def __call__(self, reference: str = MODEL, observer: FetchObserver | None = None, **changes: Any):
        """All three steps; a fault passes."""
        observer = observer or FetchObserver()
        fetcher = Fetcher(parse_reference(reference), self.settings(**changes), observer)
        try:
            with observer.span(Phase.RESOLVE, "resolve"):
                found = fetcher.resolve()
            with observer.span(Phase.METADATA, "metadata"):
                metadata = fetcher.metadata()
            with observer.span(Phase.WEIGHTS, "weights"):
                weights = fetcher.weights()
        finally:
            fetcher.close()
        return Fetched(observer, found.path, metadata, weights)

    def fault(self, reference: str = MODEL, **changes: Any) -> tuple[EngineFault, FetchObserver]:
        """The fault that a fetch ends in, whose facts have the names that facts have."""
        observer = FetchObserver()
        with pytest.raises(EngineFault) as caught:
            self(reference, observer, **changes)
        assert set(caught.value.facts) <= FACT_NAMES
        assert not observer.under_way
        return caught.value, observer

    def folder(self) -> Path:
        """Where `MODEL` lies in the cache."""
        return self.cache / "models" / "hf--org--model"

    def final_files(self) -> set[str]:
        """What has a final name."""
        return {p.name for p in self.folder().iterdir() if p.is_file()} if self.folder().exists() else set()


@pytest.fixture
def fetch(tmp_path, hub) -> Fetch:
    """Fetch from the hub into an empty cache."""
    return Fetch(tmp_path / "cache", hub.url)


@pytest.fixture
def fetch_from(tmp_path) -> Callable[[str], Fetch]:
    """Fetch from any hub into an empty cache."""
    return lambda url: Fetch(tmp_path / "cache", url)
