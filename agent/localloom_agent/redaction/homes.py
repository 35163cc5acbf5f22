"""Home folders, any user's, by the places where systems keep them."""

from __future__ import annotations

import re

from .marks import any_in

# A user's folder name: no separators, nothing that ends a path in prose, no earlier replacement.
_NAME = r"[^\s/\\\"'<>:;,|?*()\[\]{}~\x00-\x1f][^\s/\\\"'<>:;,|?*()\[\]{}\x00-\x1f]*"
_SPACED_NAME = rf"{_NAME}(?: {_NAME}){{0,3}}(?=[\\/])|{_NAME}"
_WINDOWS_HOME = re.compile(
    r"(?:\\{2,4}[?.]\\{1,2})?(?:(?<![A-Za-z0-9])[A-Za-z](?::|%3A)|\\{1,8}Device\\{1,8}HarddiskVolume\d+"
    r"|(?:(?<!\w)/cygdrive|/mnt)?/[A-Za-z])[\\/]{1,8}(?:Users|Documents and Settings)[\\/]{1,8}(?!(?:Public|Default|All Users|Shared)(?!\w))(?:"
    + _SPACED_NAME
    + r")",
    re.IGNORECASE,
)
# Not within a URL's path, except a file's.
_PLAIN = r"(?<![\w.)~>-])(?<!:/)"
_UNIX_HOME = re.compile(
    _PLAIN + r"(?:\\?/(?:var|export|usr))?\\?/home\\?/(?!linuxbrew\b)" + _NAME + r"|"
    + _PLAIN + r"(?:\\?/System/Volumes/Data)?\\?/Users\\?/(?!Shared(?!\w))(?:" + _SPACED_NAME + r")"
)  # fmt: skip


def without_homes(s: str, lower: str) -> str:
    """The text with `~` for home folders; `lower` is the text in lower case."""
    if any_in(("users/", "users\\", "settings/", "settings\\"), lower):
        s = _WINDOWS_HOME.sub("~", s)
    if "/home" in s or "/Users" in s:
        s = _UNIX_HOME.sub("~", s)
    return s
