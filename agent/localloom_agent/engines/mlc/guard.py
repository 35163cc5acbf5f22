"""Keeps calls into mlc-llm from waiting for ever: they run in a daemon thread, and the death of another one ends them.

MLCEngine's threads die without a word to whoever waits for them: the constructor, or the stream of an answer, then
blocks inside C++ for good, and the error reaches only `threading.excepthook`.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

Result = TypeVar("Result")

GRACE_S = 0.5
"""How long a call whose thread has died may take to say something itself."""
LOOK_S = 1.0
"""How often to look whether the engine's threads still live: native code can end one without an exception."""


class NeverReturns(RuntimeError):
    """The engine's background thread is gone; what waited for it would wait for ever."""

    def __init__(self, error: BaseException | None, waiting: str) -> None:
        """Keep the thread's own error, where there was one."""
        how = f"ended with {type(error).__name__}: {error}" if error is not None else "ended without an error"
        super().__init__(f"{waiting} would wait for ever: a background thread of mlc-llm {how}")
        self.error = error


@dataclass(frozen=True, slots=True)
class _Said:
    """What a thread said: an item of a stream, a call's end, its error, or the death of another thread."""

    kind: str
    """item | done | raised | died."""
    value: Any = None


class Guard:
    """Makes calls that may block for ever; while it listens, it hears of every error that ends a thread."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._deaths: list[BaseException] = []
        self._listener: queue.SimpleQueue[_Said] | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the hook over, and give it back; the one before still hears of every error, and first."""
        self._before = threading.excepthook
        threading.excepthook = self._take
        try:
            yield
        finally:
            threading.excepthook = self._before

    def _take(self, args: Any) -> None:
        self._before(args)
        # mlc-llm's own threads are plain ones. Those of a class of its own, a progress bar's, may die without harm.
        if args.exc_value is None or (args.thread is not None and type(args.thread) is not threading.Thread):
            return
        self._deaths.append(args.exc_value)
        listener = self._listener
        if listener is not None:
            listener.put(_Said("died", args.exc_value))

    def call(self, work: Callable[[], Result], waiting: str) -> Result:
        """The result of `work`, which runs in a daemon thread. Waits as long as the engine's threads live.

        Args:
            work: the call.
            waiting: what it is, for the error's sentence.

        Raises:
            NeverReturns: a thread of the engine died, and the call said nothing.
            BaseException: what `work` itself raised, SystemExit too.
        """
        for said in self._listen(lambda put: put(_Said("done", work())), waiting, lambda: True):
            result: Result = said.value
            return result
        raise AssertionError("a call ends in a result or an error")

    def stream(
        self, items: Callable[[], Iterable[Any]], waiting: str, alive: Callable[[], bool]
    ) -> Iterator[Any]:
        """The items of an iterable that may block for ever; `alive` says whether the engine's threads live.

        Raises:
            NeverReturns: a thread of the engine died, and nothing came for GRACE_S.
            BaseException: what the iterable raised.
        """

        def feed(put: Callable[[_Said], None]) -> None:
            for item in items():
                put(_Said("item", item))
            put(_Said("done"))

        for said in self._listen(feed, waiting, alive):
            if said.kind == "done":
                return
            yield said.value

    def _listen(
        self, work: Callable[[Callable[[_Said], None]], None], waiting: str, alive: Callable[[], bool]
    ) -> Iterator[_Said]:
        said: queue.SimpleQueue[_Said] = queue.SimpleQueue()
        self._listener = said
        for error in self._deaths:  # it may have died between two calls
            said.put(_Said("died", error))

        def run() -> None:
            try:
                work(said.put)
            except BaseException as error:
                said.put(_Said("raised", error))

        threading.Thread(target=run, name="localloom-mlc", daemon=True).start()
        died: NeverReturns | None = None
        while True:
            try:
                word = said.get(timeout=GRACE_S if died else LOOK_S)
            except queue.Empty:
                if died is not None:
                    raise died from None
                if not alive():
                    died = NeverReturns(None, waiting)
                continue
            if word.kind == "died":
                died = died or NeverReturns(word.value, waiting)
            elif word.kind == "raised":
                raise word.value
            else:
                yield word


def quietly(work: Callable[[], object], limit_s: float) -> bool:
    """Run `work` in a daemon thread for at most `limit_s`; whether it ended. Its errors are of no interest."""
    done = threading.Event()

    def run() -> None:
        with contextlib.suppress(BaseException):  # the run is over, and its result is known
            work()
        done.set()

    threading.Thread(target=run, name="localloom-mlc-end", daemon=True).start()
    return done.wait(limit_s)
