"""A real PostgreSQL of the tests' own: its server's binaries, a folder, a port on loopback, a user that is not root."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_NUMBERS = itertools.count()

#: Waits until the pipe on its standard input closes, which the death of the process that holds the other end does too, however
#: it died; then stops the server and takes its folder away. Its arguments: the folder, pg_ctl with its data, who to be.
_GUARD = 'read -r _; folder=$1; shift; "$@" stop -m immediate; rm -rf "$folder"'


def binaries() -> Path:
    """The folder of the newest server's programs: Debian keeps them off PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda p: int(re.sub(r"\D", "", p.parts[4]) or 0),
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("these tests start a PostgreSQL server: install the package `postgresql`")
    return (found[-1] if found else Path(str(on_path)).resolve()).parent


class PostgresServer:
    """One server; it can be stopped, killed, and started again on the same port and folder."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.data = self.folder / "data"
        self._bin = binaries()
        # A postmaster refuses to run as root.
        names = {entry.pw_name for entry in pwd.getpwall()}
        # Not by subprocess's own means: those fork, which gRPC's threads in this process do not survive.
        self._as: list[str] = []
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._as = ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
        self._run("initdb", "-D", str(self.data), "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        chosen = {
            "port": str(self.port),
            "listen_addresses": "'127.0.0.1'",
            "unix_socket_directories": f"'{self.folder}'",
            "shared_buffers": "32MB",
            "max_connections": "60",
            "fsync": "off",  # tests kill processes, not machines
            **settings,
        }
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in chosen.items())
        self._guard = self._guarded()
        self.start()

    def _guarded(self) -> subprocess.Popen[bytes]:
        """A process that removes what is left when this one is gone; in a session of its own, out of reach of Ctrl-C."""
        command = [*self._as, str(self._bin / "pg_ctl"), "-D", str(self.data)]
        return subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", str(self.folder), *command], cwd="/", stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _run(self, program: str, *args: str) -> None:
        subprocess.run(
            [*self._as, str(self._bin / program), *args], cwd="/", check=True, capture_output=True, timeout=60,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
        )  # fmt: skip

    def _ctl(self, *args: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), *args)

    def start(self) -> None:
        """Start, and wait until it answers; after a kill its memory is given back only when the last child is gone."""
        for attempt in range(10):
            try:
                self._ctl("start", "-w", "-t", "50")
            except subprocess.CalledProcessError:
                if attempt == 9:
                    raise
                time.sleep(0.5)
            else:
                return

    def stop(self, mode: str = "fast") -> None:
        """Stop in good order ("fast") or as a crash ("immediate")."""
        self._ctl("stop", "-w", "-m", mode)

    def kill(self) -> None:
        """SIGKILL to the postmaster and all of its children."""
        self._signal(signal.SIGKILL)
        time.sleep(0.2)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _signal(self, number: int) -> None:
        """To the postmaster and all of its children."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        listed = ["ps", "-o", "pid=", "--ppid", str(pid)]
        children = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()
        for process in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    @contextlib.contextmanager
    def stopped_backends(self) -> Iterator[None]:
        """It stands still for a while: SIGSTOP, and SIGCONT in the end."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def remove(self) -> None:
        """Stop it for good, and take its folder away."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it was stopped already
            self.stop("immediate")
        self._guard.communicate()  # closes the pipe

    def url(self, name: str) -> str:
        """The URL of a database."""
        return f"postgresql://test@127.0.0.1:{self.port}/{name}"

    def database(self, template: str = "template1") -> str:
        """A new database, a copy of `template`; its URL."""
        import psycopg

        name = f"t{next(_NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return self.url(name)
