"""What is known about one failure, before anybody judges it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any, TypeAlias

from .taxonomy import Category, Phase

FactValue: TypeAlias = "str | int | float | bool"

#: The names facts go by. A rule or a remedy may use these and no others; units are in the comments.
FACT_NAMES: frozenset[str] = frozenset(
    {
        "artifact.file",  # name of the file inside the model folder, e.g. "params_shard_0.bin"
        "artifact.expected_bytes",
        "artifact.actual_bytes",
        "artifact.expected_md5",
        "artifact.actual_md5",
        "artifact.expected",  # what was wanted, in words, e.g. "x86-64 ELF", "quantization q4f16_1"
        "artifact.actual",  # what was there, e.g. "Git LFS pointer", "HTML page"
        "artifact.key",  # the missing or wrong key of a configuration file
        "artifact.quantization",  # what the configuration claims, e.g. "q4f16_1"
        "browser.secure_context",  # whether the page may use what only secure pages may
        "browser.version",
        "cache.entries",  # files of models in the browser's Cache API before loading began
        "cgroup.oom_kills",  # how many OOM kills the child's cgroup counted during the run
        "context.window",  # tokens
        "device.available",  # comma-separated device names that would have worked
        "device.reason",  # why the device asked for is not there, in the loader's or driver's words
        "device.requested",  # e.g. "cuda"
        "disk.free",  # bytes
        "disk.needed",  # bytes
        "disk.path",
        "gpu.memory.free",  # bytes
        "gpu.memory.needed",  # bytes
        "gpu.memory.total",  # bytes
        "host.cpu",  # model of the CPU
        "http.error",  # the client's words for a failed exchange
        "http.host",
        "http.status",
        "http.url",  # without query or credentials
        "limit.seconds",  # the limit that the phase ran over
        "memory.available",  # bytes of host memory
        "memory.limit",  # bytes: cgroup or RLIMIT
        "memory.needed",  # bytes of host memory
        "memory.peak",  # bytes: the child's peak resident set
        "model.bytes",
        "model.id",
        "model.nearest",  # comma-separated ids close to the one asked for
        "model.smaller",  # id of a smaller model to fall back to
        "module.missing",  # a Python module or shared library
        "progress.age_s",  # seconds since the last sign of life
        "prompt.tokens",
        "runtime.version",
        "runtime.wanted",  # the version that would fit
        "tokens.agreement",  # top-1 agreement with the reference tokens, 0..1
        "tokens.nonfinite",  # how many logits were NaN or infinite
        "webgpu.adapter",  # e.g. "webgpu: nvidia ada", "webgpu: google swiftshader (software)", "none"
        "webgpu.features",  # comma-separated
    }
)


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """One error as it was seen, where it was seen."""

    type: str
    """Class name of the exception, or "" for a bare text."""
    message: str
    origin: str = "exception"
    """exception | cause | context | thread | stderr | console | rejection | gpu | supervisor."""
    traceback: str = ""
    category: Category | None = None
    """What the probe's own check concluded, where the error was raised by such a check."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP exchange that failed."""

    url: str
    """Without query or credentials."""
    status: int | None = None
    error: str = ""
    """The client's words, e.g. "ConnectError: [Errno 111] Connection refused" or "net::ERR_FAILED"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one failure. Everything is optional: a pasted error text has only errors."""

    errors: tuple[ErrorRecord, ...] = ()
    """In order of time: the first failure comes first."""
    phase: Phase | None = None
    runtime: str = ""
    """tvm | mlc-llm | web-llm | llama.cpp | ollama | vllm | …, lower case."""
    stderr_tail: str = ""
    exit_code: int | None = None
    """Of the probed process; None where it did not exit by itself or is not known."""
    signal: str = ""
    """Name of the signal that ended the probed process, e.g. "SIGSEGV"."""
    hung: bool = False
    """The watchdog ended the process: no progress, no CPU, no GPU activity, no bytes for too long."""
    stacks: str = ""
    """Python stacks of a hung or crashed child (faulthandler)."""
    exchanges: tuple[Exchange, ...] = ()
    hardware: Mapping[str, FactValue] = field(default_factory=dict)
    """Free-form: OpenTelemetry names from the agent, whatever a reporter wrote from elsewhere."""
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    """Named figures and objects; see FACT_NAMES."""

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready mapping without the empty parts; `from_json` reads it back."""
        out: dict[str, Any] = {}
        if self.errors:
            out["errors"] = [
                {
                    k: v
                    for k, v in (
                        ("type", e.type),
                        ("message", e.message),
                        ("origin", e.origin),
                        ("traceback", e.traceback),
                        ("category", e.category.value if e.category else ""),
                    )
                    if v
                }
                for e in self.errors
            ]
        if self.phase:
            out["phase"] = self.phase.value
        for name in ("runtime", "stderr_tail", "exit_code", "signal", "hung", "stacks"):
            value = getattr(self, name)
            if value is not None and value is not False and value != "":  # exit code 0 is evidence
                out[name] = value
        if self.exchanges:
            out["exchanges"] = [
                {
                    k: v
                    for k, v in (("url", x.url), ("status", x.status), ("error", x.error))
                    if v not in ("", None)
                }
                for x in self.exchanges
            ]
        if self.hardware:
            out["hardware"] = dict(self.hardware)
        if self.facts:
            out["facts"] = dict(self.facts)
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        """Read what `to_json` wrote; unknown keys are ignored, missing ones are empty.

        Raises:
            ValueError: a phase or category that is not on the closed lists.
        """
        return cls(
            errors=tuple(
                ErrorRecord(
                    type=str(e.get("type", "")),
                    message=str(e.get("message", "")),
                    origin=str(e.get("origin", "exception")),
                    traceback=str(e.get("traceback", "")),
                    category=Category(e["category"]) if e.get("category") else None,
                )
                for e in data.get("errors", ())
            ),
            phase=Phase(data["phase"]) if data.get("phase") else None,
            runtime=str(data.get("runtime", "")),
            stderr_tail=str(data.get("stderr_tail", "")),
            exit_code=data.get("exit_code"),
            signal=str(data.get("signal", "")),
            hung=bool(data.get("hung", False)),
            stacks=str(data.get("stacks", "")),
            exchanges=tuple(
                Exchange(url=str(x.get("url", "")), status=x.get("status"), error=str(x.get("error", "")))
                for x in data.get("exchanges", ())
            ),
            hardware=dict(data.get("hardware", {})),
            facts=dict(data.get("facts", {})),
        )

    @classmethod
    def from_report(cls, report: Mapping[str, Any]) -> Evidence:
        """Read a report from elsewhere: `message` and what else of id, runtime, phase, error_type, hardware is there.

        Nothing is refused: a value of an odd type is read as its text, an unknown phase is ignored.
        """
        hardware = report.get("hardware")
        if hardware and not isinstance(hardware, Mapping):
            hardware = {"hardware": _text(hardware)}
        errors = _chain().split(_text(report.get("message")))
        if kind := report.get("error_type"):
            errors = _chain().with_type(errors, _text(kind).strip())
        return cls(
            errors=errors,
            phase=_PHASES.get(_text(report.get("phase")).strip().lower()),
            runtime=_text(report.get("runtime")).strip().lower(),
            hardware={str(name): _fact(value) for name, value in hardware.items() if value is not None}
            if hardware
            else {},
        )

    @classmethod
    def from_text(cls, text: str) -> Evidence:
        """Read a pasted log: the errors it tells of, the first failure first. Any text is accepted."""
        return cls(errors=_chain().split(text))


_PHASES: dict[str, Phase] = {phase.value: phase for phase in Phase}
#: What other programs call the phase in which the weights come over the network.
_PHASES["download"] = Phase.WEIGHTS


@cache
def _chain() -> ModuleType:
    """The module that reads texts, which reads into what is defined here."""
    from . import chain

    return chain


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return "\n".join(_text(item) for item in value)
    return str(value)


def _fact(value: Any) -> FactValue:
    return value if isinstance(value, (str, int, float, bool)) else _text(value)
