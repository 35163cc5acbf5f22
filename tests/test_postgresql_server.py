"""The tests' own PostgreSQL goes with the process that started it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

_HOLDER = """
import time
from postgresql_server import PostgresServer
server = PostgresServer()
print(server.port, server.folder, flush=True)
time.sleep(600)
"""


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    """After kill -9 of whoever started a server, it stops answering and its folder is gone."""
    tests = str(Path(__file__).parent)
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER], cwd=tests, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    port, folder = holder.stdout.readline().split()
    socket.create_connection(("127.0.0.1", int(port)), timeout=10).close()
    holder.kill()
    holder.communicate()
    deadline = time.monotonic() + 60
    while Path(folder).exists():
        assert time.monotonic() < deadline, "its folder is still there"
        time.sleep(0.05)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(port))) != 0
