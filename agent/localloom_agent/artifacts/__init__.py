"""Model folders in MLC's format on this machine: found, read and verified before any runtime sees them."""

from .architecture import Architecture, ParameterSpec, expected_parameters
from .folder import ModelFolder, open_folder
from .resolve import LocalModel, resolve

__all__ = [
    "Architecture",
    "LocalModel",
    "ModelFolder",
    "ParameterSpec",
    "expected_parameters",
    "open_folder",
    "resolve",
]
