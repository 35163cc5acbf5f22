"""Model folders in MLC's format on this machine: found, read and verified before any runtime sees them."""

from .architecture import Architecture
from .folder import ModelFolder, open_folder
from .parameters import ParameterSpec, expected_parameters
from .resolve import LocalModel, local_model

__all__ = [
    "Architecture",
    "LocalModel",
    "ModelFolder",
    "ParameterSpec",
    "expected_parameters",
    "local_model",
    "open_folder",
]
