"""Runs a serving process: on uvloop's event loop where it is installed, and with fair turns for the writer's thread."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Coroutine

#: Seconds that a thread may keep the interpreter while another waits for it. The writer asks for it after every word
#: from the database, some hundred times a group: at Python's 5 ms a busy loop would keep it waiting for seconds.
SWITCH_S = 0.001

#: Objects that are made before young ones are looked at for cycles; Python's 700 come with every few dozen chunks.
GARBAGE = 20_000


def run(serving: Coroutine[object, object, None]) -> None:
    """Run to the end, as `asyncio.run` does. Windows has no uvloop: there it is asyncio's own loop."""
    sys.setswitchinterval(SWITCH_S)
    # What is imported by now stays; and what waits for the writer is no rubbish, however often one looks.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 10, 10)
    try:
        import uvloop
    except ImportError:
        asyncio.run(serving)
    else:
        uvloop.run(serving)
