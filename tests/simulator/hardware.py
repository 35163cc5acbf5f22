"""The machines of a make-believe fleet: a mix of hardware as fleets have it, drawn by a seed."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

GIB = 2**30

#: Vendor, GPU, its memory in GiB, drivers with weights, systems, weight.
_KINDS = (
    (
        "nvidia",
        "NVIDIA GeForce RTX 3060",
        12,
        {"535.54": 2, "550.90": 3, "560.35": 2},
        ("linux", "windows"),
        22,
    ),
    ("nvidia", "NVIDIA GeForce RTX 4070", 12, {"550.90": 2, "560.35": 4}, ("linux", "windows"), 18),
    ("nvidia", "NVIDIA GeForce GTX 1650", 4, {"535.54": 2, "550.90": 1}, ("windows", "linux"), 14),
    ("amd", "AMD Radeon RX 7600", 8, {"24.10.1": 3, "24.12.1": 2}, ("windows", "linux"), 12),
    ("amd", "AMD Radeon RX 6700 XT", 12, {"24.10.1": 2, "24.12.1": 2}, ("linux", "windows"), 8),
    ("intel", "Intel(R) Iris(R) Xe Graphics", 0, {"31.0.101.4502": 3, "32.0.101.6078": 2}, ("windows",), 14),
    ("apple", "Apple M2", 16, {"": 1}, ("darwin",), 8),
    ("", "", 0, {"": 1}, ("linux",), 4),
)
_VERSIONS = {
    "linux": ("6.1.0", "6.8.0", "6.12.9"),
    "windows": ("10.0.22631", "10.0.26100"),
    "darwin": ("14.7", "15.1"),
}
_CPUS = (
    "AMD Ryzen 5 5600X",
    "AMD Ryzen 7 7800X3D",
    "Intel(R) Core(TM) i5-12400",
    "Intel(R) Core(TM) i7-1165G7",
)
_SITES = ("lab", "office", "home", "classroom")


@dataclass(frozen=True, slots=True)
class Machine:
    """One workstation."""

    machine_id: uuid.UUID
    attributes: dict[str, str | int] = field(hash=False)
    """With the names of the design; what is not there is not known."""
    site: str
    clock_skew_s: float


def machines(rng: random.Random, count: int) -> list[Machine]:
    """That many machines; the same for the same state of `rng`."""
    weights = [kind[-1] for kind in _KINDS]
    return [_machine(rng, kind) for kind in rng.choices(_KINDS, weights, k=count)]


def _machine(rng: random.Random, kind: tuple) -> Machine:
    vendor, gpu, memory, drivers, systems, _ = kind
    system = rng.choice(systems)
    attributes: dict[str, str | int] = {
        "hw.cpu.model": "Apple M2" if vendor == "apple" else rng.choice(_CPUS),
        # No two machines report quite the same.
        "host.memory": rng.choice((8, 16, 16, 32, 64)) * GIB - rng.randrange(GIB // 4),
        "os.type": system,
        "os.version": rng.choice(_VERSIONS[system]),
    }
    if vendor:
        attributes |= {"hw.gpu.vendor": vendor, "hw.gpu.model": gpu}
    if memory:
        attributes["hw.gpu.memory"] = memory * GIB - rng.randrange(GIB // 8)
    driver = rng.choices(list(drivers), list(drivers.values()))[0]
    if driver:
        attributes["hw.gpu.driver_version"] = driver
    skew = rng.gauss(0, 2) if rng.random() < 0.95 else rng.uniform(-7200, 7200)
    return Machine(uuid.UUID(int=rng.getrandbits(128) | 1), attributes, rng.choice(_SITES), skew)
