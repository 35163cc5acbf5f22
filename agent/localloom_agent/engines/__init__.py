"""Engines: the things that load and run a model, each behind one interface. Standard library only."""

from .interface import Engine, EngineFault, ForeignError, Observer, ProbeRequest, Span

__all__ = ["Engine", "EngineFault", "ForeignError", "Observer", "ProbeRequest", "Span"]
