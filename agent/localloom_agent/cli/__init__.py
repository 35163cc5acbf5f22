"""The command line of the agent. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys

import click

from .explain import explain
from .faults import EXIT_AGENT, AgentFault
from .machine import machine
from .models import models
from .outbox import outbox
from .probe import probe
from .setup import setup

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 click's signature
    if value and not ctx.resilient_parsing:
        from localloom_agent.version import version

        click.echo(f"localloom-agent {version()}")
        ctx.exit()


@click.group(context_settings=CONTEXT)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Find out why a local LLM will not load or run on this machine.

    \b
    Example:
      localloom-agent probe
    """


cli.add_command(probe)
cli.add_command(explain)
cli.add_command(outbox)
cli.add_command(machine)
cli.add_command(models)
cli.add_command(setup)


def main() -> None:
    """Entry point of the console script; exits with the codes that the README lists."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what goes wrong is said by us, once
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")  # we start processes, we do not fork into Python
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a terminal without UTF-8 gets question marks, not a traceback
    try:
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except AgentFault as fault:
        click.echo(f"localloom-agent: {fault}", err=True)
        sys.exit(EXIT_AGENT)
    except BrokenPipeError:
        # The reader went away, as `| head` does; what there was to say has been said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
