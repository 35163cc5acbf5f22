"""What stays of a pruned day: its runs, counted by what reports group by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select

from .schema import PRUNED_GROUPS, failures, hardware_profiles, pruned_runs, runs


def summarise(connection: Connection, day: date) -> None:
    """Write the summary of a day whose runs are about to go; the version of the rules is one of its groups."""
    profile = hardware_profiles.c
    of_run = {
        "engine": func.coalesce(runs.c.engine_name, runs.c.engine_requested),
        "model": func.coalesce(runs.c.model_id, runs.c.model_requested),
        **{name: profile[name] for name in PRUNED_GROUPS if name in profile},
        **{name: failures.c[name] for name in ("phase", "category", "signature", "rules_version")},
    }
    groups = [of_run[name] if name in of_run else runs.c[name] for name in PRUNED_GROUPS]
    of_profile = and_(profile.machine_id == runs.c.machine_id, profile.digest == runs.c.profile_digest)
    of_failure = and_(failures.c.machine_id == runs.c.machine_id, failures.c.run_id == runs.c.run_id)
    counted = (
        select(
            *(column.label(name) for column, name in zip(groups, PRUNED_GROUPS, strict=True)),
            func.count().label("runs"),
            func.count(runs.c.machine_id.distinct()).label("machines"),
        )
        .select_from(runs.outerjoin(hardware_profiles, of_profile).outerjoin(failures, of_failure))
        .where(started_on(day))
        .group_by(*groups)
        .subquery()
    )
    # A run that came back to a day already pruned cannot be; should one, it is counted behind the others.
    last = select(func.coalesce(func.max(pruned_runs.c.number), 0)).where(pruned_runs.c.start_day == day)
    number = func.row_number().over(order_by=[counted.c[name] for name in PRUNED_GROUPS])
    numbered = select(
        bindparam("day", day, pruned_runs.c.start_day.type),
        number + last.scalar_subquery(),
        *(counted.c[name] for name in (*PRUNED_GROUPS, "runs", "machines")),
    )
    names = ["start_day", "number", *PRUNED_GROUPS, "runs", "machines"]
    connection.execute(insert(pruned_runs).from_select(names, numbered))


def started_on(day: date) -> ColumnElement[bool]:
    """By the time, which has an index; the day follows from it."""
    begin = datetime.combine(day, time(), timezone.utc)
    return and_(runs.c.started_at >= begin, runs.c.started_at < begin + timedelta(days=1))
