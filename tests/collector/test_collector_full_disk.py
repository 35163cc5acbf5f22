"""A disk that is full under the collector: nothing is acked that is not kept, nothing is lost."""

from __future__ import annotations

import contextlib
import shutil

from chunks import passed_run
from collectors import Database
from small_disk import small_disk
from stream_client import STORED, Agent

from localloom.fleet.v1 import collector_pb2
from localloom_collector.storage.writer import SqlWriter


def test_a_full_disk_puts_chunks_off(collectors, empty_file, tmp_path):
    """With no room for a group its chunks are put off, the stream stays; with room again the same chunks are stored."""
    with small_disk(tmp_path / "disk") as disk:
        shutil.copy(empty_file, disk / "collector.db")
        database = Database(disk / "collector.db")
        collector = collectors(SqlWriter(database.engine(writing=True)), retry_s=0.3)
        with Agent(collector.address) as agent:
            assert agent.deliver(*passed_run().chunks) == [STORED] * 4
            with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            late = [chunk for _ in range(40) for chunk in passed_run().chunks]
            answers = agent.deliver(*late)
            put_off = [chunk for chunk, answer in zip(late, answers, strict=True) if answer != STORED]
            assert put_off, "there was room after all"
            assert {agent.nacks[c.run_id, c.chunk_seq][-1].code for c in put_off} == {
                collector_pb2.NACK_CODE_UNAVAILABLE
            }
            (disk / "filler").unlink()
            agent.nacks.clear()
            assert agent.deliver(*put_off) == [STORED] * len(put_off)
        collector.stop()
        assert len(database.rows("event_chunks")) == 4 + len(late)
