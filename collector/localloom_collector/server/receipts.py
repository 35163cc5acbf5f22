"""Gathers a stream's acks and nacks into receipts that fit into messages."""

from __future__ import annotations

from collections.abc import Iterator

from localloom.fleet.v1 import collector_pb2
from localloom_collector.ingest.queue import Result
from localloom_collector.ingest.refusal import Refusal
from localloom_collector.storage.rows import Fate

#: Acks and nacks in one receipt, so that a receipt stays far below the smallest message limit in use.
ENTRIES = 1000

DISPOSITIONS = {
    Fate.STORED: collector_pb2.ACK_DISPOSITION_STORED,
    Fate.DUPLICATE: collector_pb2.ACK_DISPOSITION_DUPLICATE,
    Fate.EXPIRED: collector_pb2.ACK_DISPOSITION_EXPIRED,
}


class Receipts:
    """What has been settled and not yet been said."""

    def __init__(self) -> None:
        """Begin with nothing to say."""
        self._receipt = collector_pb2.Receipt()

    def __len__(self) -> int:
        return len(self._receipt.acks) + len(self._receipt.nacks)

    def add(self, chunk: collector_pb2.Chunk, result: Result) -> None:
        """Say what became of a chunk."""
        if isinstance(result, Refusal):
            self._receipt.nacks.add(
                run_id=chunk.run_id, chunk_seq=chunk.chunk_seq, code=result.code, reason=result.reason
            )
            return
        self._receipt.acks.add(
            run_id=chunk.run_id, chunk_seq=chunk.chunk_seq, disposition=DISPOSITIONS[result]
        )

    def take(self) -> Iterator[collector_pb2.StreamChunksResponse]:
        """Everything gathered, as messages; it is gathered no longer."""
        whole, self._receipt = self._receipt, collector_pb2.Receipt()
        for at in range(0, max(len(whole.acks), len(whole.nacks)), ENTRIES):
            yield collector_pb2.StreamChunksResponse(
                receipt=collector_pb2.Receipt(
                    acks=whole.acks[at : at + ENTRIES], nacks=whole.nacks[at : at + ENTRIES]
                )
            )
