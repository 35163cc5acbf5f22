"""Engines that fail on demand, in the child process: a test-only plug-in, never installed.

What to do, and when, is in LOCALLOOM_TEST_FAULT: `FAULT@PHASE`, for example `segv@load`. The fault happens when the
first span of that phase opens.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from localloom_agent.engines.interface import Engine, EngineFault, GenerationReport, NumericCheck
from localloom_diagnosis.taxonomy import Category, Phase


def _plan():
    fault, _, phase = os.environ.get("LOCALLOOM_TEST_FAULT", "").partition("@")
    return fault, phase


def _raise():
    try:
        raise ConnectionResetError(104, "Connection reset by peer")
    except OSError as error:
        raise RuntimeError("could not load the model") from error


def _old_driver():
    raise RuntimeError("CUDA error: CUDA driver version is insufficient for CUDA runtime version")


def _thread():
    def fail():
        raise ValueError("Cannot find parameter in cache: lm_head.weight")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    time.sleep(3600)


def _spin():
    while True:
        pass


def _eat():
    """Take memory until somebody objects."""
    kept = []
    while True:
        kept.append(bytearray(16_000_000))
        kept[-1][::4096] = b"x" * len(kept[-1][::4096])


def _fill():
    """Fill the disk that LOCALLOOM_TEST_DISK names."""
    with (Path(os.environ["LOCALLOOM_TEST_DISK"]) / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def _little_address_space():
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + 4_000_000, resource.RLIM_INFINITY))
    time.sleep(1.5)  # a real limit stands from the start: the supervisor has long seen it


def _overwrite(pattern, count):
    """Change the first shard of the model folder under probe: after its verification, if the phase is `load`."""
    shard = Path(os.environ["LOCALLOOM_TEST_MODEL"]) / "params_shard_0.bin"
    with shard.open("r+b") as file:
        file.seek(shard.stat().st_size // 2)
        file.write(pattern * (count // len(pattern)))


def _orphan():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    time.sleep(3600)


FAULTS = {
    "raise": _raise,
    "old-driver": _old_driver,
    "thread": _thread,
    "spin": _spin,
    "orphan": _orphan,
    "eat": _eat,
    "fill": _fill,
    "little": _little_address_space,
    "zero": lambda: _overwrite(b"\0", 16384),
    "nan": lambda: _overwrite(b"\x00\x7e", 16384),
    "hang": lambda: time.sleep(3600),
    "segv": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "ill": lambda: os.kill(os.getpid(), signal.SIGILL),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exit0": lambda: os._exit(0),
    "exit3": lambda: os._exit(3),
    "stderr": lambda: print("last words", "x" * 100, file=sys.stderr, flush=True) or os._exit(9),
    "fault": lambda: (_ for _ in ()).throw(
        EngineFault(Category.ARTIFACT_CORRUPT, "shard 0 is cut", {"artifact.file": "params_shard_0.bin"})
    ),
}


def _wait_for_the_network(observer):
    with observer.pending("GET", "https://hub.example/org/name/params_shard_0.bin"):
        time.sleep(3600)


class _Faulting:
    """An observer that lets the fault happen when its phase begins, and passes all else on."""

    def __init__(self, observer):
        self._observer = observer
        self._fault, self._phase = _plan()

    def __getattr__(self, name):
        return getattr(self._observer, name)

    @contextlib.contextmanager
    def span(self, phase, name, **attributes):
        with self._observer.span(phase, name, **attributes) as span:
            if phase.value == self._phase:
                self._phase = ""  # once
                if self._fault == "pending":
                    _wait_for_the_network(self._observer)
                FAULTS[self._fault]()
            yield span


class ScriptedEngine(Engine):
    """Goes through all phases at once, without a runtime: for tests of everything around an engine."""

    name = "scripted"

    def probe(self, request, observer):
        observer = _Faulting(observer)
        steps = int(request.options.get("steps", os.environ.get("LOCALLOOM_TEST_STEPS", "3")))
        pause = float(os.environ.get("LOCALLOOM_TEST_PAUSE", "0"))
        with observer.span(Phase.RUNTIME, "start"):
            observer.engine(name="scripted", version="1", device="cpu")
        with observer.span(Phase.RESOLVE, "find model"):
            observer.model(id="scripted-model", source="test", bytes=1000)
        observer.skip(Phase.METADATA, "nothing to fetch")
        for phase in (Phase.WEIGHTS, Phase.COMPILE, Phase.LOAD):
            with observer.span(phase, f"do {phase.value}") as span:
                for step in range(1, steps + 1):
                    time.sleep(pause)
                    observer.progress(phase, step, steps, "steps")
                span.set(steps=steps)
        with observer.span(Phase.GENERATE, "generate"):
            for token in range(1, steps + 1):
                time.sleep(pause)
                observer.progress(Phase.GENERATE, token, steps, "tokens", text=f"t{token} ")
            observer.generation(
                GenerationReport(
                    text="t1 t2 t3",
                    prompt_tokens=4,
                    completion_tokens=steps,
                    ttft_s=0.01,
                    tokens_per_s=100.0,
                    prefill_tokens_per_s=400.0,
                    finish_reason="stop",
                    numeric_check=NumericCheck("passed", agreement=1.0, min_margin=5.0),
                    token_ids=[1, 2, 3],
                )
            )


class FaultyTvmEngine(Engine):
    """The real engine, with the fault in one of its phases."""

    name = "tvm"

    def probe(self, request, observer):
        from localloom_agent.engines.tvm import TvmEngine

        TvmEngine().probe(request, _Faulting(observer))
