"""Makes the counts anew from the rows: after a bulk load, after an upgrade, and where they are found to be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from . import kinds, schema
from .counted import Counted, counts_as, facts
from .counting import LATEST, Counting
from .retained import horizon
from .schema import HARDWARE, SPANS, counted_runs, hardware_profiles, machines, run_counts

#: Rows that are read and written at a time: what bounds the memory.
BATCH = 5_000

_PROFILE = hardware_profiles.c


def recount(connection: Connection) -> int:
    """Make every kept count anew, in constant memory; how many runs count.

    Args:
        connection: of an engine opened for writing, in a transaction. Writers wait until it ends.
    """
    horizon(connection, pruning=True)
    counting = Counting(connection.dialect.name)
    for page in profiles(connection):
        counting.put_kinds(connection, schema.hardware_kinds, (kind for _, kind in page))
        wrong = [(row, kind) for row, kind in page if row.hardware != kind["hardware"]]
        if wrong:
            connection.execute(
                _SET_KIND,
                [{"machine": r.machine_id, "of": r.digest, "kind": k["hardware"]} for r, k in wrong],
            )
    connection.execute(
        update(machines).where(machines.c.hardware.is_distinct_from(LATEST)).values(hardware=LATEST)
    )
    connection.execute(delete(run_counts))
    connection.execute(delete(counted_runs))
    total, batch = 0, list[Counted]()
    for row in connection.execute(facts().execution_options(yield_per=BATCH)):
        counted = counts_as(row)
        if counted.numbers is None:
            continue
        batch.append(counted)
        if len(batch) == BATCH:
            counting.write(connection, batch)
            total += len(batch)
            batch = []
    counting.write(connection, batch)
    for span in SPANS:
        names = [column.name for column in run_counts.c]
        connection.execute(insert(run_counts).from_select(names, spans_of_runs(span)))
    return total + len(batch)


def spans_of_runs(span: int) -> Select[Any]:
    """Rows of `run_counts` for spans of that many days, from `counted_runs`."""
    table = counted_runs.c
    day = (table.day - table.day % span).label("day")
    # The numbers stand in the text of the query: PostgreSQL takes two parameters for two expressions.
    return (
        select(
            literal(span, literal_execute=True).label("span"),
            day,
            table.hardware,
            table.setup,
            func.count().label("runs"),
        )
        .group_by(day, table.hardware, table.setup)
    )  # fmt: skip


def profiles(connection: Connection) -> Iterator[list[tuple[Row[Any], dict[str, Any]]]]:
    """Every profile and the row of its kind of hardware, some at a time, in the order of their key."""
    query = (
        select(
            _PROFILE.machine_id, _PROFILE.digest, _PROFILE.hardware, *(_PROFILE[name] for name in HARDWARE)
        )
        .order_by(_PROFILE.machine_id, _PROFILE.digest)
        .limit(BATCH)
    )
    after: tuple[UUID, str] | None = None
    while True:
        page = query
        if after is not None:
            page = query.where(tuple_(_PROFILE.machine_id, _PROFILE.digest) > tuple_(*after, types=_KEY))
        rows = list(connection.execute(page))
        if not rows:
            return
        after = (rows[-1].machine_id, rows[-1].digest)
        yield [(row, kinds.hardware(dict(row._mapping))) for row in rows]  # noqa: SLF001  # SQLAlchemy's public name


_KEY = [_PROFILE.machine_id.type, _PROFILE.digest.type]
_SET_KIND = (
    update(hardware_profiles)
    .where(_PROFILE.machine_id == bindparam("machine"), _PROFILE.digest == bindparam("of"))
    .values(hardware=bindparam("kind"))
)
