"""Not an engine that runs a model: asks the hub for anything at all, to tell the network from the model."""

from __future__ import annotations

import threading
from typing import ClassVar

from localloom_diagnosis.taxonomy import Category, Phase

from .interface import Engine, EngineFault, Observer, ProbeRequest

ELSEWHERE = "the hub was asked for an answer, and for nothing else"


class ReachEngine(Engine):
    """One exchange with the hub, as a run: passed if it answers, whatever it answers."""

    name: ClassVar[str] = "hub"

    def probe(self, request: ProbeRequest, observer: Observer) -> None:
        """Ask the hub's front page.

        Raises:
            EngineFault: a category of network; host.missing_dependency where this interpreter cannot ask.
        """
        from localloom_agent.artifacts.fetching.exchange import Exchanges
        from localloom_agent.artifacts.fetching.failures import AttemptFailed, Target
        from localloom_agent.artifacts.fetching.settings import FetchSettings

        settings = FetchSettings.from_request(request)
        observer.engine(name=self.name, version="", device="network")
        for phase in (Phase.RUNTIME, Phase.RESOLVE):
            observer.skip(phase, ELSEWHERE)
        exchanges = Exchanges(settings, observer, threading.Event())
        url = f"{settings.hub}/"
        host = settings.hub.partition("://")[2]
        with observer.span(Phase.METADATA, "reach the hub", http__host=host) as span:
            try:
                with exchanges.get(url, Target("", url, host), Phase.METADATA, {}, 0) as exchange:
                    status = exchange.response.status_code
            except AttemptFailed as failed:
                raise failed.fault from failed
            finally:
                exchanges.close()
            span.set(http__status=status)
            if status >= 500:
                raise EngineFault(
                    Category.NETWORK_HTTP_ERROR,
                    f"{host} answers with HTTP {status}: the hub itself is in trouble; try again later",
                    {"http.status": status, "http.host": host, "http.url": url},
                )
        for phase in (Phase.WEIGHTS, Phase.COMPILE, Phase.LOAD, Phase.GENERATE):
            observer.skip(phase, ELSEWHERE)
