"""What this stand-in is asked to do wrong: LOCALLOOM_STANDIN is `WORD` or `WORD=SECONDS`, several joined by commas."""

import os
import sys


def _asked():
    parts = (part.partition("=") for part in os.environ.get("LOCALLOOM_STANDIN", "").split(",") if part)
    return {name: value for name, _, value in parts}


def wants(word):
    """Whether the test asked for it."""
    return word in _asked()


def seconds(word, default):
    """How long something takes."""
    return float(_asked().get(word) or default)


def abort(words):
    """Die as native code does."""
    print(words, file=sys.stderr, flush=True)
    os.abort()
