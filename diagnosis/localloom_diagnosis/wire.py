"""The taxonomy, attributes and evidence as they go over the wire, for both of its ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import TypeVar

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from localloom.fleet.v1 import event_pb2, taxonomy_pb2

from .evidence import ErrorRecord, Evidence, Exchange, FactValue
from .taxonomy import Category, Outcome, Phase, PhaseStatus, Purpose

Member = TypeVar("Member", bound=Enum)

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


class Codec(dict[int, Member]):
    """Reads numbers off the wire; `wire` gives the number of a member."""

    def __init__(self, enum: EnumTypeWrapper, prefix: str, members: type[Member]) -> None:
        """Pair members by name: GPU_DRIVER is FAILURE_CATEGORY_GPU_DRIVER."""
        numbers: Mapping[str, int] = dict(enum.items())
        super().__init__({numbers[n]: m for m in members if (n := f"{prefix}_{m.name}") in numbers})
        self._numbers: dict[Member, int] = {member: number for number, member in self.items()}

    def wire(self, member: Member | None) -> int:
        """The member's number; 0, the unspecified one, for None and for members that do not travel."""
        return self._numbers.get(member, 0) if member is not None else 0


CATEGORIES: Codec[Category] = Codec(taxonomy_pb2.FailureCategory, "FAILURE_CATEGORY", Category)
OUTCOMES: Codec[Outcome] = Codec(taxonomy_pb2.Outcome, "OUTCOME", Outcome)
PHASES: Codec[Phase] = Codec(taxonomy_pb2.Phase, "PHASE", Phase)
PHASE_STATUSES: Codec[PhaseStatus] = Codec(taxonomy_pb2.PhaseStatus, "PHASE_STATUS", PhaseStatus)
PURPOSES: Codec[Purpose] = Codec(taxonomy_pb2.Purpose, "PURPOSE", Purpose)


def attribute_to_wire(name: str, value: FactValue) -> event_pb2.Attribute:
    """One named value; an integer beyond 64 bits travels as a double."""
    if isinstance(value, bool):
        return event_pb2.Attribute(name=name, bool_value=value)
    if isinstance(value, int):
        if INT64_MIN <= value <= INT64_MAX:
            return event_pb2.Attribute(name=name, int_value=value)
        return event_pb2.Attribute(name=name, double_value=float(value))
    if isinstance(value, float):
        return event_pb2.Attribute(name=name, double_value=value)
    return event_pb2.Attribute(name=name, string_value=str(value))


def attributes_to_wire(attributes: Mapping[str, FactValue]) -> list[event_pb2.Attribute]:
    """Named values, in the order of the mapping."""
    return [attribute_to_wire(name, value) for name, value in attributes.items()]


def attributes_from_wire(attributes: Iterable[event_pb2.Attribute]) -> dict[str, FactValue]:
    """The reverse; an attribute without a value is left out."""
    out: dict[str, FactValue] = {}
    for attribute in attributes:
        kind = attribute.WhichOneof("value")
        if kind:
            out[attribute.name] = getattr(attribute, kind)
    return out


def evidence_to_wire(evidence: Evidence) -> event_pb2.Evidence:
    """Evidence as a message."""
    return event_pb2.Evidence(
        errors=[
            event_pb2.ErrorRecord(
                type=e.type,
                message=e.message,
                origin=e.origin,
                traceback=e.traceback,
                category=CATEGORIES.wire(e.category),  # type: ignore[arg-type]  # a number is a member
            )
            for e in evidence.errors
        ],
        phase=PHASES.wire(evidence.phase),  # type: ignore[arg-type]  # a number is a member
        runtime=evidence.runtime,
        stderr_tail=evidence.stderr_tail,
        exit_code=evidence.exit_code,
        signal=evidence.signal,
        hung=evidence.hung,
        stacks=evidence.stacks,
        exchanges=[
            event_pb2.FailedExchange(url=x.url, status=x.status or 0, error=x.error)
            for x in evidence.exchanges
        ],
        hardware=attributes_to_wire(evidence.hardware),
        facts=attributes_to_wire(evidence.facts),
    )


def evidence_from_wire(message: event_pb2.Evidence) -> Evidence:
    """Evidence from a message; numbers that this version does not know become None."""
    return Evidence(
        errors=tuple(
            ErrorRecord(
                type=e.type,
                message=e.message,
                origin=e.origin or "exception",
                traceback=e.traceback,
                category=CATEGORIES.get(e.category),
            )
            for e in message.errors
        ),
        phase=PHASES.get(message.phase),
        runtime=message.runtime,
        stderr_tail=message.stderr_tail,
        exit_code=message.exit_code if message.HasField("exit_code") else None,
        signal=message.signal,
        hung=message.hung,
        stacks=message.stacks,
        exchanges=tuple(
            Exchange(url=x.url, status=x.status or None, error=x.error) for x in message.exchanges
        ),
        hardware=attributes_from_wire(message.hardware),
        facts=attributes_from_wire(message.facts),
    )
