"""What a chunk's check asks of every event, found without a step in Python for each.

A chunk's body is parsed once more, as a message that has one event where a batch has many. Protobuf merges all of the
batch's events into that one, and its fields are repeated: so the numbers of all events lie in one list, and the payloads
that do not belong in a chunk of this kind in others, ordinarily empty. What protobuf does in C here took the greater
part of opening a chunk in Python.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from localloom.fleet.v1 import event_pb2

#: The kind of chunk that each payload travels in: fields up to 31 are outcomes, by the contract.
_KINDS = {
    field.number: "outcome" if field.number < 32 else "detail"
    for field in event_pb2.Event.DESCRIPTOR.oneofs_by_name["payload"].fields
}
_SEQ = event_pb2.Event.DESCRIPTOR.fields_by_name["seq"].number


def passes(raw: bytes, kind: str) -> list[int] | None:
    """The numbers of all events, where each payload belongs in a chunk of that kind; None where one may not.

    An event that gives its number twice, which no serialiser does, counts as two here.

    Args:
        raw: a serialised EventBatch, which has been parsed as one.
        kind: the chunk's, "outcome" or "detail".
    """
    merged = _SIEVES[kind].FromString(raw).event
    # The numbers alone: anything else that the sieve knows is a payload of the other kind.
    return list(merged.seq) if len(merged.ListFields()) == 1 else None


def belongs(event: event_pb2.Event, kind: str) -> bool:
    """Whether one event may be in a chunk of that kind. A payload that this version does not know may be in any."""
    payload = event.WhichOneof("payload")
    return payload is None or _KINDS[event.DESCRIPTOR.fields_by_name[payload].number] == kind


def _sieve(kind: str) -> Any:
    """A message like EventBatch, with one event, which has numbers and the other kinds' payloads, those unopened."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name=f"{kind}.proto", package=f"sieve.{kind}", syntax="proto3")
    event = file.message_type.add(name="Event")
    event.field.add(name="seq", number=_SEQ, type=field.TYPE_UINT64, label=field.LABEL_REPEATED)
    for number, its in _KINDS.items():
        if its != kind:
            event.field.add(
                name=f"f{number}", number=number, type=field.TYPE_BYTES, label=field.LABEL_REPEATED
            )
    batch = file.message_type.add(name="Batch")
    batch.field.add(
        name="event",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=f".sieve.{kind}.Event",
        label=field.LABEL_OPTIONAL,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"sieve.{kind}.Batch"))


_SIEVES = {kind: _sieve(kind) for kind in ("outcome", "detail")}
