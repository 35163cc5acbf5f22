"""Which engine a probe takes, in which interpreter, and what the engine is told beside the request."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from localloom_agent.engines.interpreters import Search

FALLBACK = "tvm"
"""What `auto` takes where nothing better is installed: it comes with the agent."""


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What `--engine` and `--python` come to on this machine."""

    engine: str
    python: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """For the request."""


def engine_options(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, Any]:
    """`--option NAME=VALUE`: a value that is JSON is what it says, any other is text."""
    options: dict[str, Any] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name or name == "agent":
            raise click.BadParameter(f"{value!r} is not NAME=VALUE")
        try:
            options[name] = json.loads(text)
        except ValueError:
            options[name] = text
    return options


def interpreter(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """`--python`: the path of an interpreter, or its name on PATH."""
    if not value:
        return None
    found = shutil.which(str(Path(value).expanduser()))
    if found is None:
        raise click.BadParameter(f"{value!r} is no program that can be started")
    return found


def choose(engine: str, python: str | None, cache_dir: Path, model: str, *, quiet: bool) -> EngineChoice:
    """The engine to take. Says on standard error why `auto` passes over one.

    Raises:
        click.UsageError: `--python` with an engine that runs in the agent's own interpreter, or a program that is no
            Python.
    """
    if engine not in {"auto", "mlc"}:
        if python is not None:
            raise click.UsageError(
                f"--python is for the engine mlc: {engine} runs in the agent's own interpreter"
            )
        return EngineChoice(engine, sys.executable, _browser_knows(cache_dir) if engine == "webllm" else {})
    found = _search(python)
    chosen = found.chosen
    if engine == "auto" and chosen is None:
        no_browser = _no_browser(cache_dir, model)
        taken = FALLBACK if no_browser else "webllm"
        if not quiet:
            also = f"; webllm was skipped, {no_browser}" if no_browser else ""
            click.echo(f"note: engine {taken}: mlc was skipped, {_why_not(found)}{also}", err=True)
        return EngineChoice(taken, sys.executable, _browser_knows(cache_dir) if taken == "webllm" else {})
    if engine == "auto" and chosen is not None and not quiet:
        click.echo(f"note: engine mlc, in {chosen.path}", err=True)
    from localloom_agent.engines.mlc.models import known_to_the_agent

    # With no mlc-llm anywhere the probe still runs: that it is missing is its finding, in the phase `runtime`.
    known = {**known_to_the_agent(), "looked": found.lines(), "placeholders": found.placeholders()}
    where = chosen.path if chosen is not None else python or sys.executable
    return EngineChoice("mlc", where, {"agent": known})


def _search(python: str | None) -> Search:
    from localloom_agent.engines.interpreters import Search, ask, search

    if python is None:
        return search()
    named = ask(python, "named with --python")
    if named.trouble:
        raise click.UsageError(f"--python {python}: {named.trouble}")
    return Search((named,))


def _browser_knows(cache_dir: Path) -> dict[str, Any]:
    """What the engine webllm is told of this machine."""
    from localloom_agent.engines.webllm import shipped

    return {"agent": {"browser_canary": shipped.canary_folder(cache_dir).is_dir()}}


def _no_browser(cache_dir: Path, model: str) -> str:
    """Why the engine webllm cannot be taken; "" where it can."""
    from localloom_agent.engines.interface import EngineFault
    from localloom_agent.engines.webllm import browsers, bundle, models, shipped

    try:
        if bundle.installed(cache_dir) is None:
            return f"the web-llm bundle is not set up; {bundle.WAY_OUT} fetches it"
        browsers.find()
    except EngineFault as fault:
        return str(fault)
    if model == models.CANARY and not shipped.canary_folder(cache_dir).is_dir():
        return f"the canary for browsers is not on this machine; {shipped.WAY_OUT} takes one in"
    if find_spec("playwright") is None:
        return "the Python package playwright is missing; pip install 'localloom[webllm]'"
    return ""


def _why_not(found: Search) -> str:
    empty = found.placeholders()
    trap = f" ({', '.join(empty)} from PyPI is an empty placeholder)" if empty else ""
    return f"no Python here has mlc_llm{trap}; localloom-agent setup mlc says how to install it"
