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
  localloom-collector serve --workers 4 --database-url postgresql://collector@db.example/localloom
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
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes on the port, each with a writer (PostgreSQL only).",
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
    workers: int,
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
    from localloom_collector.server import event_loop, serving
    from localloom_collector.server.address import is_loopback
    from localloom_collector.server.lifecycle import Listen
    from localloom_collector.server.log import log_to_stderr
    from localloom_collector.server.tls import TlsFiles
    from localloom_collector.server.workers import Workers
    from localloom_collector.storage import migrate, tokens
    from localloom_collector.storage.engine import open_engine, parse_url, shown
    from localloom_collector.storage.folder import make_default_folder

    if (tls_cert is None) != (tls_key is None) or (client_ca is not None and tls_cert is None):
        raise click.UsageError("--tls-cert and --tls-key go together, and --client-ca goes with them")
    tls = TlsFiles(tls_cert, tls_key, client_ca) if tls_cert and tls_key else None
    exposed = not is_loopback(host)
    if exposed and tls is None and not insecure:
        raise click.UsageError(
            f"{host} can be reached from other machines, and streams are not encrypted; give --tls-cert and "
            "--tls-key, add --insecure if the network is trusted, or listen on 127.0.0.1"
        )
    url = parse_url(database_url)
    if workers > 1 and url.get_backend_name() != "postgresql":
        raise click.UsageError(
            "SQLite has room for one writer: --workers needs PostgreSQL; give a postgresql:// URL, or leave "
            "--workers out"
        )
    log_to_stderr()
    make_default_folder(url)
    engine = open_engine(url, writing=True)
    migrate.upgrade(engine)
    asked = require_token or (exposed and not insecure)
    if asked and not tokens.valid(engine):
        click.echo(
            "note: no token exists yet, so no agent can send; localloom-collector token add makes one",
            err=True,
        )
    engine.dispose()

    def announce(address: str) -> None:
        click.echo(f"listening on {address}" + (f", {workers} workers" if workers > 1 else ""), err=True)
        click.echo(f"keeping runs in {shown(url)}", err=True)

    job = serving.Serving(database_url, Listen(host, port, tls, ready_file), asked, Limits())
    if workers > 1:
        asyncio.run(Workers(job, workers).run(announce))
    else:
        event_loop.run(serving.run(job, announce))
