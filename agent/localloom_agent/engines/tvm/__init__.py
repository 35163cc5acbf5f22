"""The embedded engine: Apache TVM compiles and runs MLC-format models on this machine. Imports no TVM by itself."""

from .engine import TvmEngine

__all__ = ["TvmEngine"]
