"""Whose certificates are trusted: the environment's bundle, or the system's store and certifi's."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

BUNDLE_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR")
"""The first that is set decides, alone."""


def trust(environ: Mapping[str, str] | None = None) -> ssl.SSLContext:
    """A context that verifies certificates and host names.

    Without a bundle in the environment both the system's store (where companies put their own authority) and
    certifi's are trusted.

    Raises:
        EngineFault: config.invalid where the environment names a bundle that cannot be used.
    """
    env = os.environ if environ is None else environ
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    variable = next((name for name in BUNDLE_VARIABLES if env.get(name)), None)
    if variable is None:
        context.load_default_certs()
        context.load_verify_locations(cafile=certifi.where())
        return context
    path = Path(env[variable])
    try:
        if path.is_dir():
            context.load_verify_locations(capath=str(path))
        else:
            context.load_verify_locations(cafile=str(path))
    except OSError as error:  # ssl.SSLError is one
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"{variable} names {path}, which cannot be used as a bundle of certificates ({error}); "
            "correct the variable or unset it",
            {"artifact.key": variable},
        ) from error
    return context
