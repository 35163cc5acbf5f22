"""Where a server listens: how an address is written, who can reach it, how it is made known."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

from localloom_collector.faults import ListenFault


def address(host: str, port: int) -> str:
    """`host:port`, with brackets around an IPv6 host."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def cannot_listen(host: str, port: int) -> str:
    """The sentence for a port that cannot be had."""
    return (
        f"cannot listen on {address(host, port)}: the port is in use, or the host is not this machine's; "
        "give another --port (0 takes a free one) or --host"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def say_ready(path: Path, bound: str) -> None:
    """Write the bound address to a file so that nobody sees half of it.

    Raises:
        ListenFault: it cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(bound + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise ListenFault(f"cannot write {path}: {error.strerror}; give another --ready-file") from None
