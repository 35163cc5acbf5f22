"""What a chunk's check asks of every event, found without a step in Python for each.

A chunk's body is parsed as a message that has one event where a batch has many. Protobuf merges all of the batch's
events into that one, in which numbers and times are repeated: so those of all events lie in two lists. It knows the
payloads that belong in a chunk of this kind, so that parsing checks them; others stay unknown to it. Parsed once more as
mere strings of bytes, the body says where each event begins. What protobuf does in C here took the greater part of
opening a chunk in Python.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.unknown_fields import UnknownFieldSet

from localloom.fleet.v1 import event_pb2

_EVENT = event_pb2.Event.DESCRIPTOR

#: The kind of chunk that each payload travels in: fields up to 31 are outcomes, by the contract.
_KINDS = {
    field.number: "outcome" if field.number < 32 else "detail"
    for field in _EVENT.oneofs_by_name["payload"].fields
}

#: What the bytes of an event begin with, for serialisers write the lowest field first: its number, a varint.
_NUMBERED = {bytes([_EVENT.fields_by_name["seq"].number << 3])}


def sift(raw: bytes, kind: str) -> tuple[list[int], list[int]] | None:
    """The numbers and the times of all events, as they come; None where one event may be unlike what its kind has.

    A number is one event's for sure. A time that one event gives twice and another not at all, which no serialiser
    does, counts as the other's: nothing but the chunk's own first and last time comes of it.

    Args:
        raw: a serialised EventBatch.
        kind: the chunk's, "outcome" or "detail".

    Raises:
        DecodeError: it is none.
    """
    each = _APART.FromString(raw).events
    all_in_one = _SIEVES[kind].FromString(raw).events
    seqs, times = all_in_one.seq[:], all_in_one.time_unix_nano[:]
    # As many numbers as events, and one at the beginning of each: none has a second one, which would be its true one.
    if len(each) != len(seqs) or len(times) != len(seqs) or {event[:1] for event in each} != _NUMBERED:
        return None
    return None if len(UnknownFieldSet(all_in_one)) else (seqs, times)


def belongs(event: event_pb2.Event, kind: str) -> bool:
    """Whether one event may be in a chunk of that kind. A payload that this version does not know may be in any."""
    payload = event.WhichOneof("payload")
    return payload is None or _KINDS[_EVENT.fields_by_name[payload].number] == kind


def _sieve(kind: str) -> Any:
    """A message like EventBatch, with one event, whose numbers and times are repeated, and this kind's payloads no choice."""
    field = descriptor_pb2.FieldDescriptorProto
    package = f"localloom.sieve.{kind}"
    file = descriptor_pb2.FileDescriptorProto(
        name=f"localloom/sieve/{kind}.proto", package=package, syntax="proto3", dependency=[_EVENT.file.name]
    )
    event = file.message_type.add(name="Event")
    for its in _EVENT.fields:
        if its.containing_oneof is not None and _KINDS[its.number] != kind:
            continue
        one = event.field.add(name=its.name, number=its.number, type=its.type, label=field.LABEL_OPTIONAL)
        if its.message_type is not None:
            one.type_name = f".{its.message_type.full_name}"
        if its.name in ("seq", "time_unix_nano"):
            one.label = field.LABEL_REPEATED
    batch = file.message_type.add(name="Batch")
    batch.field.add(
        name="events",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=f".{package}.Event",
        label=field.LABEL_OPTIONAL,
    )
    return _made(file, "Batch")


def _apart() -> Any:
    """A message like EventBatch, to which events are bytes."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(
        name="localloom/sieve/apart.proto", package="localloom.sieve", syntax="proto3"
    )
    batch = file.message_type.add(name="Batch")
    batch.field.add(name="events", number=1, type=field.TYPE_BYTES, label=field.LABEL_REPEATED)
    return _made(file, "Batch")


def _made(file: descriptor_pb2.FileDescriptorProto, message: str) -> Any:
    pool = descriptor_pool.Default()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{file.package}.{message}"))


_APART = _apart()
_SIEVES = {kind: _sieve(kind) for kind in ("outcome", "detail")}
