"""Watches the browser from outside: every exchange, console line, crash and uncaught error, in order, with its source."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from localloom_agent.engines.interface import ForeignError, Observer
from localloom_diagnosis.taxonomy import Phase

from . import words
from .stages import CONFIG, SHARDS, Stages, place_of

_LEVELS = {"error": "error", "warning": "warning", "debug": "debug"}


class Watch:
    """Listens to a browser context; what it hears goes to the observer, and what may be evidence to `words`."""

    def __init__(self, context: Any, observer: Observer, stages: Stages, said: words.Words, own: str) -> None:
        """Begin to listen.

        Args:
            context: playwright's browser context.
            observer: whom to tell.
            stages: is told of each request for a part of a model.
            said: takes the lines that may be evidence.
            own: address of our own site, whose pages are no exchanges of the model's.
        """
        self._observer, self._stages, self._said, self._own = observer, stages, said, own
        self._open: dict[Any, tuple[float, ExitStack]] = {}
        self._answers: dict[Any, Any] = {}
        self.crashed = ""
        """Which page crashed, if one did."""
        self.exchanges = 0
        self.received = 0
        """Bytes of the model's files that came."""
        self.failed: list[str] = []
        """Addresses of parts of a model that could not be fetched."""
        self.shards = 0
        """How many shards of weights came."""
        self.model_requests = 0
        self.changed_at = time.monotonic()
        """When anything happened last; monotonic seconds."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfinished", self._finished)
        context.on("requestfailed", self._failed)
        context.on("console", self._console)
        context.on("weberror", self._uncaught)
        context.on("page", self._page)
        context.on(
            "serviceworker",
            lambda worker: observer.log("info", "service-worker", f"started: {_bare(worker.url)}"),
        )
        for page in context.pages:
            self._page(page)

    @property
    def pending(self) -> int:
        """How many exchanges are under way."""
        return len(self._open)

    def settle(self) -> None:
        """Close what is still under way: the browser is about to end."""
        for _, stack in self._open.values():
            stack.close()
        self._open.clear()

    def _page(self, page: Any) -> None:
        page.on("crash", self._crash)

    def _crash(self, page: Any) -> None:
        self.crashed = _bare(page.url)
        self._observer.log("error", "browser", f"the page's process crashed: {self.crashed}")

    def _is_ours(self, url: str) -> bool:
        path = urlsplit(url).path
        return url.startswith(self._own) and not path.startswith(("/model/", "/library/"))

    def _request(self, request: Any) -> None:
        url = request.url
        if not url.startswith(("http:", "https:")) or self._is_ours(url):
            return
        self.changed_at = time.monotonic()
        if self._stages.asked(url) is not None:
            self.model_requests += 1
        stack = ExitStack()
        stack.enter_context(self._observer.pending(request.method, _bare(url)))
        self._open[request] = (time.monotonic(), stack)

    def _response(self, response: Any) -> None:
        if response.request in self._open:
            self._answers[response.request] = response

    def _finished(self, request: Any) -> None:
        self._settled(request, "")

    def _failed(self, request: Any) -> None:
        self._settled(request, request.failure or "failed")

    def _settled(self, request: Any, error: str) -> None:
        opened = self._open.pop(request, None)
        if opened is None:
            return
        started, stack = opened
        stack.close()
        self.changed_at = time.monotonic()
        answer = self._answers.pop(request, None)
        status = answer.status if answer is not None else None
        headers = answer.headers if answer is not None else {}
        timing = request.timing
        first = timing.get("responseStart", -1)
        through_worker = bool(answer is not None and answer.from_service_worker)
        place = place_of(request.url) or CONFIG
        self.exchanges += 1
        size = 0 if error else _length(headers)
        self.received += size if place_of(request.url) else 0
        if place is SHARDS and not error:
            self.shards += 1
        if place_of(request.url) and (error or (status or 0) >= 400):
            self.failed.append(_bare(request.url))
        self._observer.exchange(
            phase=place.phase if place_of(request.url) else Phase.RUNTIME,
            method=request.method,
            url=_bare(request.url),
            status=status,
            received=size,
            duration_s=time.monotonic() - started,
            ttfb_s=first / 1000 if first > 0 else None,
            error=error,
            http__from="service-worker" if through_worker else "network",
            http__by="service-worker" if request.service_worker else None,
            http__content_type=headers.get("content-type"),
        )

    def _console(self, message: Any) -> None:
        self.changed_at = time.monotonic()
        worker = getattr(message, "worker", None)
        source = "console" if worker is None else "worker console"
        level = _LEVELS.get(message.type, "info")
        text = message.text
        if text.startswith("Failed to load resource"):
            text += f" ({_bare(str(message.location.get('url', '')))})"
        self._observer.log(level, source, text)
        if level in {"error", "warning"}:
            self._said.add(words.error("", text, "console"))

    def _uncaught(self, web_error: Any) -> None:
        error = web_error.error
        name, text = getattr(error, "name", "") or "", getattr(error, "message", "") or str(error)
        self._observer.log("error", "page", f"{name}: {text}".strip(": "))
        self._said.add(ForeignError(name, text, origin="rejection", stack=getattr(error, "stack", "") or ""))


def _bare(url: str) -> str:
    """The address without query and credentials."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _length(headers: dict[str, str]) -> int:
    try:
        return int(headers.get("content-length", 0))
    except ValueError:
        return 0
