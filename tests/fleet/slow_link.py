"""Holds back the packets of a netfilter queue: the slow link of a kernel without `tc netem`.

usage: slow_link.py QUEUE DELAY_S JITTER_S; packets come to the queue by iptables' target NFQUEUE.
Speaks nfnetlink_queue, as linux/netfilter/nfnetlink_queue.h has it.
"""

from __future__ import annotations

import collections
import random
import select
import socket
import struct
import sys
import time
from collections.abc import Iterator

NETLINK_NETFILTER = 12
SUBSYSTEM = 3 << 8
PACKET, VERDICT, CONFIG = SUBSYSTEM | 0, SUBSYSTEM | 1, SUBSYSTEM | 2
REQUEST = 1
CONFIG_COMMAND, CONFIG_PARAMETERS = 1, 2
BIND, COPY_HEADERS = 1, 1
PACKET_HEADER, VERDICT_HEADER = 1, 2
ACCEPT = 1
HEADER_BYTES = 20  # nlmsghdr and nfgenmsg


def attribute(kind: int, value: bytes) -> bytes:
    """A netlink attribute, padded to four bytes."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def message(kind: int, queue: int, attributes: bytes) -> bytes:
    """A message to the queue's end in the kernel."""
    generic = struct.pack("!BBH", socket.AF_UNSPEC, 0, queue)
    return struct.pack("=IHHII", HEADER_BYTES + len(attributes), kind, REQUEST, 0, 0) + generic + attributes


def packets(data: bytes) -> Iterator[int]:
    """The ids of the packets that a datagram from the kernel tells of."""
    start = 0
    while start + HEADER_BYTES <= len(data):
        length, kind = struct.unpack_from("=IH", data, start)
        at, end = start + HEADER_BYTES, start + length
        while kind == PACKET and at + 8 <= end:
            size, name = struct.unpack_from("=HH", data, at)
            if name & 0x3FFF == PACKET_HEADER:
                yield struct.unpack_from("!I", data, at + 4)[0]
            at += max(4, size + -size % 4)
        start += max(HEADER_BYTES, length + -length % 4)


def main() -> None:
    """Let each packet go after the delay, in the order they came."""
    queue, delay_s, jitter_s = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    kernel.bind((0, 0))
    kernel.send(message(CONFIG, queue, attribute(CONFIG_COMMAND, struct.pack("!BBH", BIND, 0, 0))))
    kernel.send(message(CONFIG, queue, attribute(CONFIG_PARAMETERS, struct.pack("!IB", 0, COPY_HEADERS))))
    print("holding packets back", flush=True)
    held: collections.deque[tuple[float, int]] = collections.deque()
    while True:
        now = time.monotonic()
        while held and held[0][0] <= now:
            verdict = struct.pack("!II", ACCEPT, held.popleft()[1])
            kernel.send(message(VERDICT, queue, attribute(VERDICT_HEADER, verdict)))
        pause = max(0.0, held[0][0] - now) if held else None
        if select.select([kernel], [], [], pause)[0]:
            due = time.monotonic() + delay_s + random.uniform(-jitter_s, jitter_s)
            held.extend(
                (max(due, held[-1][0] if held else 0.0), packet) for packet in packets(kernel.recv(65536))
            )


if __name__ == "__main__":
    main()
