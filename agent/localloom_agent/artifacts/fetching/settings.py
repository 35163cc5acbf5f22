"""What a fetch may do: the hub, the limits and the cache, from the request and the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from localloom_agent.engines.interface import EngineFault, ProbeRequest
from localloom_diagnosis.taxonomy import Category

from .reference import Reference

DEFAULT_HUB = "https://huggingface.co"
HUB_VARIABLES = ("LOCALLOOM_HUB", "HF_ENDPOINT")
TOKEN_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
TIMEOUT_VARIABLE = "LOCALLOOM_NETWORK_TIMEOUT"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch, and how long to be patient. Times are in seconds."""

    cache_dir: Path
    hub: str = DEFAULT_HUB
    """Scheme, host and port of the model hub, without a slash at the end."""
    token: str = field(default="", repr=False)
    """Sent to the hub's own origin, and nowhere else."""
    offline: bool = False
    parallel: int = 4
    connect_s: float = 10.0
    """For name resolution, and again for the connection."""
    timeout_s: float = 20.0
    """For the answer to begin, and between two bytes: below the watchdog's limits, so that the network is named."""
    min_rate: float = 1024.0
    """Bytes per second, over `timeout_s`: slower is as good as stalled."""
    attempts: int = 5
    """In a row without new bytes."""
    patience_s: float = 90.0
    """For attempts without new bytes, pauses included, before the last is taken for the answer."""
    whole_attempts: int = 2
    """For a file that arrived whole but wrong."""
    backoff_s: float = 0.5
    """Doubled with each attempt, and jittered."""
    backoff_max_s: float = 8.0
    retry_after_max_s: float = 60.0
    """A server that asks for a longer pause is not waited for."""
    lock_stall_s: float = 45.0
    """How long another process may hold the model's lock without a sign of life."""

    @classmethod
    def from_request(cls, request: ProbeRequest, environ: Mapping[str, str] | None = None) -> FetchSettings:
        """Read the request, its options `hub` and `network_timeout`, and the environment, in this order.

        Raises:
            EngineFault: config.invalid for a hub that is no URL or a limit that is no number of seconds.
        """
        env = os.environ if environ is None else environ
        hub = str(request.options.get("hub") or _first(env, HUB_VARIABLES) or DEFAULT_HUB)
        timeout = _seconds(request.options.get("network_timeout") or env.get(TIMEOUT_VARIABLE) or 20.0)
        return cls(
            cache_dir=cache_dir(request.cache_dir),
            hub=_checked_hub(hub),
            token=_first(env, TOKEN_VARIABLES),
            offline=request.offline,
            timeout_s=timeout,
            connect_s=min(10.0, timeout),
            patience_s=4.5 * timeout,
        )

    def base_url(self, reference: Reference) -> str:
        """The URL that file names are appended to; may hold credentials that the user wrote into it."""
        if reference.repository:
            return f"{self.hub}/{reference.repository}/resolve/main/"
        return reference.url


def cache_dir(chosen: str) -> Path:
    """The cache folder: the one chosen, or the user's."""
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("localloom", appauthor=False))


def _first(env: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((env[name].strip() for name in names if env.get(name, "").strip()), "")


def _checked_hub(hub: str) -> str:
    try:
        parts = urlsplit(hub)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the model hub must be given as http(s)://host[:port]; check --hub, {' and '.join(HUB_VARIABLES)}",
            {"artifact.key": "hub"},
        )
    return hub.rstrip("/")


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the network time-out must be a number of seconds above 0, it is {value!r}; "
            f"check {TIMEOUT_VARIABLE}",
            {"artifact.key": "network_timeout"},
        )
    return seconds
