"""`localloom-agent setup`: what an engine needs beside the agent; of mlc-llm says, and on request does, what installs it."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .faults import AgentFault
from .setup_webllm import webllm

if TYPE_CHECKING:
    from localloom_agent.engines.mlc_wheels import Variant

_VARIANT = re.compile(r"cpu|cu\d{3}|rocm\d{2}")

WHY_APART = (
    "It is no extra of localloom: PyPI has only empty placeholders of its name, and its wheels bring a tvm of their "
    "own, which would replace the agent's. So it gets an environment of its own; this one is not touched."
)


def _variant(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _VARIANT.fullmatch(value):
        raise click.BadParameter(
            f"{value!r} is no variant; there are cpu, cu128, cu130, rocm61, rocm62 and their like"
        )
    return value


@click.group()
def setup() -> None:
    """Install what an engine needs beside the agent.

    \b
    Examples:
      localloom-agent setup mlc
      localloom-agent setup webllm
    """


setup.add_command(webllm)


@setup.command()
@click.option(
    "--variant",
    metavar="NAME",
    callback=_variant,
    help="cpu (with Metal on macOS, Vulkan elsewhere), cu128, cu130, rocm61, rocm62, …  [default: what fits this machine]",
)
@click.option("--run", is_flag=True, help="Do it, instead of saying how.")
def mlc(variant: str | None, *, run: bool) -> None:
    """Say, and with --run do, what installs mlc-llm for the engine mlc.

    It goes into a virtual environment in the user's data folder, where `probe --engine mlc` finds it.
    Exit code 3 where it cannot be installed.

    \b
    Examples:
      localloom-agent setup mlc
      localloom-agent setup mlc --run
      localloom-agent setup mlc --variant cpu --run
    """
    from localloom_agent.engines.interpreters import environment_folder
    from localloom_agent.engines.mlc_wheels import Variant, commands, fitting

    if variant is None:
        from localloom_agent.machine import profile

        chosen = fitting(profile())
    else:
        chosen = Variant(variant, "as asked for")
    folder = environment_folder()
    steps = commands(chosen.name, folder, sys.executable)
    click.echo(f"mlc-llm for this machine: variant {chosen.name} ({chosen.because}).", err=True)
    if not run:
        click.echo(f"{WHY_APART}\nRun this, or let `localloom-agent setup mlc --run` do it:", err=True)
        for step in steps:
            click.echo(shlex.join(step))
        return
    _install(chosen, folder, steps)


def _install(chosen: Variant, folder: Path, steps: list[list[str]]) -> None:
    from localloom_agent.engines.interpreters import ask, python_in
    from localloom_agent.engines.mlc_wheels import InstallError, execute

    ours, watched = not folder.exists(), sys.stderr.isatty()

    def say(line: str) -> None:
        if watched:
            click.echo(line, err=True)

    trouble = ""
    try:
        for step in steps:
            say(f"$ {shlex.join(step)}")
            execute(step, say)
        found = ask(str(python_in(folder)), "made by localloom-agent setup mlc")
        if not found.usable:
            trouble = (
                found.trouble
                or "pip ended well, but there is no package mlc_llm; remove the folder and try again"
            )
    except InstallError as error:
        trouble = str(error)
    if trouble:
        if ours:
            shutil.rmtree(folder, ignore_errors=True)  # half an environment helps nobody
        raise AgentFault(f"mlc-llm ({chosen.name}) could not be installed: {trouble}")
    click.echo(f"mlc-llm is installed in {folder}; localloom-agent probe --engine mlc finds it there.")
