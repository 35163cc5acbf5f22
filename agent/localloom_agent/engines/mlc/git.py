"""Asks git for the words that mlc-llm threw away when a clone failed."""

from __future__ import annotations

import os
import subprocess

ASK_S = 10.0
_SPAWN_ERRORS = (OSError, subprocess.SubprocessError)


class GitFailed(RuntimeError):
    """Git could not reach a repository; the text is its own."""


def words(url: str) -> str:
    """What git says when it is asked for the head of `url`, without prompting anybody; "" where it succeeds.

    Blocks for ASK_S at most.
    """
    try:
        done = subprocess.run(
            ["git", "ls-remote", url, "HEAD"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "LC_ALL": "C"},
            timeout=ASK_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {ASK_S:.0f} s: the connection timed out"
    except _SPAWN_ERRORS as error:
        return str(error)
    return done.stderr.decode("utf-8", "replace").strip()[-1000:] if done.returncode else ""
