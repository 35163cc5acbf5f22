"""`localloom-collector health`."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(
    short_help="Ask a running server whether it serves.",
    epilog="""\b
Examples:
  localloom-collector health
  localloom-collector health localhost:50051 --tls-ca ca.pem
\b
Exit codes: 0 it serves, 1 it does not, or does not answer.""",
)
@click.argument("address", default="127.0.0.1:50051", metavar="[HOST:PORT]")
@click.option(
    "--tls-ca",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="LOCALLOOM_TLS_CA",
    help="Speak TLS; the server's certificate is of this authority (PEM). [env: LOCALLOOM_TLS_CA]",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up after this long.",
)
def health(*, address: str, tls_ca: Path | None, timeout: float) -> None:
    """Ask the server at HOST:PORT (default 127.0.0.1:50051) over gRPC's health service whether it serves.

    For health checks of containers and services, and for whoever wonders.
    """
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    from localloom_collector.server.lifecycle import SERVICE

    local = [("grpc.enable_http_proxy", 0)] if address.startswith(("127.", "localhost:", "[::1]")) else []
    if tls_ca is None:
        channel = grpc.insecure_channel(address, options=local)
    else:
        credentials = grpc.ssl_channel_credentials(tls_ca.read_bytes())
        channel = grpc.secure_channel(address, credentials, options=local)
    with channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=SERVICE), timeout=timeout)
        except grpc.RpcError as error:
            click.echo(f"{address} does not answer: {error.code().name}: {error.details()}", err=True)
            sys.exit(1)
    status = health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)
    click.echo(status)
    sys.exit(0 if status == "SERVING" else 1)
