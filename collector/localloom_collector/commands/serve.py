"""`localloom-collector serve`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import database_option


@click.command(
    short_help="Take the streams of a fleet's agents.",
    epilog="""\b
Examples:
  localloom-collector serve
  localloom-collector serve --port 0 --ready-file /run/localloom/address
  localloom-collector serve --host 0.0.0.0 --insecure --database-url sqlite:////var/lib/localloom/collector.db""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=50051,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option("--insecure", is_flag=True, help="Listen beyond this machine without encryption.")
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the bound address to this file once the server answers.",
)
@database_option
def serve(*, host: str, port: int, insecure: bool, ready_file: Path | None, database_url: str) -> None:
    """Take the streams of a fleet's agents and keep them, until SIGTERM or Ctrl-C."""
    import asyncio

    from localloom_collector.limits import Limits
    from localloom_collector.server import lifecycle
    from localloom_collector.server.address import is_loopback
    from localloom_collector.server.log import log_to_stderr
    from localloom_collector.storage import migrate
    from localloom_collector.storage.engine import open_engine, parse_url, shown
    from localloom_collector.storage.folder import make_default_folder
    from localloom_collector.storage.writer import SqlWriter
    from localloom_collector.version import version

    if not insecure and not is_loopback(host):
        raise click.UsageError(
            f"{host} can be reached from other machines, and streams are not encrypted; "
            "add --insecure if the network is trusted, or listen on 127.0.0.1"
        )
    log_to_stderr()
    url = parse_url(database_url)
    make_default_folder(url)
    engine = open_engine(url, writing=True)
    migrate.upgrade(engine)

    def announce(address: str) -> None:
        click.echo(f"listening on {address}", err=True)
        click.echo(f"keeping runs in {shown(url)}", err=True)

    async def run() -> None:
        # gRPC's server belongs to the loop that it was made on.
        collector = lifecycle.Collector(SqlWriter(engine), Limits(), version())
        await lifecycle.serve(collector, lifecycle.Listen(host, port, ready_file), announce)

    asyncio.run(run())
