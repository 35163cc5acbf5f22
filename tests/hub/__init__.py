"""A model hub of the project's own, which misbehaves on demand."""

from .faults import Fault, Kind
from .server import Hub, Served

__all__ = ["Fault", "Hub", "Kind", "Served"]
