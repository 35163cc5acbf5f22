"""What the machine is: its profile, without names, and the random id it goes by."""

from __future__ import annotations

from .identity import StateFolderError, machine_id
from .record import (
    Cpu,
    Disk,
    Drivers,
    Gpu,
    Library,
    MachineProfile,
    Memory,
    OperatingSystem,
    PythonRuntime,
)
from .survey import profile

__all__ = [
    "Cpu",
    "Disk",
    "Drivers",
    "Gpu",
    "Library",
    "MachineProfile",
    "Memory",
    "OperatingSystem",
    "PythonRuntime",
    "StateFolderError",
    "machine_id",
    "profile",
]
