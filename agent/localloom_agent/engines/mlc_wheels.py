"""mlc-llm's wheels: which variant fits a machine, what installs it, and why that did not work."""

from __future__ import annotations

import os
import re
import subprocess
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .interpreters import foreign_environment, python_in

if TYPE_CHECKING:
    from localloom_agent.machine.record import MachineProfile

WHEELS = "https://mlc.ai/wheels"
"""Where they are: PyPI has only empty packages of these names, all of version 0.1."""

CUDA = ((13, 0, "cu130"), (12, 8, "cu128"))
"""The oldest CUDA that the driver must offer for each variant, best first: mlc-llm's installation page."""
ROCM = ((6, 2, "rocm62"), (6, 1, "rocm61"))

REACH_S = 10.0
"""How long the page of the wheels may take to answer, where pip does not say whether it did."""

_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish|getaddrinfo|name resolution|Name or service not known|Connection refused"
    r"|Connection reset|ConnectTimeout|ReadTimeout|timed out|Max retries|ProxyError|Cannot connect to proxy|SSLError"
    r"|CERTIFICATE_VERIFY_FAILED|Network is unreachable|ConnectionError",
    re.IGNORECASE,
)
_INTO_ELSEWHERE = frozenset({"PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_ROOT", "PIP_PYTHON"})
"""Variables that would make pip install into another place than its own environment."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A build of mlc-llm."""

    name: str
    """As it ends the wheels' names: cpu, cu130, rocm62, …"""
    because: str
    """Why it was chosen, for a person."""


class InstallError(Exception):
    """The installation stopped. Its text says where, and what to do."""


def fitting(machine: MachineProfile) -> Variant:
    """The variant for a machine."""
    if machine.os.type == "darwin":
        return Variant("cpu", "on macOS it has Metal too")
    if machine.os.type == "windows":
        return Variant("cpu", "on Windows it has Vulkan too; there is no other")
    cuda = machine.drivers.cuda.version if machine.drivers.cuda is not None else None
    if cuda and any(gpu.vendor == "NVIDIA" for gpu in machine.gpus):
        name = _best(cuda, CUDA)
        if name:
            return Variant(name, f"the NVIDIA driver offers CUDA {cuda}")
        oldest = ".".join(str(part) for part in CUDA[-1][:2])
        return Variant(
            "cpu", f"the NVIDIA driver offers CUDA {cuda}, the wheels need {oldest}: update it to use the GPU"
        )
    if machine.drivers.rocm:
        name = _best(machine.drivers.rocm, ROCM)
        if name:
            return Variant(name, f"ROCm {machine.drivers.rocm} is installed")
    return Variant("cpu", "no NVIDIA driver and no ROCm was found")


def _best(version: str, builds: tuple[tuple[int, int, str], ...]) -> str | None:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:2]]
    have = (numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 0)
    return next((name for major, minor, name in builds if have >= (major, minor)), None)


def commands(variant: str, folder: Path, python: str) -> list[list[str]]:
    """What makes the environment in `folder` with the interpreter `python`, and installs the wheels into it."""
    # `>0.1`: where the wheels cannot be reached, pip would take PyPI's empty packages and call it a success.
    packages = [f"mlc-llm-nightly-{variant}>0.1", f"mlc-ai-nightly-{variant}>0.1", "psutil"]
    pip = [str(python_in(folder)), "-m", "pip", "install", "--pre", "--upgrade", "--find-links", WHEELS]
    return [[python, "-m", "venv", str(folder)], [*pip, *packages]]


def execute(command: list[str], said: Callable[[str], None]) -> None:
    """Run one command; `said` gets each line of its output. Blocks until it has ended.

    Raises:
        InstallError: it failed, with the reason in one sentence.
    """
    environment = {k: v for k, v in foreign_environment(os.environ).items() if k not in _INTO_ELSEWHERE}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_PROGRESS_BAR": "off"}
    environment.setdefault("PIP_RETRIES", "2")
    tail: deque[str] = deque(maxlen=200)
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
        ) as process:
            assert process.stdout is not None
            for raw in process.stdout:
                line = raw.decode("utf-8", "replace").rstrip()
                tail.append(line)
                said(line)
    except OSError as error:
        raise InstallError(f"{command[0]} cannot be started: {error}") from error
    if process.returncode:
        raise InstallError(_reason(list(tail), venv="venv" in command))


def _reason(tail: list[str], *, venv: bool) -> str:
    text = "\n".join(tail)
    network = _network_words(tail)
    last = next((line.strip() for line in reversed(tail) if line.strip()), "it said nothing")
    if venv:
        lacking = "ensurepip" in text
        hint = "; install the system's package for it (python3-venv on Debian and Ubuntu)" if lacking else ""
        return f"no virtual environment could be made: {last[:300]}{hint}"
    if "No space left" in text:
        return "the disk is full; the wheels need some gigabytes in the user's data folder and in pip's cache"
    missing = "No matching distribution" in text
    if missing and not network:  # pip may be silent about an index that it could not reach
        network = _unreachable()
    if network:
        return (
            f"{WHEELS} cannot be reached from here ({network}); check the network, the proxy (HTTPS_PROXY) and the "
            "certificates, then run the command again"
        )
    if missing:
        return (
            f"{WHEELS} has no such wheel for this Python and system; choose another --variant, or run the agent with "
            "another Python"
        )
    return f"pip failed: {last[:300]}"


def _network_words(tail: list[str]) -> str:
    """What pip says of the network, or ""."""
    for line in reversed(tail):
        found = _NETWORK.search(line)
        if found is not None:
            return found[0]
    return ""


def _unreachable() -> str:
    """Why the page of the wheels cannot be opened, or "" where it can, whatever it answers."""
    import urllib.error
    import urllib.request

    try:
        urllib.request.urlopen(WHEELS, timeout=REACH_S).close()
    except urllib.error.HTTPError:
        return ""
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))[:200]
    return ""
