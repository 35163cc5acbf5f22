"""Lets a machine say that it is another one: its profile is read from a file instead of taken."""

from __future__ import annotations

import json
import os
from pathlib import Path

from localloom_agent import machine
from localloom_agent.machine import (
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


def recorded(path: Path) -> MachineProfile:
    """The profile that `localloom-agent machine` printed into the file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    cpu, drivers = document["cpu"], document["drivers"]
    return MachineProfile(
        os=OperatingSystem(**document["os"]),
        cpu=Cpu(**{**cpu, "instruction_sets": tuple(cpu["instruction_sets"])}),
        memory=Memory(**document["memory"]),
        disk=Disk(**document["disk"]),
        gpus=tuple(Gpu(**gpu) for gpu in document["gpus"]),
        drivers=Drivers(
            cuda=_library(drivers["cuda"]),
            vulkan=_library(drivers["vulkan"]),
            vulkan_icds=tuple(drivers["vulkan_icds"]),
            nvidia_kernel=drivers["nvidia_kernel"],
            rocm=drivers["rocm"],
        ),
        python=PythonRuntime(**document["python"]),
        packages=document["packages"],
        container=document["container"],
        virtualization=document["virtualization"],
        notes=tuple(document["notes"]),
    )


def _library(document: dict | None) -> Library | None:
    if document is None:
        return None
    name = next(iter(document))
    return Library(name, document[name], document["reason"], document["version"])


def install() -> None:
    """Put the recorded profile in the place of the survey."""
    path = Path(os.environ["LOCALLOOM_TEST_PROFILE"])
    machine.profile = lambda cache_dir=None: recorded(path)  # noqa: ARG005 the survey's signature
