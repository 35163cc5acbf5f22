"""The outbox's tables, in SQLite's words."""

VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run_id BLOB PRIMARY KEY,
    machine_id BLOB NOT NULL,
    started_unix_nano INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    pid_created REAL NOT NULL,
    phase TEXT NOT NULL DEFAULT 'preflight',
    closed INTEGER NOT NULL DEFAULT 0,
    chunk_seq INTEGER NOT NULL DEFAULT 0,   -- the last one given out
    event_seq INTEGER NOT NULL DEFAULT 0    -- the last one kept
);
CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id BLOB NOT NULL,
    chunk_seq INTEGER NOT NULL,
    detail INTEGER NOT NULL,
    events INTEGER NOT NULL,
    size INTEGER NOT NULL,
    crc32 INTEGER NOT NULL,
    chunk BLOB NOT NULL,
    refused_code TEXT,                      -- set aside by the collector's refusal: never sent again
    refused_reason TEXT,
    UNIQUE (run_id, chunk_seq)
);
CREATE INDEX IF NOT EXISTS chunks_pending ON chunks (id) WHERE refused_code IS NULL;
CREATE INDEX IF NOT EXISTS chunks_detail ON chunks (id) WHERE refused_code IS NULL AND detail = 1;
CREATE TABLE IF NOT EXISTS shed (
    run_id BLOB PRIMARY KEY,
    first_chunk_seq INTEGER NOT NULL,
    last_chunk_seq INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    events INTEGER NOT NULL,
    bytes INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);
"""
