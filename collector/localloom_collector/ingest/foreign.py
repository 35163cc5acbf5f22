"""Which events of a chunk belong in a chunk of another kind, found without a step in Python for each event.

A chunk's body is parsed once more, as a message that knows of an event only the payloads that do not belong: an empty
event, two bytes long, is one that does. What protobuf does in C here took the greater part of opening a chunk in Python.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from localloom.fleet.v1 import event_pb2

#: An event that holds nothing: the tag of the batch's field, and a length of 0.
_EMPTY = 2

#: The kind of chunk that each payload travels in: fields up to 31 are outcomes, by the contract.
_KINDS = {
    field.number: "outcome" if field.number < 32 else "detail"
    for field in event_pb2.Event.DESCRIPTOR.oneofs_by_name["payload"].fields
}


def events(raw: bytes, kind: str) -> list[int]:
    """The places of the events that do not belong in a chunk of that kind, "outcome" or "detail"; ordinarily none.

    Args:
        raw: a serialised EventBatch, which has been parsed as one.
        kind: the chunk's.
    """
    found = _SIEVES[kind].FromString(raw)
    found.DiscardUnknownFields()
    if found.ByteSize() == _EMPTY * len(found.events):
        return []
    return [i for i, event in enumerate(found.events) if event.ByteSize()]


def _sieve(kind: str) -> Any:
    """A message like EventBatch, whose events have the other kinds' payloads alone, and those unopened."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name=f"{kind}.proto", package=f"sieve.{kind}", syntax="proto3")
    event = file.message_type.add(name="Event")
    for number, its in _KINDS.items():
        if its != kind:
            event.field.add(
                name=f"f{number}", number=number, type=field.TYPE_BYTES, label=field.LABEL_REPEATED
            )
    batch = file.message_type.add(name="Batch")
    batch.field.add(
        name="events",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=f".sieve.{kind}.Event",
        label=field.LABEL_REPEATED,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"sieve.{kind}.Batch"))


_SIEVES = {kind: _sieve(kind) for kind in ("outcome", "detail")}
