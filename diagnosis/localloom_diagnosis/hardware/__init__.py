"""What a machine is, under one name for one thing: GPUs, drivers, processors, memory, systems, browsers. Pure."""

from .cpu_names import cpu_model
from .driver_versions import driver_version
from .gpu import GpuIdentity, identify
from .memory_sizes import memory_class
from .profile import gpus, normalise, of_gpu, same_gpu, webgpu_adapter
from .vendors import vendor_of

__all__ = [
    "GpuIdentity",
    "cpu_model",
    "driver_version",
    "gpus",
    "identify",
    "memory_class",
    "normalise",
    "of_gpu",
    "same_gpu",
    "vendor_of",
    "webgpu_adapter",
]
