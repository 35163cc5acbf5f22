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
        # Without the chunks: a client that reads no answers must not keep their bodies in our memory.
        self._settled: list[tuple[bytes, int, Result]] = []

    def __len__(self) -> int:
        return len(self._settled)

    def add(self, chunk: collector_pb2.Chunk, result: Result) -> None:
        """Say what became of a chunk."""
        self._settled.append((chunk.run_id, chunk.chunk_seq, result))

    def take(self) -> Iterator[collector_pb2.StreamChunksResponse]:
        """Everything gathered, as messages; it is gathered no longer."""
        settled, self._settled = self._settled, []
        for at in range(0, len(settled), ENTRIES):
            message = collector_pb2.StreamChunksResponse()
            message.receipt.SetInParent()
            acks, nacks = message.receipt.acks, message.receipt.nacks
            for run_id, chunk_seq, result in settled[at : at + ENTRIES]:
                if isinstance(result, Refusal):
                    nacks.add(run_id=run_id, chunk_seq=chunk_seq, code=result.code, reason=result.reason)
                else:
                    acks.add(run_id=run_id, chunk_seq=chunk_seq, disposition=DISPOSITIONS[result])
            yield message
