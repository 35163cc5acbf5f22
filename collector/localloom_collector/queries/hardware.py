"""What the fleet is made of, by the latest profile of each machine; and which machines have not been heard from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from localloom_collector.storage.schema import hardware_kinds, machines

from .attributes import Attribute, Condition
from .runs import iso


@dataclass(frozen=True, slots=True)
class HardwareQuery:
    """Which machines, and how to group them."""

    by: Sequence[Attribute]
    where: Sequence[Condition] = ()
    silent_since: datetime | None = None
    """Only machines that have not been heard from since then."""
    limit: int = 100


def list_hardware(connection: Connection, query: HardwareQuery) -> dict[str, Any]:
    """`{"hardware": [...], "machines": n, "of_machines": m}`: the commonest kinds first.

    A machine without a profile has nulls. With `silent_since` there is `"silent": [...]` too, each such machine, the
    one that has been silent longest first.
    """
    clauses: list[ColumnElement[bool]] = [condition.kept for condition in query.where]
    quiet = [machines.c.last_seen < query.silent_since] if query.silent_since is not None else []
    count, last = func.count().label("machines"), func.max(machines.c.last_seen).label("last_seen")
    # By kind first: there are few thousand, of any number of machines.
    kinds = select(machines.c.hardware, count, last).where(*quiet).group_by(machines.c.hardware).subquery()
    source = kinds.outerjoin(hardware_kinds, kinds.c.hardware == hardware_kinds.c.hardware)
    labels = [f"by_{i}" for i in range(len(query.by))]
    facts = (
        select(
            kinds.c.machines,
            kinds.c.last_seen,
            *(a.kept.label(label) for a, label in zip(query.by, labels, strict=True)),
        )
        .select_from(source)
        .where(*clauses)
        .subquery()
    )
    group = [facts.c[label] for label in labels]
    total = func.sum(facts.c.machines).label("machines")
    rows = connection.execute(
        select(*group, total, func.max(facts.c.last_seen).label("last_seen"), func.sum(total).over().label("of"))
        .group_by(*group)
        .order_by(total.desc(), *group)
        .limit(query.limit)
    ).mappings().all()  # fmt: skip
    counted = int(rows[0]["of"]) if rows else 0
    found: dict[str, Any] = {
        "hardware": [
            {
                **{a.name: row[label] for a, label in zip(query.by, labels, strict=True)},
                "machines": int(row["machines"]),
                "last_seen": iso(row["last_seen"]),
            }
            for row in rows
        ],
        "machines": counted,
        "of_machines": counted
        if not clauses and not quiet
        else connection.scalar(select(func.count()).select_from(machines)) or 0,
    }
    if query.silent_since is not None:
        found["silent"] = _silent(connection, query, [*quiet, *clauses])
    return found


def _silent(
    connection: Connection, query: HardwareQuery, clauses: Sequence[ColumnElement[bool]]
) -> list[dict[str, Any]]:
    table = machines.c
    rows = connection.execute(
        select(
            table.machine_id,
            table.last_seen,
            table.first_seen,
            table.agent_version,
            *(a.kept for a in query.by),
        )
        .select_from(machines.outerjoin(hardware_kinds, table.hardware == hardware_kinds.c.hardware))
        .where(*clauses)
        .order_by(table.last_seen, table.machine_id)
        .limit(query.limit)
    )
    return [
        {
            "machine_id": str(row[0]),
            "last_seen": iso(row[1]),
            "first_seen": iso(row[2]),
            "agent_version": row[3],
            **dict(zip((a.name for a in query.by), row[4:], strict=True)),
        }
        for row in rows
    ]
