"""The options of `localloom-agent probe` that only the engine webllm understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

HOSTS = ("page", "worker", "service-worker", "extension")
"""Where web-llm can live in a browser; `engines.webllm.settings.Host` has the same, and a test says so."""

NAMES = ("host", "profile", "headed", "url", "extension")

BROWSER_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--host",
        type=click.Choice(HOSTS),
        help="Where web-llm lives in the browser, for the engine webllm.  [default: page]",
    ),
    click.option("--headed", is_flag=True, help="Show the browser's window."),
    click.option(
        "--profile",
        metavar="FOLDER",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Run the browser with this copy of a profile, and keep it.  [default: a new one, removed afterwards]",
    ),
    click.option(
        "--url", metavar="URL", help="Watch your own page load its model, instead of the probe's page."
    ),
    click.option(
        "--extension",
        metavar="FOLDER",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Watch your own unpacked extension load its model.",
    ),
)


def for_the_browser(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were given, as options of the request; empty where none was."""
    given = {name: options[name] for name in NAMES if options[name]}
    return {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}


def check(engine: str, given: Mapping[str, Any]) -> str:
    """The engine that these options ask for: `auto` becomes webllm where any was given.

    Raises:
        click.UsageError: they were given with another engine, or do not go together.
    """
    if given and engine not in {"auto", "webllm"}:
        raise click.UsageError(f"--{next(iter(given))} is for the engine webllm, not for {engine}")
    if "url" in given and "extension" in given:
        raise click.UsageError("--url and --extension do not go together: give one")
    return "webllm" if given else engine
