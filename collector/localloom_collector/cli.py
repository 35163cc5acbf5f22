"""The command line: `localloom-collector`."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from localloom_collector.faults import CollectorFault

#: Objects between two looks of the collector of cycles, in a command that is over soon: the rows of a report are no
#: cycles, and to look through them again and again takes a tenth of it, of those with many rows a third.
_OBJECTS = 100_000

#: Commands that stay: they keep Python's own threshold.
_STAYING = ("serve", "tail")

#: Exit code where the collector itself could not do its work.
FAULT = 3


#: The commands, in the order in which help lists them, and the modules of `commands` that they are in.
COMMANDS = {
    "serve": "serve",
    "health": "health",
    "db": "database",
    "runs": "runs",
    "show": "show",
    "tail": "tail",
    "failures": "failures",
    "export": "export",
    "signatures": "signatures",
    "hardware": "hardware",
    "phases": "phases",
    "correlate": "correlate",
    "regressions": "regressions",
    "reclassify": "reclassify",
    "prune": "prune",
    "token": "token",
}


class _Cli(click.Group):
    """Loads a command when it is asked for; says a foreseen fault in one sentence, in one place."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        # All of them for a name that is none: click then says which one was meant.
        for name in (cmd_name,) if cmd_name in COMMANDS else COMMANDS:
            if name not in self.commands:
                module = import_module(f"localloom_collector.commands.{COMMANDS[name]}")
                self.add_command(getattr(module, name), name)
        if cmd_name not in _STAYING:
            gc.set_threshold(_OBJECTS)
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CollectorFault as fault:
            click.echo(f"error: {fault}", err=True)
            sys.exit(FAULT)


def _print_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's call
    if asked and not ctx.resilient_parsing:
        from localloom_collector.version import version

        click.echo(f"localloom-collector {version()}")
        ctx.exit()


@click.group(
    cls=_Cli,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  localloom-collector serve
  localloom-collector failures --by category,hw.gpu.model --since 7d
  localloom-collector show 019aa1b2-c3d4-7e
\b
Exit codes: 0 done, 1 no such run, 2 wrong usage, 3 the collector could not do its work.""",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version.",
)
def main() -> None:
    """Keep what a fleet's agents send, and say which failures cluster on which hardware."""
