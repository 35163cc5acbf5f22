from localloom.fleet.v1 import event_pb2 as _event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChunkKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHUNK_KIND_UNSPECIFIED: _ClassVar[ChunkKind]
    CHUNK_KIND_OUTCOME: _ClassVar[ChunkKind]
    CHUNK_KIND_DETAIL: _ClassVar[ChunkKind]

class Compression(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMPRESSION_UNSPECIFIED: _ClassVar[Compression]
    COMPRESSION_NONE: _ClassVar[Compression]
    COMPRESSION_ZLIB: _ClassVar[Compression]

class AckDisposition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ACK_DISPOSITION_UNSPECIFIED: _ClassVar[AckDisposition]
    ACK_DISPOSITION_STORED: _ClassVar[AckDisposition]
    ACK_DISPOSITION_DUPLICATE: _ClassVar[AckDisposition]
    ACK_DISPOSITION_EXPIRED: _ClassVar[AckDisposition]

class NackCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NACK_CODE_UNSPECIFIED: _ClassVar[NackCode]
    NACK_CODE_MALFORMED: _ClassVar[NackCode]
    NACK_CODE_TOO_LARGE: _ClassVar[NackCode]
    NACK_CODE_EXPIRED: _ClassVar[NackCode]
    NACK_CODE_WINDOW_EXCEEDED: _ClassVar[NackCode]
    NACK_CODE_UNAVAILABLE: _ClassVar[NackCode]
CHUNK_KIND_UNSPECIFIED: ChunkKind
CHUNK_KIND_OUTCOME: ChunkKind
CHUNK_KIND_DETAIL: ChunkKind
COMPRESSION_UNSPECIFIED: Compression
COMPRESSION_NONE: Compression
COMPRESSION_ZLIB: Compression
ACK_DISPOSITION_UNSPECIFIED: AckDisposition
ACK_DISPOSITION_STORED: AckDisposition
ACK_DISPOSITION_DUPLICATE: AckDisposition
ACK_DISPOSITION_EXPIRED: AckDisposition
NACK_CODE_UNSPECIFIED: NackCode
NACK_CODE_MALFORMED: NackCode
NACK_CODE_TOO_LARGE: NackCode
NACK_CODE_EXPIRED: NackCode
NACK_CODE_WINDOW_EXCEEDED: NackCode
NACK_CODE_UNAVAILABLE: NackCode

class StreamChunksRequest(_message.Message):
    __slots__ = ("hello", "batch")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    hello: ClientHello
    batch: ChunkBatch
    def __init__(self, hello: _Optional[_Union[ClientHello, _Mapping]] = ..., batch: _Optional[_Union[ChunkBatch, _Mapping]] = ...) -> None: ...

class StreamChunksResponse(_message.Message):
    __slots__ = ("hello", "receipt", "drain")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    DRAIN_FIELD_NUMBER: _ClassVar[int]
    hello: ServerHello
    receipt: Receipt
    drain: Drain
    def __init__(self, hello: _Optional[_Union[ServerHello, _Mapping]] = ..., receipt: _Optional[_Union[Receipt, _Mapping]] = ..., drain: _Optional[_Union[Drain, _Mapping]] = ...) -> None: ...

class ClientHello(_message.Message):
    __slots__ = ("revision", "agent_version", "machine_id", "capabilities", "time_unix_nano")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    AGENT_VERSION_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    revision: int
    agent_version: str
    machine_id: bytes
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    time_unix_nano: int
    def __init__(self, revision: _Optional[int] = ..., agent_version: _Optional[str] = ..., machine_id: _Optional[bytes] = ..., capabilities: _Optional[_Iterable[str]] = ..., time_unix_nano: _Optional[int] = ...) -> None: ...

class ServerHello(_message.Message):
    __slots__ = ("revision", "collector_version", "capabilities", "max_message_bytes", "max_chunk_bytes", "window_bytes", "time_unix_nano")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    CAPABILITIES_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_BYTES_FIELD_NUMBER: _ClassVar[int]
    WINDOW_BYTES_FIELD_NUMBER: _ClassVar[int]
    TIME_UNIX_NANO_FIELD_NUMBER: _ClassVar[int]
    revision: int
    collector_version: str
    capabilities: _containers.RepeatedScalarFieldContainer[str]
    max_message_bytes: int
    max_chunk_bytes: int
    window_bytes: int
    time_unix_nano: int
    def __init__(self, revision: _Optional[int] = ..., collector_version: _Optional[str] = ..., capabilities: _Optional[_Iterable[str]] = ..., max_message_bytes: _Optional[int] = ..., max_chunk_bytes: _Optional[int] = ..., window_bytes: _Optional[int] = ..., time_unix_nano: _Optional[int] = ...) -> None: ...

class ChunkBatch(_message.Message):
    __slots__ = ("chunks",)
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    chunks: _containers.RepeatedCompositeFieldContainer[Chunk]
    def __init__(self, chunks: _Optional[_Iterable[_Union[Chunk, _Mapping]]] = ...) -> None: ...

class Chunk(_message.Message):
    __slots__ = ("run_id", "chunk_seq", "machine_id", "kind", "compression", "body", "body_crc32", "event_count", "raw_bytes")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_SEQ_FIELD_NUMBER: _ClassVar[int]
    MACHINE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    COMPRESSION_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    BODY_CRC32_FIELD_NUMBER: _ClassVar[int]
    EVENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    RAW_BYTES_FIELD_NUMBER: _ClassVar[int]
    run_id: bytes
    chunk_seq: int
    machine_id: bytes
    kind: ChunkKind
    compression: Compression
    body: bytes
    body_crc32: int
    event_count: int
    raw_bytes: int
    def __init__(self, run_id: _Optional[bytes] = ..., chunk_seq: _Optional[int] = ..., machine_id: _Optional[bytes] = ..., kind: _Optional[_Union[ChunkKind, str]] = ..., compression: _Optional[_Union[Compression, str]] = ..., body: _Optional[bytes] = ..., body_crc32: _Optional[int] = ..., event_count: _Optional[int] = ..., raw_bytes: _Optional[int] = ...) -> None: ...

class EventBatch(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_event_pb2.Event]
    def __init__(self, events: _Optional[_Iterable[_Union[_event_pb2.Event, _Mapping]]] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("acks", "nacks")
    ACKS_FIELD_NUMBER: _ClassVar[int]
    NACKS_FIELD_NUMBER: _ClassVar[int]
    acks: _containers.RepeatedCompositeFieldContainer[ChunkAck]
    nacks: _containers.RepeatedCompositeFieldContainer[ChunkNack]
    def __init__(self, acks: _Optional[_Iterable[_Union[ChunkAck, _Mapping]]] = ..., nacks: _Optional[_Iterable[_Union[ChunkNack, _Mapping]]] = ...) -> None: ...

class ChunkAck(_message.Message):
    __slots__ = ("run_id", "chunk_seq", "disposition")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_SEQ_FIELD_NUMBER: _ClassVar[int]
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    run_id: bytes
    chunk_seq: int
    disposition: AckDisposition
    def __init__(self, run_id: _Optional[bytes] = ..., chunk_seq: _Optional[int] = ..., disposition: _Optional[_Union[AckDisposition, str]] = ...) -> None: ...

class ChunkNack(_message.Message):
    __slots__ = ("run_id", "chunk_seq", "code", "reason")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    CHUNK_SEQ_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    run_id: bytes
    chunk_seq: int
    code: NackCode
    reason: str
    def __init__(self, run_id: _Optional[bytes] = ..., chunk_seq: _Optional[int] = ..., code: _Optional[_Union[NackCode, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class Drain(_message.Message):
    __slots__ = ("reconnect_delay_ms", "reason")
    RECONNECT_DELAY_MS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    reconnect_delay_ms: int
    reason: str
    def __init__(self, reconnect_delay_ms: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...
