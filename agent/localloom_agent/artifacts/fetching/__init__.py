"""Fetching models from a hub into this machine's cache: resumed, verified, and every exchange reported."""

from .cache import Cache, CachedModel
from .fetcher import Fetcher, FoundModel, fetch
from .reference import Kind, Reference, parse_reference
from .report import StepReport
from .settings import FetchSettings

__all__ = [
    "Cache",
    "CachedModel",
    "FetchSettings",
    "Fetcher",
    "FoundModel",
    "Kind",
    "Reference",
    "StepReport",
    "fetch",
    "parse_reference",
]
