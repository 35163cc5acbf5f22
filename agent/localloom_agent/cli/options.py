"""Options that several commands share, and what they mean on this machine."""

from __future__ import annotations

import locale
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_PORT = 50051
COLLECTOR_VARIABLE = "LOCALLOOM_COLLECTOR"


def state_dir_option(command: Command) -> Command:
    """`--state-dir`: where the machine id and the outbox are."""
    return click.option(
        "--state-dir",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="LOCALLOOM_STATE_DIR",
        help="Folder of the machine id and the outbox.  [default: the user's state folder]",
    )(command)


def collector_option(command: Command) -> Command:
    """`--collector`: where runs are delivered."""
    return click.option(
        "--collector",
        metavar="HOST[:PORT]",
        envvar=COLLECTOR_VARIABLE,
        callback=_target,
        help=f"Deliver to this collector (or set {COLLECTOR_VARIABLE}); without one nothing is sent or kept.",
    )(command)


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
