"""Options that several commands share, and what they mean on this machine."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from localloom_agent.delivery import Security

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_PORT = 50051
COLLECTOR_VARIABLE = "LOCALLOOM_COLLECTOR"

SECURITY_META = "localloom.security"
"""Where a command's context keeps the files below, by option."""

SECURITY = (
    (
        "--tls-ca",
        "LOCALLOOM_TLS_CA",
        "Speak TLS; the collector's certificate is of this authority (PEM), or of the system's: the word system.",
    ),
    (
        "--tls-cert",
        "LOCALLOOM_TLS_CERT",
        "Certificate of this machine (PEM), where the collector asks for one.",
    ),
    ("--tls-key", "LOCALLOOM_TLS_KEY", "Its key (PEM)."),
    ("--token-file", "LOCALLOOM_TOKEN_FILE", "File with the token that the collector asks for."),
)


def state_dir_option(command: Command) -> Command:
    """`--state-dir`: where the machine id and the outbox are."""
    return click.option(
        "--state-dir",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="LOCALLOOM_STATE_DIR",
        help="Folder of the machine id and the outbox.  [default: the user's state folder]",
    )(command)


def collector_option(command: Command) -> Command:
    """`--collector`: where runs are delivered; and the options by which it and this machine know each other."""
    for name, variable, words in reversed(SECURITY):
        command = click.option(
            name,
            type=click.Path(path_type=Path),
            metavar="FILE",
            envvar=variable,
            expose_value=False,
            callback=_keep,
            help=words,
        )(command)
    return click.option(
        "--collector",
        metavar="HOST[:PORT]",
        envvar=COLLECTOR_VARIABLE,
        callback=_target,
        help=f"Deliver to this collector (or set {COLLECTOR_VARIABLE}); without one nothing is sent or kept.",
    )(command)


def collector_security(collector: str) -> Security:
    """What the command's security options come to, for that collector.

    Raises:
        click.BadParameter: a file cannot be read, or the options do not fit together.
    """
    from localloom_agent.delivery import LOOPBACK, Security

    files: dict[str, Path] = click.get_current_context().meta.get(SECURITY_META, {})
    if ("tls_cert" in files) != ("tls_key" in files):
        raise click.BadParameter("--tls-cert and --tls-key go together")
    if "tls_cert" in files and "tls_ca" not in files:
        raise click.BadParameter("--tls-cert needs --tls-ca; --tls-ca system takes the system's authorities")
    token = _read(files, "token_file").decode("utf-8", "replace").strip()
    if "token_file" in files and not (token.isascii() and token.isprintable() and token):
        raise click.BadParameter(
            f"{files['token_file']} holds no token; localloom-collector token add makes one"
        )
    if token and "tls_ca" not in files and collector.rpartition(":")[0].strip("[]") not in LOOPBACK:
        raise click.BadParameter(
            "a token would travel unencrypted; give --tls-ca, with FILE or with the word system"
        )
    return Security(
        tls="tls_ca" in files,
        ca=None if str(files.get("tls_ca", "system")) == "system" else _read(files, "tls_ca"),
        certificate=_read(files, "tls_cert") or None,
        key=_read(files, "tls_key") or None,
        token=token,
    )


def _keep(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is not None and str(value):
        ctx.meta.setdefault(SECURITY_META, {})[param.name] = value


def _read(files: dict[str, Path], name: str) -> bytes:
    """The file that an option named; nothing where it was not given."""
    if name not in files:
        return b""
    try:
        return files[name].read_bytes()
    except OSError as error:
        option = "--" + name.replace("_", "-")
        raise click.BadParameter(f"{option}: cannot read {files[name]}: {error.strerror}") from None


def _target(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str:
    """HOST:PORT, with the default port where none is given."""
    if not value:
        return ""
    host, colon, port = value.rpartition(":")
    if not colon or value.endswith("]"):
        host, port = value, str(DEFAULT_PORT)
    if host.count(":") > 0 and not host.startswith("["):
        raise click.BadParameter(f"write an IPv6 address in brackets: [{value}]:{DEFAULT_PORT}")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise click.BadParameter(f"{value!r} is not HOST or HOST:PORT with a port from 1 to 65535")
    return f"{host}:{port}"


def state_folder(chosen: Path | None) -> Path:
    """The state folder: the one chosen, or the user's."""
    if chosen is not None:
        return chosen
    import platformdirs

    return Path(platformdirs.user_state_dir("localloom", appauthor=False))


def cache_folder(chosen: Path | None) -> Path:
    """The cache folder: the one chosen, or the user's."""
    if chosen is not None:
        return chosen
    import platformdirs

    return Path(platformdirs.user_cache_dir("localloom", appauthor=False))


def language(chosen: str | None) -> str:
    """The language of what is said to a person: the one chosen, or the locale's if we speak it, or English."""
    if chosen:
        return chosen
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "es" if value.lower().startswith("es") else "en"
    return "es" if (locale.getlocale()[0] or "").lower().startswith(("es", "spanish")) else "en"
