"""Finds the device, before anything else is looked at."""

KNOWN = ("cpu", "cuda", "rocm", "metal", "vulkan", "opencl")


class Device(str):
    """Writes itself as TVM's does."""

    __slots__ = ()


def detect_device(hint):
    if hint == "auto":
        return Device("cpu:0")
    kind, _, index = hint.partition(":")
    if kind not in KNOWN:
        raise ValueError(f"Invalid device name: {hint}")
    if kind != "cpu":
        raise ValueError(f"Device is not found on your local environment: {hint}")
    return Device(f"cpu:{index or 0}")
