"""Fetching models from a hub into this machine's cache: resumed, verified, and every exchange reported.

What a reference means is known without the client: `Fetcher` and `fetch` are imported from `.fetcher`, where they are
needed, because an engine's interpreter may lack httpx, and a canary needs no client.
"""

from .reference import Kind, Reference, parse_reference

__all__ = ["Kind", "Reference", "parse_reference"]
