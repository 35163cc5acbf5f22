"""Errors that come from native code."""


class InternalError(RuntimeError):
    """A check failed."""
