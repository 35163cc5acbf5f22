"""What can go wrong in the collector and be said to a person in one sentence."""

from __future__ import annotations


class CollectorFault(Exception):
    """The collector cannot do its work; the text says what happened, to what, and what to do next.

    The command line prints the text and exits 3.
    """


class DatabaseFault(CollectorFault):
    """The database does not open, or its schema is not the one this version reads."""


class ListenFault(CollectorFault):
    """The server cannot listen where it was asked to."""


class StorageUnavailable(Exception):
    """The database cannot take a group of chunks now, but may later: locked, disk full, connection lost."""
