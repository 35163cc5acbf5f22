"""The closed lists that every part of LocalLoom speaks in: phases, outcomes, failure categories."""

from __future__ import annotations

from enum import Enum


class Phase(str, Enum):
    """A stage of loading and running a model, in the order it is shown."""

    PREFLIGHT = "preflight"
    RUNTIME = "runtime"
    RESOLVE = "resolve"
    METADATA = "metadata"
    WEIGHTS = "weights"
    COMPILE = "compile"
    LOAD = "load"
    GENERATE = "generate"

    @property
    def order(self) -> int:
        """Position among the phases, from 0."""
        return list(Phase).index(self)


class PhaseStatus(str, Enum):
    """How a phase ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(str, Enum):
    """How a run ended; the last two exist only in the collector's view."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    HUNG = "hung"
    CANCELLED = "cancelled"
    RUNNING = "running"
    INCOMPLETE = "incomplete"


class Purpose(str, Enum):
    """Why a run was made: reports count primary runs only."""

    PRIMARY = "primary"
    DIFFERENTIAL = "differential"


class Category(str, Enum):
    """What kind of thing went wrong. The same list stands in the wire contract."""

    # Members are keys in the hottest loops: Enum's own hash is a call of Python, and this is none.
    __hash__ = str.__hash__

    NETWORK_UNREACHABLE = "network.unreachable"
    NETWORK_BLOCKED = "network.blocked"
    NETWORK_HTTP_ERROR = "network.http_error"
    NETWORK_TIMEOUT = "network.timeout"
    STORAGE_QUOTA_OR_DISK_FULL = "storage.quota_or_disk_full"
    STORAGE_PERMISSION = "storage.permission"
    ARTIFACT_MODEL_NOT_FOUND = "artifact.model_not_found"
    ARTIFACT_CORRUPT = "artifact.corrupt"
    ARTIFACT_INCOMPATIBLE = "artifact.incompatible"
    ARTIFACT_TOKENIZER = "artifact.tokenizer"
    GPU_UNSUPPORTED = "gpu.unsupported"
    GPU_FEATURE_MISSING = "gpu.feature_missing"
    GPU_DRIVER = "gpu.driver"
    GPU_OUT_OF_MEMORY = "gpu.out_of_memory"
    GPU_DEVICE_LOST = "gpu.device_lost"
    HOST_OUT_OF_MEMORY = "host.out_of_memory"
    HOST_MISSING_DEPENDENCY = "host.missing_dependency"
    HOST_UNSUPPORTED_CPU = "host.unsupported_cpu"
    COMPILE_FAILED = "compile.failed"
    WORKER_CRASHED = "worker.crashed"
    PROCESS_CRASHED = "process.crashed"
    PROCESS_HUNG = "process.hung"
    GENERATE_NUMERIC = "generate.numeric"
    GENERATE_CONTEXT_OVERFLOW = "generate.context_overflow"
    CONFIG_INVALID = "config.invalid"
    UNKNOWN = "unknown"
