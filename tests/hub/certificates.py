"""Certificates for the hub: one that is right, and the ways in which one is wrong."""

from __future__ import annotations

import datetime as dt
import enum
import ssl
from pathlib import Path

import trustme


class Certificate(enum.Enum):
    """What the hub shows."""

    GOOD = "good"
    WRONG_HOST = "wrong-host"
    SELF_SIGNED = "self-signed"
    EXPIRED = "expired"


HOST = "localhost"


class Authority:
    """A certificate authority of the tests' own."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def write_bundle(self, path: Path) -> Path:
        """Write what a client must trust."""
        self._ca.cert_pem.write_to_path(str(path))
        return path

    def context(self, certificate: Certificate) -> ssl.SSLContext:
        """A server's context."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match certificate:
            case Certificate.GOOD:
                self._ca.issue_cert(HOST, "127.0.0.1").configure_cert(context)
            case Certificate.WRONG_HOST:
                self._ca.issue_cert("another.example").configure_cert(context)
            case Certificate.EXPIRED:
                past = dt.datetime(2020, 1, 1, tzinfo=dt.timezone.utc)
                self._ca.issue_cert(HOST, not_before=past, not_after=past.replace(month=2)).configure_cert(
                    context
                )
            case Certificate.SELF_SIGNED:
                authority = trustme.CA()
                with (
                    authority.cert_pem.tempfile() as certificate_file,
                    authority.private_key_pem.tempfile() as key_file,
                ):
                    context.load_cert_chain(certificate_file, key_file)
        return context
