"""What a machine is, under one name for one thing: GPUs, drivers, processors, memory, systems, browsers. Pure."""

from .cpu_names import cpu_model
from .driver_versions import driver_version
from .gpu import GpuIdentity, identify
from .memory_sizes import memory_class
from .profile import NAMES, NAMES_VERSION, gpus, normalise, same_gpu, webgpu_adapter
from .vendors import vendor_of

__all__ = [
    "NAMES",
    "NAMES_VERSION",
    "GpuIdentity",
    "cpu_model",
    "driver_version",
    "gpus",
    "identify",
    "memory_class",
    "normalise",
    "same_gpu",
    "vendor_of",
    "webgpu_adapter",
]
