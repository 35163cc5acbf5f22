"""The writer's statements: inserts that meet what is there by the rules of `fold`, for either dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Table, case, func
from sqlalchemy.dialects import postgresql, sqlite

from . import schema
from .schema import RUN_FACETS, RUN_SUMS


@dataclass(frozen=True, slots=True)
class Statements:
    """All that the writer executes, each with a list of rows."""

    chunks: Executable
    """Returns the keys of the rows that were not there before."""
    machines: Executable
    profiles: Executable
    runs: Executable
    phases: Executable
    failures: Executable
    exchanges: Executable


def statements(dialect: str) -> Statements:
    """The statements in the words of `dialect`: "sqlite" or "postgresql"."""
    chunks = schema.event_chunks
    return Statements(
        chunks=_insert(dialect, chunks)
        .on_conflict_do_nothing(index_elements=list(chunks.primary_key))
        .returning(chunks.c.machine_id, chunks.c.run_id, chunks.c.chunk_seq),
        machines=_machines(dialect),
        profiles=_profiles(dialect),
        runs=_runs(dialect),
        phases=_phases(dialect),
        failures=_failures(dialect),
        exchanges=_insert(dialect, schema.http_exchanges).on_conflict_do_nothing(
            index_elements=list(schema.http_exchanges.primary_key)
        ),
    )


def _insert(dialect: str, table: Table) -> Any:
    """INSERT with ON CONFLICT, which both dialects have under the same names."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _greater(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((old.is_(None), new), (new > old, new), else_=old)


def _smaller(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((old.is_(None), new), (new < old, new), else_=old)


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
