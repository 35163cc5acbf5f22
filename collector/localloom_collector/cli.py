"""The command line: `localloom-collector`."""

from __future__ import annotations

import sys

import click

from localloom_collector.commands import (
    correlate,
    database,
    export,
    failures,
    hardware,
    health,
    phases,
    prune,
    reclassify,
    regressions,
    runs,
    serve,
    show,
    signatures,
    tail,
    token,
)
from localloom_collector.faults import CollectorFault

#: Exit code where the collector itself could not do its work.
FAULT = 3


class _Cli(click.Group):
    """Says a foreseen fault in one sentence, in one place."""

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


for _command in (
    serve.serve,
    health.health,
    database.db,
    runs.runs,
    show.show,
    tail.tail,
    failures.failures,
    export.export,
    signatures.signatures,
    hardware.hardware,
    phases.phases,
    correlate.correlate,
    regressions.regressions,
    reclassify.reclassify,
    prune.prune,
    token.token,
):
    main.add_command(_command)
