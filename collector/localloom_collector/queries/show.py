"""One run, whole: the document that the agent prints of it, and what only the collector knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select

from localloom_collector.storage.schema import (
    event_chunks,
    failures,
    hardware_kinds,
    hardware_profiles,
    http_exchanges,
    machines,
    phases,
    runs,
)
from localloom_diagnosis import Evidence, Phase, diagnose

from .attributes import KNOWN
from .find import find_run
from .outcomes import outcome
from .peers import standing
from .phases import duration
from .runs import iso
from .source import RUNS
from .timeline import timeline

_ORDER = {phase.value: phase.order for phase in Phase}


def show_run(connection: Connection, given: str, now: datetime, lang: str | None = None) -> dict[str, Any]:
    """The run whose id begins with `given`; the failure in the language given, or as it is stored.

    Raises:
        NoSuchRun: none does, or several do.
    """
    machine_id, run_id = find_run(connection, given)
    run = connection.execute(
        select(runs, outcome(now).label("outcome_now")).where(
            runs.c.machine_id == machine_id, runs.c.run_id == run_id
        )
    ).one()
    own = _phases(connection, machine_id, run_id)
    known = {
        "engine": run.engine_name,
        "model": run.model_id,
        **_gpu(connection, machine_id, run.profile_digest),
    }
    return {
        "run_id": str(run_id),
        "parent_run_id": str(run.parent_run_id) if run.parent_run_id else None,
        "purpose": run.purpose,
        "outcome": run.outcome_now,
        "started_at": iso(run.started_at),
        "start_clamped": run.start_clamped,
        "duration_s": micros(run.duration_s),
        "agent_version": run.agent_version,
        "labels": run.labels or {},
        "requested": {
            "engine": run.engine_requested,
            "model": run.model_requested,
            "device": run.device_requested,
            "max_tokens": run.max_tokens,
            "temperature": run.temperature,
        },
        "engine": {
            "name": run.engine_name or run.engine_requested,
            "version": run.engine_version,
            "device": run.engine_device,
            "attributes": run.engine_attributes or {},
        },
        "model": {
            "id": run.model_id or run.model_requested,
            "source": run.model_source,
            "bytes": run.model_bytes,
            "attributes": run.model_attributes or {},
        },
        "phases": own,
        "timeline": timeline(connection, machine_id, run_id),
        "peers": standing(connection, run_id, run.started_at, known, own),
        "children": _children(connection, run_id, now),
        "failure": _failure(connection, machine_id, run_id, lang),
        "generation": _generation(run),
        "http_exchanges": _exchanges(connection, machine_id, run_id),
        "machine": _machine(connection, machine_id, run.profile_digest),
        "delivery": _delivery(connection, run),
    }


def _phases(connection: Connection, machine_id: UUID, run_id: UUID) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(phases, duration().label("seconds")).where(
            phases.c.machine_id == machine_id, phases.c.run_id == run_id
        )
    )
    return [
        {
            "phase": row.phase,
            "status": row.status,
            "duration_s": micros(row.seconds),
            "start_s": row.first_start_s,
            "end_s": row.last_end_s,
            "reason": row.reason or "",
            "attributes": row.attributes or {},
        }
        for row in sorted(rows, key=lambda row: _ORDER.get(row.phase, len(_ORDER)))
    ]


def _gpu(connection: Connection, machine_id: UUID, digest: str | None) -> dict[str, Any]:
    """The GPU by the names that runs are counted by."""
    kind = hardware_kinds.c
    row = connection.execute(
        select(kind.hw_gpu_model, kind.hw_gpu_vendor)
        .join_from(hardware_profiles, hardware_kinds, hardware_profiles.c.hardware == kind.hardware)
        .where(hardware_profiles.c.machine_id == machine_id, hardware_profiles.c.digest == digest)
    ).one_or_none()
    return {"hw.gpu.model": row and row.hw_gpu_model, "hw.gpu.vendor": row and row.hw_gpu_vendor}


def _children(connection: Connection, run_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The differential runs that were made for this one."""
    rows = connection.execute(
        select(
            runs.c.run_id,
            outcome(now).label("outcome_now"),
            KNOWN["engine"].column.label("engine"),
            KNOWN["model"].column.label("model"),
            failures.c.phase,
            failures.c.category,
        )
        .select_from(RUNS)
        # A machine makes them itself, so its key finds them.
        .where(runs.c.machine_id.in_(select(runs.c.machine_id).where(runs.c.run_id == run_id)))
        .where(runs.c.parent_run_id == run_id)
        .order_by(runs.c.started_at)
    )
    return [
        {
            "run_id": str(row.run_id),
            "outcome": row.outcome_now,
            "engine": row.engine,
            "model": row.model,
            "phase": row.phase,
            "category": row.category,
        }
        for row in rows
    ]


