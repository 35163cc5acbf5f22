"""Dead letters: chunks that were refused for good, a sample of them, kept for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from localloom_collector.limits import Limits

from .rows import Letter
from .schema import dead_letters


def within_caps(connection: Connection, letters: Sequence[Letter], limits: Limits) -> list[dict[str, Any]]:
    """Rows of `dead_letters` for as many as there is room for. The first of a kind tell more than the thousandth."""
    table = dead_letters.c
    total = connection.scalar(select(func.count()).select_from(dead_letters)) or 0
    machines = {letter.machine_id for letter in letters}
    counted = connection.execute(
        select(table.machine_id, func.count().label("letters"))
        .where(table.machine_id.in_(machines))
        .group_by(table.machine_id)
    )
    of_machine: Counter[UUID] = Counter({row.machine_id: row.letters for row in counted})
    rows: dict[tuple[UUID, str, str], dict[str, Any]] = {}
    for letter in letters:
        key = (letter.machine_id, letter.run_id, letter.chunk_seq)
        if key in rows or total >= limits.dead_letters:
            continue
        if of_machine[letter.machine_id] < limits.machine_dead_letters:
            rows[key] = {f.name: getattr(letter, f.name) for f in fields(Letter)}
            of_machine[letter.machine_id] += 1
            total += 1
    return list(rows.values())


def clear(connection: Connection) -> int:
    """Throw all of them away; how many there were."""
    return connection.execute(delete(dead_letters)).rowcount
