"""The writer's statements: inserts that meet what is there by the rules of `fold`, for either dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Table, case, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite

from . import schema
from .schema import RUN_FACETS, RUN_SUMS
from .staging import stage


@dataclass(frozen=True, slots=True)
class Statements:
    """All that the writer executes, each on a list of rows."""

    chunks: Executable
    """Leaves those that are there as they are. PostgreSQL: returns their keys."""
    machines: Executable
    profiles: Executable
    runs: Executable
    phases: Executable
    failures: Executable
    exchanges: Executable
    first_runs: Executable
    """Leaves the runs that are there as they are."""
    letters: Executable
    counted_runs: Executable
    run_counts: Executable


def statements(dialect: str) -> Statements:
    """The statements in the words of `dialect`: "sqlite" or "postgresql"."""
    return Statements(
        chunks=_chunks(dialect),
        machines=_machines(dialect),
        profiles=_profiles(dialect),
        runs=_runs(dialect),
        phases=_phases(dialect),
        failures=_failures(dialect),
        exchanges=_insert(dialect, schema.http_exchanges).on_conflict_do_nothing(
            index_elements=list(schema.http_exchanges.primary_key)
        ),
        first_runs=_insert(dialect, schema.runs).on_conflict_do_nothing(
            index_elements=list(schema.runs.primary_key)
        ),
        letters=_insert(dialect, schema.dead_letters).on_conflict_do_nothing(
            index_elements=list(schema.dead_letters.primary_key)
        ),
        counted_runs=_counted_runs(dialect),
        run_counts=_run_counts(dialect),
    )


def kinds_insert(dialect: str, table: Table) -> Executable:
    """Leaves the rows that are there as they are: a number means the same for ever. Executed on a list of rows."""
    insert: Any = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_nothing(index_elements=list(table.primary_key))  # type: ignore[no-any-return]


def _insert(dialect: str, table: Table) -> Any:
    """INSERT with ON CONFLICT, which both dialects have under the same names.

    SQLite is given a list of rows, PostgreSQL takes them from the table's stage. In the order of the key: two
    collectors that write the same rows wait for each other, and never in a circle.
    """
    if dialect != "postgresql":
        return sqlite.insert(table)
    staged = stage(table)
    names = [column.name for column in table.c]
    ordered = select(*(staged.c[name] for name in names)).order_by(
        *(staged.c[column.name] for column in table.primary_key)
    )
    return postgresql.insert(table).from_select(names, ordered)


def _greater(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((old.is_(None), new), (new > old, new), else_=old)


def _smaller(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((old.is_(None), new), (new < old, new), else_=old)


def _chunks(dialect: str) -> Executable:
    table = schema.event_chunks
    key = ("machine_id", "run_id", "chunk_seq")
    insert: Any = _insert(dialect, table)
    insert = insert.on_conflict_do_nothing(index_elements=list(table.primary_key))
    if dialect != "postgresql":
        return insert  # type: ignore[no-any-return]
    # Replays are rare: to fetch the keys of all that is new would be a tenth of a group's cost.
    new = insert.returning(*(table.c[name] for name in key)).cte("new")
    staged = stage(table)
    there = select(*(staged.c[name] for name in key))
    return there.where(~exists().where(*(new.c[name] == staged.c[name] for name in key)))


def _machines(dialect: str) -> Executable:
    table, insert = schema.machines, _insert(dialect, schema.machines)
    new = insert.excluded
    later = new.hello_at > func.coalesce(table.c.hello_at, table.c.first_seen)
    first_hello = new.hello_at.is_not(None) & table.c.hello_at.is_(None)
    said = ("hello_at", "agent_version", "clock_skew_s")
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]  # both dialects' inserts have it
        index_elements=list(table.primary_key),
        set_={
            "first_seen": _smaller(new.first_seen, table.c.first_seen),
            "last_seen": _greater(new.last_seen, table.c.last_seen),
            **{name: case((first_hello | later, new[name]), else_=table.c[name]) for name in said},
            **{name: table.c[name] + new[name] for name in ("expired_chunks", "refused_chunks")},
        },
    )


def _profiles(dialect: str) -> Executable:
    table, insert = schema.hardware_profiles, _insert(dialect, schema.hardware_profiles)
    new = insert.excluded
    keep = {"machine_id", "digest", "first_seen"}
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key),
        set_={
            "first_seen": _smaller(new.first_seen, table.c.first_seen),
            **{
                column.name: case((new.last_seen > table.c.last_seen, new[column.name]), else_=column)
                for column in table.c
                if column.name not in keep
            },
        },
    )


def _runs(dialect: str) -> Executable:
    table, insert = schema.runs, _insert(dialect, schema.runs)
    new = insert.excluded
    merged: dict[str, Any] = {name: table.c[name] + new[name] for name in RUN_SUMS}
    for name in ("last_event_at", "last_received_at"):
        merged[name] = _greater(new[name], table.c[name])
    for facet, columns in RUN_FACETS.items():
        number = f"{facet}_seq"
        for name in (number, *columns):
            merged[name] = case((new[number] > table.c[number], new[name]), else_=table.c[name])
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key), set_=merged
    )


def _phases(dialect: str) -> Executable:
    table, insert = schema.phases, _insert(dialect, schema.phases)
    new = insert.excluded
    higher = new.precedence > table.c.precedence
    account = ("precedence", "status", "reason", "attributes", "duration_s")
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key),
        set_={
            **{name: case((higher, new[name]), else_=table.c[name]) for name in account},
            **{name: table.c[name] + new[name] for name in ("spans", "spans_nano")},
            "first_start_s": _smaller(new.first_start_s, table.c.first_start_s),
            "last_end_s": _greater(new.last_end_s, table.c.last_end_s),
        },
    )


def _failures(dialect: str) -> Executable:
    table, insert = schema.failures, _insert(dialect, schema.failures)
    new = insert.excluded
    rest = [column.name for column in table.c if not column.primary_key]
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key),
        set_={name: new[name] for name in rest},
        where=new.event_seq > table.c.event_seq,
    )


def _counted_runs(dialect: str) -> Executable:
    table, insert = schema.counted_runs, _insert(dialect, schema.counted_runs)
    rest = [column.name for column in table.c if not column.primary_key]
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key), set_={name: insert.excluded[name] for name in rest}
    )


def _run_counts(dialect: str) -> Executable:
    table, insert = schema.run_counts, _insert(dialect, schema.run_counts)
    return insert.on_conflict_do_update(  # type: ignore[no-any-return]
        index_elements=list(table.primary_key), set_={"runs": table.c.runs + insert.excluded.runs}
    )
