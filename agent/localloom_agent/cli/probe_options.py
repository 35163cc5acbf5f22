"""The options of `localloom-agent probe`, and what their values come to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from localloom_agent.engines.interface import DEFAULT_PROMPT
from localloom_agent.engines.registry import ENGINES
from localloom_diagnosis.taxonomy import Phase

from .browser_options import BROWSER_OPTIONS
from .engine_choice import engine_options, interpreter
from .options import collector_option, state_dir_option

Command = TypeVar("Command", bound=Callable[..., Any])


LABELS = "LOCALLOOM_LABELS"
"""The environment's labels for every run of a machine: NAME=VALUE, separated by commas."""


def _labels(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    labels = {}
    lasting = [value.strip() for value in os.environ.get(LABELS, "").split(",") if value.strip()]
    for value in (*lasting, *values):
        name, equals, label = value.partition("=")
        if not equals or not name:
            where = f" (in {LABELS})" if value in lasting else ""
            raise click.BadParameter(f"{value!r}{where} is not NAME=VALUE")
        labels[name] = label
    return labels


def _timeouts(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> dict[Phase | None, float]:
    """Seconds by phase; the key None is for all phases."""
    out: dict[Phase | None, float] = {}
    for value in values:
        name, equals, text = value.rpartition("=")
        try:
            phase, seconds = (Phase(name) if equals else None), float(text)
        except ValueError:
            phases = ", ".join(p.value for p in Phase)
            raise click.BadParameter(f"{value!r} is not SECONDS or PHASE=SECONDS; phases: {phases}") from None
        if not 0 < seconds < 1e7:
            raise click.BadParameter(f"{value!r}: seconds must be more than 0")
        out[phase] = seconds
    return out


OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--engine",
        type=click.Choice(["auto", *ENGINES]),
        default="auto",
        show_default=True,
        help="What loads and runs the model; auto takes mlc where a Python has it, else webllm where a browser and "
        "the web-llm bundle are there, else tvm.",
    ),
    click.option(
        "--python",
        metavar="PATH",
        callback=interpreter,
        help="The Python that has mlc_llm, for the engine mlc.  [default: the first found that has it]",
    ),
    *BROWSER_OPTIONS,
    click.option(
        "--option",
        "engine_options",
        metavar="NAME=VALUE",
        multiple=True,
        callback=engine_options,
        help="An option of the engine, such as context_window=2048 or model_lib=PATH. Repeatable.",
    ),
    click.option(
        "--model",
        default="canary",
        show_default=True,
        help="canary, an id that `localloom-agent models` lists, HF://org/name, a URL, or a folder in MLC format.",
    ),
    click.option("--offline", is_flag=True, help="Fetch nothing: use what is on this machine."),
    click.option(
        "--device",
        default="auto",
        show_default=True,
        help="cpu, cuda, cuda:1, metal, …; in a browser hardware or software; auto takes the best there is.",
    ),
    click.option("--prompt", default=DEFAULT_PROMPT, show_default=True, help="What to ask the model."),
    click.option(
        "--max-tokens",
        type=click.IntRange(1, 100_000),
        default=50,
        show_default=True,
        help="Generate at most this many tokens.",
    ),
    click.option(
        "--temperature",
        type=click.FloatRange(0, 2),
        default=0.0,
        show_default=True,
        help="0 is greedy: only then are the numbers compared with a reference.",
    ),
    click.option(
        "--seed",
        type=int,
        default=0,
        show_default=True,
        help="Seed of the sampling, where the temperature is above 0.",
    ),
    click.option(
        "--timeout",
        "timeouts",
        metavar="[PHASE=]SECONDS",
        multiple=True,
        callback=_timeouts,
        help="End a phase that makes no progress for this long; for one phase or all. Repeatable.",
    ),
    click.option(
        "--differential",
        is_flag=True,
        help="After a failure, make the shortest further probes that tell its causes apart.",
    ),
    collector_option,
    click.option(
        "--label",
        "labels",
        metavar="NAME=VALUE",
        multiple=True,
        callback=_labels,
        help="A label of your own on the run. Repeatable; LOCALLOOM_LABELS holds those of every run, separated by commas.",
    ),
    click.option(
        "--share-text", is_flag=True, help="Let the prompt and the generated text leave the machine."
    ),
    click.option("--json", "as_json", is_flag=True, help="Print the run as one JSON document on stdout."),
    click.option("--plain", is_flag=True, help="One line a step instead of the live view."),
    click.option("--quiet", "-q", is_flag=True, help="Show nothing until the end."),
    click.option(
        "--lang", type=click.Choice(["en", "es"]), help="Language of the diagnosis.  [default: the locale's]"
    ),
    state_dir_option,
    click.option(
        "--cache-dir",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="LOCALLOOM_CACHE_DIR",
        help="Folder of fetched and compiled artifacts.  [default: the user's cache folder]",
    ),
    click.option(
        "--outbox-size",
        type=click.IntRange(1, 100_000),
        default=64,
        show_default=True,
        metavar="MB",
        help="A fuller outbox lets go of detail (progress, samples), oldest first.",
    ),
)
"""In the order of the help."""


def probe_options(command: Command) -> Command:
    """Put all options of the probe on a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
