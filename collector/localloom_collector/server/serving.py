"""One serving process: opens the database, makes the collector, runs it until it is asked to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from localloom_collector.limits import Limits
from localloom_collector.storage import tokens
from localloom_collector.storage.engine import open_engine, parse_url
from localloom_collector.storage.writer import SqlWriter
from localloom_collector.version import version
from localloom_diagnosis import Evidence, diagnose

from .access import Access
from .lifecycle import Collector, Listen, serve


@dataclass(frozen=True, slots=True)
class Serving:
    """What a process serves."""

    database_url: str
    """On a current schema."""
    listen: Listen
    ask_tokens: bool
    limits: Limits
    shared_port: bool = False
    """Other processes, of the same parent, listen on it too."""


async def run(serving: Serving, announce: Callable[[str], None], stop: asyncio.Event | None = None) -> None:
    """Serve until SIGTERM or SIGINT, or until `stop` is set.

    Raises:
        ListenFault: it cannot listen where it was asked to.
    """
    url = parse_url(serving.database_url)
    access = None
    if serving.ask_tokens:
        asking = open_engine(url)  # one for reading: on SQLite the other's transactions wait for the writer
        access = Access(lambda: tokens.valid(asking))
    writer = SqlWriter(open_engine(url, writing=True), serving.limits)
    # gRPC's server belongs to the loop that it was made on.
    collector = Collector(writer, serving.limits, version(), access, shared_port=serving.shared_port)
    # The rules prepare themselves at their first use: a quarter of a second for which every stream would wait.
    diagnose(Evidence())
    await serve(collector, serving.listen, announce, stop)
