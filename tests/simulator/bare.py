"""PostgreSQL's tables without their indexes and foreign keys for a while: rows come in several times as fast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine, text

#: Of the tables' own and of others that refer to them; a partition's go with its parent's.
_CONSTRAINTS = """
SELECT conrelid::regclass::text AS of_table, conname AS name, contype::text AS kind, pg_get_constraintdef(oid) AS words
FROM pg_constraint
WHERE contype IN ('p', 'u', 'f') AND conparentid = 0
  AND (conrelid::regclass::text = ANY(:tables) OR contype = 'f' AND confrelid::regclass::text = ANY(:tables))
ORDER BY contype = 'f', conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS words
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid::regclass::text = ANY(:tables) AND NOT relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""


@contextmanager
def bare(engine: Engine, tables: Sequence[str]) -> Iterator[None]:
    """Take indexes and keys away; afterwards make them again, by which foreign keys are checked over all rows.

    What breaks off in between leaves a database without them: throw it away.
    """
    with engine.begin() as connection:
        constraints = connection.execute(text(_CONSTRAINTS), {"tables": list(tables)}).all()
        indexes = connection.execute(text(_INDEXES), {"tables": list(tables)}).all()
        for constraint in reversed(constraints):
            connection.execute(text(f'ALTER TABLE {constraint.of_table} DROP CONSTRAINT "{constraint.name}"'))
        for index in indexes:
            connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL maintenance_work_mem TO '512MB'"))
        made = [
            (c.kind, f'ALTER TABLE {c.of_table} ADD CONSTRAINT "{c.name}" {c.words}') for c in constraints
        ]
        keys = [words for kind, words in made if kind != "f"]
        foreign = [words for kind, words in made if kind == "f"]
        for words in (*keys, *(index.words for index in indexes), *foreign):
            connection.execute(text(words))
