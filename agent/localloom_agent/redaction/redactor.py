"""Redacts texts and documents by all the rules, in the order in which one uncovers the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .addresses import bare_urls, without_addresses, without_email
from .credentials import SECRET, is_credential, without_credentials
from .homes import without_homes
from .identity import Identity
from .literals import is_common, literals

#: Domains of networks without a name in the DNS, which follow a host's short name.
_LOCAL_DOMAINS = "local|localdomain|lan|home|internal|intranet|corp|fritz\\.box|home\\.arpa"


class Redactor:
    """Replaces what must not leave the machine; redacting twice changes nothing more."""

    __slots__ = ("_folders", "_names")

    def __init__(self, identity: Identity) -> None:
        # Up to the end of the folder's name: /home/jo is no part of /home/joan.
        self._folders = (
            *literals(identity.secrets, "", "", SECRET),
            *literals(identity.homes, r"(?:\\{2,4}[?.]\\{1,2})?(?<![\w.~>-])", r"(?![\w.-]*\w)", "~"),
        )
        domain = rf"(?:\.(?:{_LOCAL_DOMAINS})(?![\w-]))?"
        common = [name for name in identity.users if is_common(name)]
        telling = [name for name in identity.users if not is_common(name)]
        common_hosts = [name for name in identity.hosts if is_common(name)]
        telling_hosts = [name for name in identity.hosts if not is_common(name)]
        self._names = (
            *literals(telling_hosts, r"(?<![A-Za-z0-9-])", domain + r"(?![A-Za-z0-9-])", "<host>"),
            *literals(telling, r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])", "<user>"),
            *literals(common, r"(?<=/media/)", r"(?=/)", "<user>", mark_before="/media/"),
            *literals(common, r"(?<![\w.@-])", r"(?=@[A-Za-z<])", "<user>", mark_after="@"),
            *literals(common_hosts, r"(?<=[\w>]@)", domain + r"(?![\w.-]*\w)", "<host>", mark_before="@"),
            *literals(common_hosts, r"(?<=://)", domain + r"(?![\w.-]*\w)", "<host>", mark_before="://"),
        )

    @classmethod
    def for_this_machine(cls) -> Redactor:
        """A redactor that knows this user, this host and this environment's secrets."""
        return cls(Identity.of_this_machine())

    def text(self, s: str) -> str:
        """The text without names, addresses and credentials."""
        # One replacement can uncover the next, as a folder's name that ends where another was replaced.
        for _ in range(8):
            redacted = self._once(s)
            if redacted == s:
                break
            s = redacted
        return s

    def value(self, obj: Any) -> Any:
        """A copy with every text in it redacted; keys, numbers and bytes stay as they are.

        A text under a key that names a credential ("password", "api_key", "Authorization") goes whole.
        """
        if isinstance(obj, str):
            return self.text(obj)
        if isinstance(obj, Mapping):
            return {
                key: SECRET if is_credential(key, item) else self.value(item) for key, item in obj.items()
            }
        if isinstance(obj, list):
            return [self.value(item) for item in obj]
        if isinstance(obj, tuple):
            return tuple(self.value(item) for item in obj)
        return obj

    def _once(self, s: str) -> str:
        lower = s.lower()
        for rule in self._folders:
            s = rule.apply(s, lower)
        s = without_credentials(s, lower)
        s = bare_urls(s)
        s = without_homes(s, lower)
        s = without_email(s)
        for rule in self._names:
            s = rule.apply(s, lower)
        return without_addresses(s, lower)
