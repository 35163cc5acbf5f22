"""Entry point of the probed process: one job in JSON on standard input, frames on standard output.

Whatever the engine itself prints to standard output goes to standard error, so that nothing mixes with the frames.
"""

from __future__ import annotations

import sys

# `python -m` puts the folder it was started in before everything else: a `tvm` or a `json.py` that happens to lie
# there is not what the probe is about. PYTHONPATH is: it stays.
if not getattr(sys.flags, "safe_path", False):
    sys.path.pop(0)

import ctypes
import faulthandler
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

from localloom_agent.child.observer import PipeObserver
from localloom_agent.engines.interface import ProbeRequest

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Run the job; never returns: threads that an engine left behind must not keep the process."""
    report_fd = os.dup(1)
    os.dup2(2, 1)
    _die_with(os.getppid())
    job = json.loads(sys.stdin.buffer.readline())
    _arm_faulthandler(job.get("trace_file", ""))
    observer = PipeObserver(report_fd)
    threading.Thread(target=_watch_stdin, name="localloom-stdin", daemon=True).start()
    threading.excepthook = lambda args: (
        observer.errors(args.exc_value, "thread") if args.exc_value is not None else None
    )
    code = 0
    try:
        observer.send("hello", pid=os.getpid(), python=sys.version.split()[0], executable=sys.executable)
        _run(job, observer)
        observer.send("done", status="passed")
    except BaseException as error:
        observer.errors(error)
        observer.send("done", status="failed")
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            code = code or 1
    os._exit(code)


def _run(job: dict[str, Any], observer: PipeObserver) -> None:
    if job["kind"] == "machine":
        from localloom_agent.child.preflight import look

        look(job, observer)
        return
    from localloom_agent.engines.registry import make

    request = ProbeRequest.from_json(job["request"])
    make(request.engine).probe(request, observer)


def _die_with(parent: int) -> None:
    """On Linux, ask the kernel to end this process when its supervisor dies, however that dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died in between
            os._exit(70)


def _watch_stdin() -> None:
    """The supervisor holds the other end open for as long as it lives; on every system, its end is ours."""
    while sys.stdin.buffer.readline():
        pass
    os._exit(70)


def _arm_faulthandler(path: str) -> None:
    """Write the stacks of all threads to `path` on a fatal signal, and on SIGUSR1 where the system has it."""
    if not path:
        return
    trace = Path(path).open("w", encoding="utf-8")  # noqa: SIM115 stays open until the process ends
    faulthandler.enable(file=trace, all_threads=True)
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, file=trace, all_threads=True)


if __name__ == "__main__":
    main()
