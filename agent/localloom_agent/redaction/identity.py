"""What names this user and this machine, and the credentials that its environment holds."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

_SECRET_NAME = re.compile(
    r"TOKEN(?!IZ)|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIAL", re.IGNORECASE
)

_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Identity:
    """What names this user and this machine."""

    homes: tuple[str, ...] = ()
    """Home folders, absolute."""
    users: tuple[str, ...] = ()
    """Names this user goes by."""
    hosts: tuple[str, ...] = ()
    """Names this machine goes by, short or with a domain."""
    secrets: tuple[str, ...] = ()
    """Credentials that the environment holds."""

    @classmethod
    def of_this_machine(cls, environ: Mapping[str, str] | None = None) -> Identity:
        """What the environment, the account database and the host's name tell; no DNS is asked, for it may hang."""
        env = os.environ if environ is None else environ
        homes = {os.path.expanduser("~"), env.get("HOME", ""), env.get("USERPROFILE", "")}  # noqa: PTH111 - "~" stays if unknown
        users = {env.get(name, "") for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER")}
        account = _account()
        if account:
            users.add(account[0])
            homes.add(account[1])
        homes = {home for home in homes if len(home) > 3 and _ABSOLUTE.match(home)}
        users |= {re.split(r"[\\/]", home.rstrip("\\/"))[-1] for home in homes}
        return cls(
            homes=tuple(sorted(homes)),
            users=tuple(sorted(user for user in users if user)),
            hosts=_host_names(env),
            secrets=tuple(
                sorted(
                    value
                    for name, value in env.items()
                    if len(value) >= 8
                    and _SECRET_NAME.search(name)
                    and not value.isdigit()
                    and not _ABSOLUTE.match(value)
                )
            ),
        )


def _account() -> tuple[str, str] | None:
    """Name and home of the effective user in the account database; None on Windows and for unlisted users."""
    try:
        import pwd

        entry = pwd.getpwuid(os.geteuid())
    except (ImportError, KeyError, AttributeError):
        return None
    return entry.pw_name, entry.pw_dir


def _host_names(env: Mapping[str, str]) -> tuple[str, ...]:
    names = {env.get(name, "") for name in ("HOSTNAME", "COMPUTERNAME", "USERDOMAIN", "USERDNSDOMAIN")}
    with contextlib.suppress(OSError):
        names.add(socket.gethostname())
    names |= {name.partition(".")[0] for name in names if not _is_address(name)}
    return tuple(sorted(name for name in names if name and not name.lower().startswith("localhost")))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
