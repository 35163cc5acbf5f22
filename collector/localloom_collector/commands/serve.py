"""`localloom-collector serve`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import database_option

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    short_help="Take the streams of a fleet's agents.",
    epilog="""\b
Examples:
  localloom-collector serve
  localloom-collector serve --port 0 --ready-file /run/localloom/address
  localloom-collector serve --host 0.0.0.0 --tls-cert server.pem --tls-key server.key
  localloom-collector serve --host 10.0.0.5 --insecure --database-url sqlite:////var/lib/localloom/collector.db""",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=50051,
    show_default=True,
    help="Port; 0 takes a free one.",
)
@click.option("--tls-cert", type=_FILE, help="The server's certificate with its chain, PEM.")
@click.option("--tls-key", type=_FILE, help="Its key, PEM, without a password.")
@click.option(
    "--client-ca", type=_FILE, help="Clients have to show a certificate of this authority (mutual TLS)."
)
@click.option("--require-token", is_flag=True, help="Ask for tokens on this machine's own addresses too.")
@click.option(
    "--insecure", is_flag=True, help="Listen beyond this machine without encryption, or without tokens."
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the bound address to this file once the server answers.",
)
@database_option
def serve(
    *,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    client_ca: Path | None,
    require_token: bool,
    insecure: bool,
    ready_file: Path | None,
    database_url: str,
) -> None:
    """Take the streams of a fleet's agents and keep them, until SIGTERM or Ctrl-C.

    Beyond this machine streams are encrypted, and agents bring a token (localloom-collector token add); --insecure
    does without.
    """
    import asyncio

    from localloom_collector.limits import Limits
    from localloom_collector.server import lifecycle
    from localloom_collector.server.access import Access
    from localloom_collector.server.address import is_loopback
    from localloom_collector.server.log import log_to_stderr
    from localloom_collector.server.tls import TlsFiles
    from localloom_collector.storage import migrate, tokens
    from localloom_collector.storage.engine import open_engine, parse_url, shown
    from localloom_collector.storage.folder import make_default_folder
    from localloom_collector.storage.writer import SqlWriter
    from localloom_collector.version import version

    if (tls_cert is None) != (tls_key is None) or (client_ca is not None and tls_cert is None):
        raise click.UsageError("--tls-cert and --tls-key go together, and --client-ca goes with them")
    tls = TlsFiles(tls_cert, tls_key, client_ca) if tls_cert and tls_key else None
    exposed = not is_loopback(host)
    if exposed and tls is None and not insecure:
        raise click.UsageError(
            f"{host} can be reached from other machines, and streams are not encrypted; give --tls-cert and "
            "--tls-key, add --insecure if the network is trusted, or listen on 127.0.0.1"
        )
    log_to_stderr()
    url = parse_url(database_url)
    make_default_folder(url)
    engine = open_engine(url, writing=True)
    migrate.upgrade(engine)
    asked = require_token or (exposed and not insecure)
    asking = open_engine(url)  # one for reading: on SQLite the other's transactions wait for the writer
    if asked and not tokens.valid(asking):
        click.echo(
            "note: no token exists yet, so no agent can send; localloom-collector token add makes one",
            err=True,
        )

    def announce(address: str) -> None:
        click.echo(f"listening on {address}", err=True)
        click.echo(f"keeping runs in {shown(url)}", err=True)

    async def run() -> None:
        # gRPC's server belongs to the loop that it was made on.
        access = Access(lambda: tokens.valid(asking)) if asked else None
        collector = lifecycle.Collector(SqlWriter(engine), Limits(), version(), access)
        await lifecycle.serve(collector, lifecycle.Listen(host, port, tls, ready_file), announce)

    asyncio.run(run())
