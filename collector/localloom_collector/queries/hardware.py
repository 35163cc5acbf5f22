"""What the fleet is made of: machines by the attributes of their latest profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, select

from localloom_collector.storage.schema import hardware_profiles, machines

from .attributes import Attribute
from .runs import iso


def list_hardware(connection: Connection, by: Sequence[Attribute], limit: int) -> dict[str, Any]:
    """`{"hardware": [...], "machines": n}`: the commonest kinds first; a machine without a profile has nulls.

    Args:
        connection: on a current schema.
        by: attributes of machines.
        limit: how many kinds at most.
    """
    # The newest profile of each machine; where two are equally new, any one of them, but one.
    rank = func.row_number().over(
        partition_by=hardware_profiles.c.machine_id,
        order_by=(hardware_profiles.c.last_seen.desc(), hardware_profiles.c.digest),
    )
    ranked = select(hardware_profiles.c.machine_id, hardware_profiles.c.digest, rank.label("rank")).subquery()
    source = machines.outerjoin(
        ranked, and_(ranked.c.machine_id == machines.c.machine_id, ranked.c.rank == 1)
    ).outerjoin(
        hardware_profiles,
        and_(
            hardware_profiles.c.machine_id == ranked.c.machine_id,
            hardware_profiles.c.digest == ranked.c.digest,
        ),
    )
    labels = [f"by_{i}" for i in range(len(by))]
    facts = (
        select(machines.c.last_seen, *(a.column.label(label) for a, label in zip(by, labels, strict=True)))
        .select_from(source)
        .subquery()
    )
    group = [facts.c[label] for label in labels]
    count = func.count().label("machines")
    rows = connection.execute(
        select(*group, count, func.max(facts.c.last_seen).label("last_seen"))
        .group_by(*group)
        .order_by(count.desc(), *group)
        .limit(limit)
    )
    found = [
        {
            **{a.name: row[label] for a, label in zip(by, labels, strict=True)},
            "machines": row["machines"],
            "last_seen": iso(row["last_seen"]),
        }
        for row in (r._mapping for r in rows)  # noqa: SLF001  # SQLAlchemy's public name
    ]
    return {"hardware": found, "machines": connection.scalar(select(func.count()).select_from(machines)) or 0}
