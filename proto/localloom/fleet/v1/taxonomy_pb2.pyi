from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PHASE_UNSPECIFIED: _ClassVar[Phase]
    PHASE_PREFLIGHT: _ClassVar[Phase]
    PHASE_RUNTIME: _ClassVar[Phase]
    PHASE_RESOLVE: _ClassVar[Phase]
    PHASE_METADATA: _ClassVar[Phase]
    PHASE_WEIGHTS: _ClassVar[Phase]
    PHASE_COMPILE: _ClassVar[Phase]
    PHASE_LOAD: _ClassVar[Phase]
    PHASE_GENERATE: _ClassVar[Phase]

class PhaseStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PHASE_STATUS_UNSPECIFIED: _ClassVar[PhaseStatus]
    PHASE_STATUS_PASSED: _ClassVar[PhaseStatus]
    PHASE_STATUS_FAILED: _ClassVar[PhaseStatus]
    PHASE_STATUS_SKIPPED: _ClassVar[PhaseStatus]

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_PASSED: _ClassVar[Outcome]
    OUTCOME_FAILED: _ClassVar[Outcome]
    OUTCOME_CRASHED: _ClassVar[Outcome]
    OUTCOME_HUNG: _ClassVar[Outcome]
    OUTCOME_CANCELLED: _ClassVar[Outcome]

class Purpose(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PURPOSE_UNSPECIFIED: _ClassVar[Purpose]
    PURPOSE_PRIMARY: _ClassVar[Purpose]
    PURPOSE_DIFFERENTIAL: _ClassVar[Purpose]

class FailureCategory(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FAILURE_CATEGORY_UNSPECIFIED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_UNKNOWN: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_NETWORK_UNREACHABLE: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_NETWORK_BLOCKED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_NETWORK_HTTP_ERROR: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_NETWORK_TIMEOUT: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_STORAGE_QUOTA_OR_DISK_FULL: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_STORAGE_PERMISSION: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_ARTIFACT_MODEL_NOT_FOUND: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_ARTIFACT_CORRUPT: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_ARTIFACT_INCOMPATIBLE: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_ARTIFACT_TOKENIZER: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GPU_UNSUPPORTED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GPU_FEATURE_MISSING: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GPU_DRIVER: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GPU_OUT_OF_MEMORY: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GPU_DEVICE_LOST: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_HOST_OUT_OF_MEMORY: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_HOST_MISSING_DEPENDENCY: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_HOST_UNSUPPORTED_CPU: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_COMPILE_FAILED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_WORKER_CRASHED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_PROCESS_CRASHED: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_PROCESS_HUNG: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GENERATE_NUMERIC: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_GENERATE_CONTEXT_OVERFLOW: _ClassVar[FailureCategory]
    FAILURE_CATEGORY_CONFIG_INVALID: _ClassVar[FailureCategory]
PHASE_UNSPECIFIED: Phase
PHASE_PREFLIGHT: Phase
PHASE_RUNTIME: Phase
PHASE_RESOLVE: Phase
PHASE_METADATA: Phase
PHASE_WEIGHTS: Phase
PHASE_COMPILE: Phase
PHASE_LOAD: Phase
PHASE_GENERATE: Phase
PHASE_STATUS_UNSPECIFIED: PhaseStatus
PHASE_STATUS_PASSED: PhaseStatus
PHASE_STATUS_FAILED: PhaseStatus
PHASE_STATUS_SKIPPED: PhaseStatus
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_PASSED: Outcome
OUTCOME_FAILED: Outcome
OUTCOME_CRASHED: Outcome
OUTCOME_HUNG: Outcome
OUTCOME_CANCELLED: Outcome
PURPOSE_UNSPECIFIED: Purpose
PURPOSE_PRIMARY: Purpose
PURPOSE_DIFFERENTIAL: Purpose
FAILURE_CATEGORY_UNSPECIFIED: FailureCategory
FAILURE_CATEGORY_UNKNOWN: FailureCategory
FAILURE_CATEGORY_NETWORK_UNREACHABLE: FailureCategory
FAILURE_CATEGORY_NETWORK_BLOCKED: FailureCategory
FAILURE_CATEGORY_NETWORK_HTTP_ERROR: FailureCategory
FAILURE_CATEGORY_NETWORK_TIMEOUT: FailureCategory
FAILURE_CATEGORY_STORAGE_QUOTA_OR_DISK_FULL: FailureCategory
FAILURE_CATEGORY_STORAGE_PERMISSION: FailureCategory
FAILURE_CATEGORY_ARTIFACT_MODEL_NOT_FOUND: FailureCategory
FAILURE_CATEGORY_ARTIFACT_CORRUPT: FailureCategory
FAILURE_CATEGORY_ARTIFACT_INCOMPATIBLE: FailureCategory
FAILURE_CATEGORY_ARTIFACT_TOKENIZER: FailureCategory
FAILURE_CATEGORY_GPU_UNSUPPORTED: FailureCategory
FAILURE_CATEGORY_GPU_FEATURE_MISSING: FailureCategory
FAILURE_CATEGORY_GPU_DRIVER: FailureCategory
FAILURE_CATEGORY_GPU_OUT_OF_MEMORY: FailureCategory
FAILURE_CATEGORY_GPU_DEVICE_LOST: FailureCategory
FAILURE_CATEGORY_HOST_OUT_OF_MEMORY: FailureCategory
FAILURE_CATEGORY_HOST_MISSING_DEPENDENCY: FailureCategory
FAILURE_CATEGORY_HOST_UNSUPPORTED_CPU: FailureCategory
FAILURE_CATEGORY_COMPILE_FAILED: FailureCategory
FAILURE_CATEGORY_WORKER_CRASHED: FailureCategory
FAILURE_CATEGORY_PROCESS_CRASHED: FailureCategory
FAILURE_CATEGORY_PROCESS_HUNG: FailureCategory
FAILURE_CATEGORY_GENERATE_NUMERIC: FailureCategory
FAILURE_CATEGORY_GENERATE_CONTEXT_OVERFLOW: FailureCategory
FAILURE_CATEGORY_CONFIG_INVALID: FailureCategory