def _failure(
    connection: Connection, machine_id: UUID, run_id: UUID, lang: str | None
) -> dict[str, Any] | None:
    row = connection.execute(
        select(failures).where(failures.c.machine_id == machine_id, failures.c.run_id == run_id)
    ).one_or_none()
    if row is None:
        return None
    names = ("phase", "category", "confidence", "candidates", "signature", "summary", "retryable", "remedies")
    return {
        **{name: getattr(row, name) for name in names},
        **({} if lang is None else _in_words(row, lang)),
        "evidence": row.evidence,
        "rules_version": row.rules_version,
        "note": row.note,
        "agent": {**row.agent_verdict, "rules_version": row.agent_rules_version},
    }


def _in_words(row: Row[Any], lang: str) -> dict[str, Any]:
    """The verdict's sentences in another language; only where the present rules come to the verdict that is stored."""
    try:
        said = diagnose(Evidence.from_json(row.evidence), lang).to_json()
    except Exception:
        # Evidence of another version: what is stored is better than nothing.
        return {}
    if said["category"] != row.category:
        return {}
    return {name: said[name] for name in ("summary", "remedies", "candidates")}


def _generation(run: Row[Any]) -> dict[str, Any] | None:
    if not run.generation_seq:
        return None
    return {
        "text": run.generated_text or "",
        "prompt": run.prompt or "",
        "token_ids": run.token_ids or [],
        "prompt_tokens": run.prompt_tokens,
        "completion_tokens": run.completion_tokens,
        "ttft_s": run.ttft_s,
        "tokens_per_s": run.tokens_per_s,
        "prefill_tokens_per_s": run.prefill_tokens_per_s,
        "finish_reason": run.finish_reason,
        "numeric_check": {
            "status": run.numeric_status,
            "agreement": run.numeric_agreement,
            "nonfinite": run.numeric_nonfinite,
            "min_margin": run.numeric_min_margin,
            "reason": run.numeric_reason or "",
        },
    }


def _exchanges(connection: Connection, machine_id: UUID, run_id: UUID) -> list[dict[str, Any]]:
    table = http_exchanges.c
    columns = (table.phase, table.at, table.method, table.url, table.status, table.received_bytes)
    rows = connection.execute(
        select(*columns, table.duration_s, table.ttfb_s, table.error)
        .where(table.machine_id == machine_id, table.run_id == run_id)
        .order_by(table.event_seq)
    )
    return [{**row._mapping, "at": iso(row.at)} for row in rows]  # noqa: SLF001  # SQLAlchemy's public name


def _machine(connection: Connection, machine_id: UUID, digest: str | None) -> dict[str, Any]:
    """The profile as the agent made it, and beside its keys what the collector knows of the machine."""
    machine = connection.execute(select(machines).where(machines.c.machine_id == machine_id)).one()
    profile = connection.execute(
        select(hardware_profiles.c.attributes, hardware_profiles.c.document).where(
            hardware_profiles.c.machine_id == machine_id, hardware_profiles.c.digest == digest
        )
    ).one_or_none()
    document = profile.document if profile and isinstance(profile.document, dict) else {}
    return {
        **document,
        "machine_id": str(machine_id),
        "first_seen": iso(machine.first_seen),
        "last_seen": iso(machine.last_seen),
        "clock_skew_s": machine.clock_skew_s,
        "expired_chunks": machine.expired_chunks,
        "refused_chunks": machine.refused_chunks,
        "digest": digest,
        "attributes": (profile.attributes if profile else None) or {},
    }


def _delivery(connection: Connection, run: Row[Any]) -> dict[str, Any]:
    table = event_chunks.c
    size = connection.scalar(
        select(func.coalesce(func.sum(func.length(table.body)), 0)).where(
            table.machine_id == run.machine_id, table.run_id == run.run_id
        )
    )
    expected = run.events_expected
    missing = None if expected is None else max(expected - run.events_received, 0)
    return {
        "collector": None,
        "state": "delivered",
        "chunks": run.chunks_received,
        "chunk_bytes": size,
        "events_received": run.events_received,
        "events_expected": expected,
        "events_missing": missing,
        "shed": {"chunks": run.shed_chunks, "events": run.shed_events, "bytes": run.shed_bytes},
        "last_event_at": iso(run.last_event_at),
        "last_received_at": iso(run.last_received_at),
    }


def micros(seconds: float | None) -> float | None:
    """Seconds to the microsecond, as the agent prints them."""
    return None if seconds is None else round(seconds, 6)
