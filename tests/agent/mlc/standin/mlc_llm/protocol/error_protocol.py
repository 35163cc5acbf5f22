"""Errors of a request."""


class BadRequestError(ValueError):
    """The request cannot be answered."""
