"""The server's certificate and the authority that clients' certificates come from, read and checked."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc

from localloom_collector.faults import ListenFault


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files."""

    certificate: Path
    """With its chain, the server's own first."""
    key: Path
    client_ca: Path | None = None
    """Clients have to show a certificate of this authority."""


def credentials(files: TlsFiles) -> grpc.ServerCredentials:
    """What gRPC's server takes.

    Raises:
        ListenFault: a file cannot be read, or is not what it should be. gRPC itself would only say that it cannot listen.
    """
    key, certificate = _read(files.key), _read(files.certificate)
    ca = _read(files.client_ca) if files.client_ca else None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key behind a password would have the server wait for somebody to type it.
        context.load_cert_chain(files.certificate, files.key, password=lambda: "")
    except (ssl.SSLError, OSError, ValueError):
        raise ListenFault(
            f"{files.certificate} and {files.key} are no certificate and its key, in PEM, without a password; "
            "check --tls-cert and --tls-key"
        ) from None
    if files.client_ca is not None:
        try:
            context.load_verify_locations(files.client_ca)
        except (ssl.SSLError, OSError):
            raise ListenFault(f"{files.client_ca} holds no certificate in PEM; check --client-ca") from None
    return grpc.ssl_server_credentials(
        [(key, certificate)], root_certificates=ca, require_client_auth=ca is not None
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ListenFault(f"cannot read {path}: {error.strerror}; check the TLS options") from None
