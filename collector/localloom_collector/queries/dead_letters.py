"""Chunks that were refused for good, newest first."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import Connection, func, select

from localloom_collector.storage.schema import dead_letters, machines

from .runs import iso


def list_dead_letters(connection: Connection, limit: int) -> dict[str, Any]:
    """`{"dead_letters": [...], "total": kept, "refused": ever}`; the message is in base64."""
    rows = connection.execute(
        select(dead_letters)
        .order_by(dead_letters.c.received_at.desc(), dead_letters.c.chunk_seq)
        .limit(limit)
    )
    return {
        "dead_letters": [
            {
                "machine_id": str(row.machine_id),
                "run_id": row.run_id,
                "chunk_seq": int(row.chunk_seq),
                "received_at": iso(row.received_at),
                "code": row.code,
                "reason": row.reason,
                "chunk": base64.b64encode(row.chunk).decode(),
            }
            for row in rows
        ],
        "total": connection.scalar(select(func.count()).select_from(dead_letters)) or 0,
        "refused": int(connection.scalar(select(func.coalesce(func.sum(machines.c.refused_chunks), 0))) or 0),
    }
