"""Who may send: streams bring a bearer token, which is looked for among the digests in the database."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable, Iterable, Mapping

from localloom_collector.storage.tokens import digest

log = logging.getLogger(__name__)

#: How long a revoked token may still be taken, and a new one not yet.
FRESH_S = 3.0


class Access:
    """The tokens that hold, read again every few seconds while streams come or stay."""

    def __init__(self, read: Callable[[], Mapping[str, str]]) -> None:
        """Take what reads the valid digests and their names; it may block, and may fail."""
        self._read = read
        self._names: Mapping[str, str] | None = None
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def name(self, metadata: Iterable[tuple[str, str | bytes]]) -> str | None:
        """The name of the token that a call brought; None where it brought none that holds.

        Raises:
            Exception: the database has never answered, so nobody can be let in.
        """
        given = [str(value) for key, value in metadata if key == "authorization"]
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token:
            return None
        theirs = digest(token.strip())
        found = None
        for ours, name in (await self.valid()).items():
            # Every one of them, each in constant time: how long it takes says nothing about how near a guess was.
            if hmac.compare_digest(ours, theirs):
                found = name
        return found

    async def valid(self) -> Mapping[str, str]:
        """The tokens that hold, as of a few seconds ago, or as of the last time that the database answered."""
        async with self._reading:
            loop = asyncio.get_running_loop()
            if loop.time() - self._read_at > FRESH_S:
                try:
                    self._names = await asyncio.to_thread(self._read)
                except Exception as error:
                    if self._names is None:
                        raise
                    log.warning("tokens could not be read again: %s", type(error).__name__)
                self._read_at = loop.time()
            assert self._names is not None
            return self._names
