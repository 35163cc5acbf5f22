"""Judges failures that are stored once more, by the present rules, and says what moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, and_, bindparam, select, tuple_, update

from localloom_diagnosis import Evidence

from .counting import Counting, lock
from .schema import failures, runs

#: Failures that are read, judged and written at a time: what bounds the memory, and how long the write lock is held.
BATCH = 500
#: Runs named for each move.
EXAMPLES = 3

#: Judges evidence: the columns of `failures` that hold the collector's verdict.
Judge = Callable[[Evidence], Mapping[str, Any]]

#: Columns of the collector's verdict, in which a row can differ from what it would be today.
VERDICT = (
    "category", "confidence", "signature", "summary", "retryable", "candidates", "remedies", "rules_version", "note",
)  # fmt: skip


@dataclass(slots=True)
class Move:
    """Runs whose failure went from one category to another."""

    runs: int = 0
    examples: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Moves:
    """What came of judging again."""

    judged: int = 0
    changed: int = 0
    """Rows of which anything is different, if only the version of the rules."""
    signatures: int = 0
    """Rows that got another signature."""
    broken: list[UUID] = field(default_factory=list)
    """Runs, the first few, whose evidence the rules could not judge: left as they are."""
    unjudged: int = 0
    categories: dict[tuple[str, str], Move] = field(default_factory=dict)
    """By category before and after."""


def reclassify(engine: Engine, judge: Judge, since: datetime | None, *, dry_run: bool) -> Moves:
    """Judge every failure once more, a batch and a transaction at a time.

    A verdict that comes in meanwhile is left alone: it was made by the rules of the collector that took it.
    """
    moves, counting = Moves(), Counting(engine.dialect.name)
    for batch in _batches(engine, since):
        changes = [change for row in batch if (change := _judge(row, judge, moves)) is not None]
        if changes and not dry_run:
            with engine.begin() as connection:
                keys = {(change["machine"], change["run"]) for change in changes}
                # Whoever writes one of these runs holds its row: the counts follow one after the other.
                lock(connection, keys)
                connection.execute(_UPDATE, changes)
                counting.count(connection, keys)
    return moves


def _batches(engine: Engine, since: datetime | None) -> Iterator[list[Row[Any]]]:
    """All failures, in the order of their key: it stays, whatever is written meanwhile."""
    table = failures.c
    query = select(failures).order_by(table.machine_id, table.run_id).limit(BATCH)
    if since is not None:
        same = and_(runs.c.machine_id == table.machine_id, runs.c.run_id == table.run_id)
        query = query.join(runs, same).where(runs.c.started_at >= since)
    after: tuple[UUID, UUID] | None = None
    while True:
        page = query
        if after is not None:
            page = query.where(tuple_(table.machine_id, table.run_id) > tuple_(*after, types=_KEY))
        with engine.connect() as connection:
            rows = list(connection.execute(page))
        if not rows:
            return
        after = (rows[-1].machine_id, rows[-1].run_id)
        yield rows


def _judge(row: Row[Any], judge: Judge, moves: Moves) -> dict[str, Any] | None:
    """The columns to write, or None where nothing would change."""
    moves.judged += 1
    try:
        verdict = judge(Evidence.from_json(row.evidence))
    except Exception:
        # Evidence of a later version, or a rule that breaks: no verdict is better than none we had.
        moves.unjudged += 1
        if len(moves.broken) < EXAMPLES:
            moves.broken.append(row.run_id)
        return None
    if all(verdict[name] == getattr(row, name) for name in VERDICT):
        return None
    moves.changed += 1
    moves.signatures += verdict["signature"] != row.signature
    if verdict["category"] != row.category:
        move = moves.categories.setdefault((row.category, verdict["category"]), Move())
        move.runs += 1
        if len(move.examples) < EXAMPLES:
            move.examples.append(row.run_id)
    return {
        "machine": row.machine_id,
        "run": row.run_id,
        "seq": row.event_seq,
        **{f"new_{n}": verdict[n] for n in VERDICT},
    }


_KEY = [failures.c.machine_id.type, failures.c.run_id.type]
_UPDATE = (
    update(failures)
    .where(
        failures.c.machine_id == bindparam("machine"),
        failures.c.run_id == bindparam("run"),
        failures.c.event_seq == bindparam("seq"),
    )
    .values({name: bindparam(f"new_{name}") for name in VERDICT})
)
