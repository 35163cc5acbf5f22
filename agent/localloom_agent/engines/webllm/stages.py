"""Which phase WebLLM is in: told by what it asks for, by what its hooks say, and by its own progress texts."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from localloom_agent.engines.interface import Observer
from localloom_agent.engines.track import Place, Track
from localloom_diagnosis.taxonomy import Phase

OPEN = Place(Phase.RUNTIME, "open the user's page")
START = Place(Phase.RUNTIME, "start the engine's host")
RECORD = Place(Phase.RESOLVE, "look up the record")
CONFIG = Place(Phase.METADATA, "fetch config")
LIBRARY = Place(Phase.WEIGHTS, "fetch and instantiate the model library")
DETECT = Place(Phase.PREFLIGHT, "find a WebGPU adapter for the model")
TOKENIZER = Place(Phase.METADATA, "fetch tokenizer")
TABLE = Place(Phase.METADATA, "fetch the table of weights")
SHARDS = Place(Phase.WEIGHTS, "fetch shards")
CHECK = Place(Phase.WEIGHTS, "check shards")
ONTO_DEVICE = Place(Phase.LOAD, "put weights on the device, make the KV cache")
SHADERS = Place(Phase.COMPILE, "compile shaders")
FINISH = Place(Phase.LOAD, "finish loading")
GENERATE = Place(Phase.GENERATE, "generate")

_FILES = (
    (re.compile(r"mlc-chat-config\.json$"), CONFIG),
    (re.compile(r"\.wasm$"), LIBRARY),
    (re.compile(r"tokenizer[\w.-]*$|added_tokens\.json$|vocab\.json$|merges\.txt$"), TOKENIZER),
    (re.compile(r"(?:tensor|ndarray)-cache[\w.-]*\.json$"), TABLE),
    (re.compile(r"params_shard_\d+\.bin$|\.safetensors$"), SHARDS),
)
_COUNT = re.compile(r"\[(\d+)/(\d+)\]")
_FETCHED = re.compile(r"(\d+)MB fetched")


def place_of(url: str) -> Place | None:
    """Where the exchange for this URL belongs; None for what is no part of a model."""
    path = urlsplit(url).path
    return next((place for pattern, place in _FILES if pattern.search(path)), None)


class Stages:
    """Moves the track on as WebLLM goes on. What comes again after it was passed moves it nowhere back."""

    def __init__(self, track: Track, observer: Observer) -> None:
        """Begin with nothing known; `loading` says whether the model is being loaded now."""
        self._track, self._observer = track, observer
        self.loading = False
        self.shaders = 0

    def asked(self, url: str) -> Place | None:
        """The browser asks for `url`; returns where that belongs."""
        place = place_of(url)
        if self.loading and place is not None:
            self._track.enter(place)
        return place

    def detecting(self) -> None:
        """WebLLM asks for an adapter."""
        if self.loading and self._track.place in {RECORD, CONFIG, LIBRARY, START}:
            self._track.enter(DETECT)

    def compiling(self) -> None:
        """A shader is being compiled; a page that is only watched gives no text that says so."""
        if self.loading and self._track.place in {SHARDS, ONTO_DEVICE}:
            self._track.enter(SHADERS)

    def said(self, text: str) -> None:
        """A progress text of WebLLM's."""
        count = _COUNT.search(text)
        done, total = (float(count[1]), float(count[2])) if count else (0.0, 0.0)
        if text.startswith(("Start to fetch", "Fetching param")):
            self._track.enter(SHARDS)
            megabytes = _FETCHED.search(text)
            if megabytes:
                self._observer.progress(Phase.WEIGHTS, float(megabytes[1]) * 1e6, 0, "bytes", text)
        elif text.startswith("Loading model from cache"):
            self._track.enter(ONTO_DEVICE)
            self._observer.progress(Phase.LOAD, done, total, "shards", text)
        elif text.startswith("Loading GPU shader"):
            self._track.enter(SHADERS)
            self.shaders = int(total) or self.shaders
            self._observer.progress(Phase.COMPILE, done, total, "shaders", text)
        elif text.startswith("Finish loading"):
            self._track.enter(FINISH)
