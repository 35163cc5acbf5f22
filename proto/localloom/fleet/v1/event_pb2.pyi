from localloom.fleet.v1 import taxonomy_pb2 as _taxonomy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Attribute(_message.Message):
    __slots__ = ("name", "string_value", "int_value", "double_value", "bool_value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STRING_VALUE_FIELD_NUMBER: _ClassVar[int]
    INT_VALUE_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_VALUE_FIELD_NUMBER: _ClassVar[int]
    BOOL_VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    string_value: str
    int_value: int
    double_value: float
    bool_value: bool
    def __init__(self, name: _Optional[str] = ..., string_value: _Optional[str] = ..., int_value: _Optional[int] = ..., double_value: _Optional[float] = ..., bool_value: bool = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("seq", "time_unix_nano", "elapsed_nano", "run_started", "machine_profile", "engine_identified", "model_resolved", "span_started", "span_ended", "phase_skipped", "http_exchange", "failure_diagnosed", "generation", "detail_shed", "run_ended", "progress", "resource_sample", "log_line")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_NANO_FIELD_NUMBER: _ClassVar[int]
    RUN_STARTED_FIELD_NUMBER: _ClassVar[int]
    MACHINE_PROFILE_FIELD_NUMBER: _ClassVar[int]
    ENGINE_IDENTIFIED_FIELD_NUMBER: _ClassVar[int]
    MODEL_RESOLVED_FIELD_NUMBER: _ClassVar[int]
    SPAN_STARTED_FIELD_NUMBER: _ClassVar[int]
    SPAN_ENDED_FIELD_NUMBER: _ClassVar[int]
    PHASE_SKIPPED_FIELD_NUMBER: _ClassVar[int]
    HTTP_EXCHANGE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_DIAGNOSED_FIELD_NUMBER: _ClassVar[int]
    GENERATION_FIELD_NUMBER: _ClassVar[int]
    DETAIL_SHED_FIELD_NUMBER: _ClassVar[int]
    RUN_ENDED_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    LOG_LINE_FIELD_NUMBER: _ClassVar[int]
    seq: int
    time_unix_nano: int
    elapsed_nano: int
    run_started: RunStarted
    machine_profile: MachineProfile
    engine_identified: EngineIdentified
    model_resolved: ModelResolved
    span_started: SpanStarted
    span_ended: SpanEnded
    phase_skipped: PhaseSkipped
    http_exchange: HttpExchange
    failure_diagnosed: FailureDiagnosed
    generation: Generation
    detail_shed: DetailShed
    run_ended: RunEnded
    progress: Progress
    resource_sample: ResourceSample
    log_line: LogLine
    def __init__(self, seq: _Optional[int] = ..., time_unix_nano: _Optional[int] = ..., elapsed_nano: _Optional[int] = ..., run_started: _Optional[_Union[RunStarted, _Mapping]] = ..., machine_profile: _Optional[_Union[MachineProfile, _Mapping]] = ..., engine_identified: _Optional[_Union[EngineIdentified, _Mapping]] = ..., model_resolved: _Optional[_Union[ModelResolved, _Mapping]] = ..., span_started: _Optional[_Union[SpanStarted, _Mapping]] = ..., span_ended: _Optional[_Union[SpanEnded, _Mapping]] = ..., phase_skipped: _Optional[_Union[PhaseSkipped, _Mapping]] = ..., http_exchange: _Optional[_Union[HttpExchange, _Mapping]] = ..., failure_diagnosed: _Optional[_Union[FailureDiagnosed, _Mapping]] = ..., generation: _Optional[_Union[Generation, _Mapping]] = ..., detail_shed: _Optional[_Union[DetailShed, _Mapping]] = ..., run_ended: _Optional[_Union[RunEnded, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., resource_sample: _Optional[_Union[ResourceSample, _Mapping]] = ..., log_line: _Optional[_Union[LogLine, _Mapping]] = ...) -> None: ...

class RunStarted(_message.Message):
    __slots__ = ("agent_version", "purpose", "parent_run_id", "engine_requested", "model_requested", "device_requested", "max_tokens", "temperature", "labels", "prompt")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    PARENT_RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ENGINE_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    MODEL_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    DEVICE_REQUESTED_FIELD_NUMBER: _ClassVar[int]
    MAX_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    agent_version: str
    purpose: _taxonomy_pb2.Purpose
    parent_run_id: bytes
    engine_requested: str
    model_requested: str
    device_requested: str
    max_tokens: int
    temperature: float
    labels: _containers.ScalarMap[str, str]
    prompt: str
    def __init__(self, agent_version: _Optional[str] = ..., purpose: _Optional[_Union[_taxonomy_pb2.Purpose, str]] = ..., parent_run_id: _Optional[bytes] = ..., engine_requested: _Optional[str] = ..., model_requested: _Optional[str] = ..., device_requested: _Optional[str] = ..., max_tokens: _Optional[int] = ..., temperature: _Optional[float] = ..., labels: _Optional[_Mapping[str, str]] = ..., prompt: _Optional[str] = ...) -> None: ...

class MachineProfile(_message.Message):
    __slots__ = ("digest", "document_json", "attributes")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_JSON_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    document_json: str
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, digest: _Optional[bytes] = ..., document_json: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class EngineIdentified(_message.Message):
    __slots__ = ("name", "version", "device", "attributes")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    device: str
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., device: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class ModelResolved(_message.Message):
    __slots__ = ("id", "source", "bytes", "attributes")
    ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    id: str
    source: str
    bytes: int
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, id: _Optional[str] = ..., source: _Optional[str] = ..., bytes: _Optional[int] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class SpanStarted(_message.Message):
    __slots__ = ("span_id", "phase", "name")
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    span_id: int
    phase: _taxonomy_pb2.Phase
    name: str
    def __init__(self, span_id: _Optional[int] = ..., phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., name: _Optional[str] = ...) -> None: ...

class SpanEnded(_message.Message):
    __slots__ = ("span_id", "phase", "name", "status", "start_elapsed_nano", "duration_nano", "reason", "attributes")
    SPAN_ID_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    START_ELAPSED_NANO_FIELD_NUMBER: _ClassVar[int]
    DURATION_NANO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    span_id: int
    phase: _taxonomy_pb2.Phase
    name: str
    status: _taxonomy_pb2.PhaseStatus
    start_elapsed_nano: int
    duration_nano: int
    reason: str
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, span_id: _Optional[int] = ..., phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., name: _Optional[str] = ..., status: _Optional[_Union[_taxonomy_pb2.PhaseStatus, str]] = ..., start_elapsed_nano: _Optional[int] = ..., duration_nano: _Optional[int] = ..., reason: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class PhaseSkipped(_message.Message):
    __slots__ = ("phase", "reason")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    phase: _taxonomy_pb2.Phase
    reason: str
    def __init__(self, phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class HttpExchange(_message.Message):
    __slots__ = ("phase", "method", "url", "status", "received_bytes", "duration_nano", "ttfb_nano", "error", "attributes")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_BYTES_FIELD_NUMBER: _ClassVar[int]
    DURATION_NANO_FIELD_NUMBER: _ClassVar[int]
    TTFB_NANO_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    phase: _taxonomy_pb2.Phase
    method: str
    url: str
    status: int
    received_bytes: int
    duration_nano: int
    ttfb_nano: int
    error: str
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., method: _Optional[str] = ..., url: _Optional[str] = ..., status: _Optional[int] = ..., received_bytes: _Optional[int] = ..., duration_nano: _Optional[int] = ..., ttfb_nano: _Optional[int] = ..., error: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class ErrorRecord(_message.Message):
    __slots__ = ("type", "message", "origin", "traceback", "category")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    TRACEBACK_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    type: str
    message: str
    origin: str
    traceback: str
    category: _taxonomy_pb2.FailureCategory
    def __init__(self, type: _Optional[str] = ..., message: _Optional[str] = ..., origin: _Optional[str] = ..., traceback: _Optional[str] = ..., category: _Optional[_Union[_taxonomy_pb2.FailureCategory, str]] = ...) -> None: ...

class FailedExchange(_message.Message):
    __slots__ = ("url", "status", "error")
    URL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    url: str
    status: int
    error: str
    def __init__(self, url: _Optional[str] = ..., status: _Optional[int] = ..., error: _Optional[str] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("errors", "phase", "runtime", "stderr_tail", "exit_code", "signal", "hung", "stacks", "exchanges", "hardware", "facts")
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    RUNTIME_FIELD_NUMBER: _ClassVar[int]
    STDERR_TAIL_FIELD_NUMBER: _ClassVar[int]
    EXIT_CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    HUNG_FIELD_NUMBER: _ClassVar[int]
    STACKS_FIELD_NUMBER: _ClassVar[int]
    EXCHANGES_FIELD_NUMBER: _ClassVar[int]
    HARDWARE_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    errors: _containers.RepeatedCompositeFieldContainer[ErrorRecord]
    phase: _taxonomy_pb2.Phase
    runtime: str
    stderr_tail: str
    exit_code: int
    signal: str
    hung: bool
    stacks: str
    exchanges: _containers.RepeatedCompositeFieldContainer[FailedExchange]
    hardware: _containers.RepeatedCompositeFieldContainer[Attribute]
    facts: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, errors: _Optional[_Iterable[_Union[ErrorRecord, _Mapping]]] = ..., phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., runtime: _Optional[str] = ..., stderr_tail: _Optional[str] = ..., exit_code: _Optional[int] = ..., signal: _Optional[str] = ..., hung: bool = ..., stacks: _Optional[str] = ..., exchanges: _Optional[_Iterable[_Union[FailedExchange, _Mapping]]] = ..., hardware: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ..., facts: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("category", "score", "because")
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    category: _taxonomy_pb2.FailureCategory
    score: float
    because: str
    def __init__(self, category: _Optional[_Union[_taxonomy_pb2.FailureCategory, str]] = ..., score: _Optional[float] = ..., because: _Optional[str] = ...) -> None: ...

class FailureDiagnosed(_message.Message):
    __slots__ = ("phase", "category", "confidence", "candidates", "signature", "summary", "retryable", "remedies", "rules_version", "language", "evidence")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    RETRYABLE_FIELD_NUMBER: _ClassVar[int]
    REMEDIES_FIELD_NUMBER: _ClassVar[int]
    RULES_VERSION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    phase: _taxonomy_pb2.Phase
    category: _taxonomy_pb2.FailureCategory
    confidence: float
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    signature: str
    summary: str
    retryable: bool
    remedies: _containers.RepeatedScalarFieldContainer[str]
    rules_version: str
    language: str
    evidence: Evidence
    def __init__(self, phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., category: _Optional[_Union[_taxonomy_pb2.FailureCategory, str]] = ..., confidence: _Optional[float] = ..., candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., signature: _Optional[str] = ..., summary: _Optional[str] = ..., retryable: bool = ..., remedies: _Optional[_Iterable[str]] = ..., rules_version: _Optional[str] = ..., language: _Optional[str] = ..., evidence: _Optional[_Union[Evidence, _Mapping]] = ...) -> None: ...

class NumericCheck(_message.Message):
    __slots__ = ("status", "agreement", "nonfinite", "min_margin", "reason")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    NONFINITE_FIELD_NUMBER: _ClassVar[int]
    MIN_MARGIN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    status: str
    agreement: float
    nonfinite: int
    min_margin: float
    reason: str
    def __init__(self, status: _Optional[str] = ..., agreement: _Optional[float] = ..., nonfinite: _Optional[int] = ..., min_margin: _Optional[float] = ..., reason: _Optional[str] = ...) -> None: ...

class Generation(_message.Message):
    __slots__ = ("text", "prompt_tokens", "completion_tokens", "ttft_s", "tokens_per_s", "prefill_tokens_per_s", "finish_reason", "numeric_check", "token_ids")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PROMPT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TTFT_S_FIELD_NUMBER: _ClassVar[int]
    TOKENS_PER_S_FIELD_NUMBER: _ClassVar[int]
    PREFILL_TOKENS_PER_S_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    NUMERIC_CHECK_FIELD_NUMBER: _ClassVar[int]
    TOKEN_IDS_FIELD_NUMBER: _ClassVar[int]
    text: str
    prompt_tokens: int
    completion_tokens: int
    ttft_s: float
    tokens_per_s: float
    prefill_tokens_per_s: float
    finish_reason: str
    numeric_check: NumericCheck
    token_ids: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, text: _Optional[str] = ..., prompt_tokens: _Optional[int] = ..., completion_tokens: _Optional[int] = ..., ttft_s: _Optional[float] = ..., tokens_per_s: _Optional[float] = ..., prefill_tokens_per_s: _Optional[float] = ..., finish_reason: _Optional[str] = ..., numeric_check: _Optional[_Union[NumericCheck, _Mapping]] = ..., token_ids: _Optional[_Iterable[int]] = ...) -> None: ...

class DetailShed(_message.Message):
    __slots__ = ("first_chunk_seq", "last_chunk_seq", "chunks", "events", "bytes")
    FIRST_CHUNK_SEQ_FIELD_NUMBER: _ClassVar[int]
    LAST_CHUNK_SEQ_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    first_chunk_seq: int
    last_chunk_seq: int
    chunks: int
    events: int
    bytes: int
    def __init__(self, first_chunk_seq: _Optional[int] = ..., last_chunk_seq: _Optional[int] = ..., chunks: _Optional[int] = ..., events: _Optional[int] = ..., bytes: _Optional[int] = ...) -> None: ...

class PhaseSummary(_message.Message):
    __slots__ = ("phase", "status", "duration_nano", "reason", "attributes")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NANO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    phase: _taxonomy_pb2.Phase
    status: _taxonomy_pb2.PhaseStatus
    duration_nano: int
    reason: str
    attributes: _containers.RepeatedCompositeFieldContainer[Attribute]
    def __init__(self, phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., status: _Optional[_Union[_taxonomy_pb2.PhaseStatus, str]] = ..., duration_nano: _Optional[int] = ..., reason: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[Attribute, _Mapping]]] = ...) -> None: ...

class RunEnded(_message.Message):
    __slots__ = ("outcome", "duration_nano", "phases", "events")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    DURATION_NANO_FIELD_NUMBER: _ClassVar[int]
    PHASES_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    outcome: _taxonomy_pb2.Outcome
    duration_nano: int
    phases: _containers.RepeatedCompositeFieldContainer[PhaseSummary]
    events: int
    def __init__(self, outcome: _Optional[_Union[_taxonomy_pb2.Outcome, str]] = ..., duration_nano: _Optional[int] = ..., phases: _Optional[_Iterable[_Union[PhaseSummary, _Mapping]]] = ..., events: _Optional[int] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("phase", "done", "total", "unit", "text")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    phase: _taxonomy_pb2.Phase
    done: float
    total: float
    unit: str
    text: str
    def __init__(self, phase: _Optional[_Union[_taxonomy_pb2.Phase, str]] = ..., done: _Optional[float] = ..., total: _Optional[float] = ..., unit: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class ResourceSample(_message.Message):
    __slots__ = ("rss_bytes", "cpu_s", "gpu_memory_bytes", "host_available_bytes", "threads", "gpu_utilization")
    RSS_BYTES_FIELD_NUMBER: _ClassVar[int]
    CPU_S_FIELD_NUMBER: _ClassVar[int]
    GPU_MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    HOST_AVAILABLE_BYTES_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    GPU_UTILIZATION_FIELD_NUMBER: _ClassVar[int]
    rss_bytes: int
    cpu_s: float
    gpu_memory_bytes: int
    host_available_bytes: int
    threads: int
    gpu_utilization: float
    def __init__(self, rss_bytes: _Optional[int] = ..., cpu_s: _Optional[float] = ..., gpu_memory_bytes: _Optional[int] = ..., host_available_bytes: _Optional[int] = ..., threads: _Optional[int] = ..., gpu_utilization: _Optional[float] = ...) -> None: ...

class LogLine(_message.Message):
    __slots__ = ("level", "source", "text")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    level: str
    source: str
    text: str
    def __init__(self, level: _Optional[str] = ..., source: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
