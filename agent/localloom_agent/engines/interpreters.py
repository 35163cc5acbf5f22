"""Finds the Python interpreter that has mlc-llm: the one named, or the first that says so.

Runs in the agent; the interpreters are asked, never imported from, and none of them imports mlc-llm to answer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .mlc import presence as answers

ASK_S = 10.0
"""An interpreter answers in a tenth of a second; a broken one may never."""

OLDEST = (3, 10)
"""The child process needs this Python."""

_SPAWN_ERRORS = (OSError, subprocess.SubprocessError)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that was asked."""

    path: str
    found_as: str
    """Why it was asked, for a person: "this one", "python3 on PATH", …"""
    python: str = ""
    """Its version, or "" where it did not answer."""
    mlc_llm: bool = False
    """Whether it has the package."""
    placeholders: tuple[str, ...] = ()
    """Empty packages of mlc-llm's names that it has instead, with their versions."""
    trouble: str = ""
    """Why it cannot be used, whatever it has."""

    @property
    def usable(self) -> bool:
        """Whether the mlc engine can run in it."""
        return self.mlc_llm and not self.trouble

    def line(self) -> str:
        """One line for a person."""
        what = self.trouble or (f"Python {self.python}" + (", has mlc_llm" if self.mlc_llm else ""))
        return f"{self.path} ({self.found_as}: {what})"


@dataclass(frozen=True, slots=True)
class Search:
    """What a search for mlc-llm found."""

    looked: tuple[Interpreter, ...]
    """In the order in which they are preferred."""

    @property
    def chosen(self) -> Interpreter | None:
        """The first that can be used."""
        return next((one for one in self.looked if one.usable), None)

    def lines(self) -> list[str]:
        """Where was looked, for a person."""
        return [one.line() for one in self.looked]

    def placeholders(self) -> list[str]:
        """The empty packages that any of them has."""
        return list(dict.fromkeys(name for one in self.looked for name in one.placeholders))


def search() -> Search:
    """Ask this interpreter, and if it has no mlc-llm all others that are likely to have it. Blocks for ASK_S at most."""
    this = _judge(sys.executable, "this one", answers.presence())
    if this.usable:
        return Search((this,))
    others = list(_candidates())
    with ThreadPoolExecutor(max(1, len(others))) as pool:
        asked = list(pool.map(lambda one: ask(*one), others))
    return Search((this, *asked))


def ask(path: str, found_as: str) -> Interpreter:
    """What the interpreter at `path` has. Blocks for ASK_S at most."""
    try:
        done = subprocess.run(
            [path, "-X", "utf8", str(Path(answers.__file__))],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=foreign_environment(os.environ),
            timeout=ASK_S,
            check=False,
        )
        answer = json.loads(done.stdout.decode("utf-8", "replace") or "null")
    except subprocess.TimeoutExpired:
        return Interpreter(path, found_as, trouble=f"no answer within {ASK_S:.0f} s")
    except (*_SPAWN_ERRORS, ValueError) as error:
        return Interpreter(
            path, found_as, trouble=str(error).splitlines()[0][:200] if str(error) else "no answer"
        )
    if not isinstance(answer, dict) or "python" not in answer:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return Interpreter(
            path, found_as, trouble=f"is no Python that answers{f': {last[-1][:200]}' if last else ''}"
        )
    return _judge(path, found_as, answer)


def foreign_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for another interpreter: without what tells one where its own library is."""
    return {
        name: value
        for name, value in environment.items()
        if name not in {"PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"}
    }


def is_this_one(path: str) -> bool:
    """Whether `path` is the interpreter that runs now. Links are not followed: a virtual environment is one."""
    return os.path.normcase(os.path.abspath(path)) == os.path.normcase(os.path.abspath(sys.executable))  # noqa: PTH100


def environment_folder() -> Path:
    """Where `localloom-agent setup mlc` makes mlc-llm's own environment."""
    import platformdirs

    return Path(platformdirs.user_data_dir("localloom", appauthor=False)) / "mlc-llm"


def python_in(folder: Path) -> Path:
    """The interpreter of the environment in `folder`, whether it is there or not."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def _candidates() -> Iterator[tuple[str, str]]:
    """Interpreters to ask after this one, each once, with why."""
    seen = {os.path.normcase(sys.executable)}
    for path, found_as in _places():
        key = os.path.normcase(os.path.abspath(path))  # noqa: PTH100
        if key not in seen and Path(path).exists():
            seen.add(key)
            yield path, found_as


def _places() -> Iterator[tuple[str, str]]:
    for name in ("python3", "python"):
        found = shutil.which(name)
        if found:
            yield found, f"{name} on PATH"
            break
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        folder = os.environ.get(variable)
        if folder:
            inside = python_in(Path(folder))
            # A conda environment on Windows has its interpreter at the top.
            yield str(inside if inside.exists() else Path(folder) / "python.exe"), f"${variable}"
    yield str(python_in(environment_folder())), "made by localloom-agent setup mlc"


def _judge(path: str, found_as: str, answer: Mapping[str, object]) -> Interpreter:
    version = str(answer["python"])
    empty = answer.get("placeholders")
    too_old = tuple(int(part) for part in version.split(".")[:2]) < OLDEST
    return Interpreter(
        path=path,
        found_as=found_as,
        python=version,
        mlc_llm=bool(answer.get("mlc_llm")),
        placeholders=tuple(str(name) for name in empty) if isinstance(empty, list) else (),
        trouble=f"Python {version} is too old: the engine needs 3.10 or newer" if too_old else "",
    )
