"""The options of a request that only this engine understands, checked before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

AGENT_KEY = "agent"
"""Under this option the agent itself says what it knows."""


class Host(str, Enum):
    """Where the engine lives in the browser."""

    PAGE = "page"
    WORKER = "worker"
    SERVICE_WORKER = "service-worker"
    EXTENSION = "extension"


class Adapter(str, Enum):
    """Which WebGPU adapter may be taken: `--device`."""

    AUTO = "auto"
    """The best there is: the GPU, or the software adapter where there is none."""
    HARDWARE = "hardware"
    """What a user's own browser would offer: no flag is set for WebGPU."""
    SOFTWARE = "software"
    """The software adapter."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the browser is started, and what runs in it."""

    host: Host = Host.PAGE
    adapter: Adapter = Adapter.AUTO
    browser: str = ""
    bundle: str = ""
    profile: str = ""
    """A folder to use as the browser's profile, and to leave alone afterwards; "" makes one and removes it."""
    headed: bool = False
    url: str = ""
    """The user's own page, to be watched instead of ours."""
    extension: str = ""
    """The folder of the user's own unpacked extension, to be watched instead of ours."""
    model_lib: str = ""
    required_features: tuple[str, ...] | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    """Of the model's configuration, such as context_window_size."""
    browser_args: tuple[str, ...] = ()
    wait_s: float = 30.0
    """How long the user's own page may take to ask for a model."""

    @property
    def attaches(self) -> bool:
        """Whether the user's own page or extension is watched."""
        return bool(self.url or self.extension)


_TEXTS = ("browser", "bundle", "profile", "url", "extension", "model_lib")
_WHOLE = {"context_window": "context_window_size", "prefill_chunk_size": "prefill_chunk_size"}
_LISTS = ("browser_args", "required_features")


def read_settings(options: Mapping[str, Any], device: str) -> Settings:
    """The settings in a request's options and its device.

    Raises:
        EngineFault: config.invalid for an option that does not exist, or a value that it cannot have.
    """
    found: dict[str, Any] = {"adapter": _adapter(device)}
    overrides: dict[str, Any] = {}
    for name, value in options.items():
        if name in {AGENT_KEY, "hub", "network_timeout"}:
            continue
        if name == "host":
            if value not in {host.value for host in Host}:
                raise _invalid(name, f"one of {', '.join(host.value for host in Host)}", value)
            found[name] = Host(value)
        elif name == "headed":
            if not isinstance(value, bool):
                raise _invalid(name, "true or false", value)
            found[name] = value
        elif name in _TEXTS:
            found[name] = str(value)
        elif name == "wait":
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 86_400:
                raise _invalid(name, "a number of seconds", value)
            found["wait_s"] = float(value)
        elif name in _LISTS:
            words = value if isinstance(value, list) else [word for word in str(value).split(",") if word]
            found[name] = tuple(str(word) for word in words)
        elif name in _WHOLE:
            if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
                raise _invalid(name, "a whole number above 0", value)
            overrides[_WHOLE[name]] = value
        else:
            names = ", ".join(("host", "headed", "wait", *_TEXTS, *_LISTS, *_WHOLE))
            raise EngineFault(
                Category.CONFIG_INVALID,
                f"the webllm engine has no option {name!r}; it has: {names}",
                {"artifact.key": name},
            )
    settings = Settings(**found, overrides=overrides)
    if settings.url and settings.extension:
        raise _invalid("url", "given alone, without --extension", settings.url)
    if settings.extension and not (Path(settings.extension).expanduser() / "manifest.json").is_file():
        raise _invalid(
            "extension", "the folder of an unpacked extension, with its manifest.json", settings.extension
        )
    if settings.url and "://" not in settings.url:
        raise _invalid("url", "the address of a page, with http:// or https://", settings.url)
    return settings


def _adapter(device: str) -> Adapter:
    names = {adapter.value: adapter for adapter in Adapter} | {
        "webgpu": Adapter.HARDWARE,
        "gpu": Adapter.HARDWARE,
    }
    if device not in names:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"in a browser there is no device {device!r}: WebLLM has no back end but WebGPU; take auto, hardware (what "
            "a user's browser offers) or software (the software adapter)",
            {"artifact.key": "device", "device.requested": device},
        )
    return names[device]


def _invalid(name: str, wanted: str, value: object) -> EngineFault:
    return EngineFault(
        Category.CONFIG_INVALID,
        f"the option {name} must be {wanted}, it is {value!r}",
        {"artifact.key": name, "artifact.expected": wanted, "artifact.actual": str(value)[:200]},
    )
