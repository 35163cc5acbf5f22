"""Folds the chunks of a group into one row a table and key, by the rules that the upserts follow too.

A statement may touch a row once only, and one row a run costs less than one a chunk. Every rule here is commutative
and associative (a sum, a minimum, a maximum, "the higher number holds"): that is what makes the tables independent of
the order in which chunks arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from .rows import Asides, ChunkRows, PhaseAccount, Row
from .schema import RUN_FACETS, RUN_SUMS

RunKey = tuple[UUID, UUID]

_NO_FACETS: dict[str, Any] = {
    **{f"{facet}_seq": 0 for facet in RUN_FACETS},
    **{column: None for columns in RUN_FACETS.values() for column in columns},
    **dict.fromkeys(RUN_SUMS, 0),
}


def machine_rows(chunks: Iterable[ChunkRows], asides: Asides) -> list[dict[str, Any]]:
    """Rows of `machines`."""
    rows: dict[UUID, dict[str, Any]] = {}

    def seen(machine_id: UUID, at: datetime) -> dict[str, Any]:
        empty = {"machine_id": machine_id, "first_seen": at, "last_seen": at}
        row = rows.setdefault(
            machine_id,
            {
                **empty,
                "clock_skew_s": None,
                "agent_version": None,
                "hello_at": None,
                "expired_chunks": 0,
                "refused_chunks": asides.refused.get(machine_id, 0),
            },
        )
        row["first_seen"] = min(row["first_seen"], at)
        row["last_seen"] = max(row["last_seen"], at)
        return row

    for chunk in chunks:
        seen(chunk.key.machine_id, chunk.received_at)
    for letter in asides.letters:
        seen(letter.machine_id, letter.received_at)
    for hello in asides.sightings:
        row = seen(hello.machine_id, hello.at)
        if row["hello_at"] is None or hello.at > row["hello_at"]:
            row.update(hello_at=hello.at, agent_version=hello.agent_version, clock_skew_s=hello.clock_skew_s)
    return list(rows.values())


def run_rows(chunks: Iterable[ChunkRows]) -> list[dict[str, Any]]:
    """Rows of `runs`; a facet that no chunk brought has number 0 and nulls."""
    rows: dict[RunKey, dict[str, Any]] = {}
    for chunk in chunks:
        row = rows.get(chunk.key.run)
        if row is None:
            row = rows[chunk.key.run] = empty_run(chunk)
        for name, facet in chunk.facets.items():
            if facet.seq > row[f"{name}_seq"]:
                row.update(facet.values)
                row[f"{name}_seq"] = facet.seq
        for column, amount in zip(RUN_SUMS, (chunk.events, 1, *chunk.shed), strict=True):
            row[column] += amount
        row["last_event_at"] = latest(row["last_event_at"], chunk.last_event_at)
        row["last_received_at"] = max(row["last_received_at"], chunk.received_at)
    return list(rows.values())


def empty_run(chunk: ChunkRows) -> dict[str, Any]:
    """The row of a run of which nothing is known but that it is."""
    return {
        "machine_id": chunk.key.machine_id,
        "run_id": chunk.key.run_id,
        "started_at": chunk.started_at,
        "start_day": chunk.started_at.date(),
        "start_clamped": chunk.start_clamped,
        "received_chunks": None,
        "last_event_at": None,
        "last_received_at": chunk.received_at,
        **_NO_FACETS,
    }


def phase_rows(chunks: Iterable[ChunkRows]) -> list[dict[str, Any]]:
    """Rows of `phases`."""
    accounts: dict[tuple[UUID, UUID, str], PhaseAccount] = {}
    for chunk in chunks:
        for account in chunk.phases:
            key = (*chunk.key.run, account.phase)
            accounts[key] = merge_accounts(accounts[key], account) if key in accounts else account
    return [
        {"machine_id": machine_id, "run_id": run_id, **account._asdict()}
        for (machine_id, run_id, _), account in accounts.items()
    ]


def merge_accounts(one: PhaseAccount, other: PhaseAccount) -> PhaseAccount:
    """Two accounts of the same phase as one."""
    higher = other if other.precedence > one.precedence else one
    starts, ends = (one.first_start_s, other.first_start_s), (one.last_end_s, other.last_end_s)
    return PhaseAccount(
        phase=higher.phase,
        precedence=higher.precedence,
        status=higher.status,
        reason=higher.reason,
        attributes=higher.attributes,
        duration_s=higher.duration_s,
        spans=one.spans + other.spans,
        spans_nano=one.spans_nano + other.spans_nano,
        first_start_s=_least(*starts),
        last_end_s=_greatest(*ends),
    )


def _least(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return one if other is None else other
    return min(one, other)


def _greatest(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return one if other is None else other
    return max(one, other)


def failure_rows(chunks: Iterable[ChunkRows]) -> list[Row]:
    """Rows of `failures`: of several verdicts on one run, the last."""
    rows: dict[RunKey, Row] = {}
    for chunk in chunks:
        known = rows.get(chunk.key.run)
        if chunk.failure and (known is None or chunk.failure["event_seq"] > known["event_seq"]):
            rows[chunk.key.run] = chunk.failure
    return list(rows.values())


def profile_rows(chunks: Iterable[ChunkRows]) -> list[dict[str, Any]]:
    """Rows of `hardware_profiles`."""
    rows: dict[tuple[UUID, str], dict[str, Any]] = {}
    for chunk in chunks:
        if chunk.profile is None:
            continue
        key = (chunk.key.machine_id, chunk.profile["digest"])
        known = rows.get(key)
        new = dict(chunk.profile)
        if known is not None:
            later = new if new["last_seen"] > known["last_seen"] else known
            new = {**later, "first_seen": min(known["first_seen"], new["first_seen"])}
        rows[key] = new
    return list(rows.values())


def latest(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times, either of which may be missing."""
    return max((x for x in (one, other) if x is not None), default=None)
