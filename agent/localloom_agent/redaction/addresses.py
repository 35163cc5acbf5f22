"""Addresses: of URLs what identifies, e-mail, IP and MAC addresses, identifiers of devices and accounts."""

from __future__ import annotations

import ipaddress
import re

# What follows "://", with JSON's escape of "&" and earlier replacements in it.
_URL = re.compile(r"://((?:[^\s\"'<>\\]|\\u[0-9A-Fa-f]{4}|<(?:secret|user|host|email|ip)>)+)")
_EMAIL = re.compile(
    r"(?<![\w.+-])(?!git@)[\w.+-]{1,64}@(?!\d+\.\d)(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])"
)
# What begins with a character or a set of them is found several times faster than what looks behind first:
# hence the hints, and the look behind after the first character.
_IPV4_HINT = re.compile(r"\.\d{1,3}\.\d")
_IPV4 = re.compile(r"\d(?<![\w.-]\d)\d{0,2}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w-]|\.\w)")
_VERSION_BEFORE = re.compile(
    r"(?:\bv|version|release|driver|build|[=<>!~]=|firmware)[\s:=\"'v]*$", re.IGNORECASE
)
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
_IPV6_LINK_OR_GLOBAL = re.compile(r"(?:fe[89ab]|f[cd][0-9a-f]|[23][0-9a-f]{2})[0-9a-f]:", re.IGNORECASE)
_MAC_HINT = re.compile(r"[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]")
_MAC = re.compile(
    r"[0-9A-Fa-f](?<![\w:-].)[0-9A-Fa-f](?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![\w:-])"
)
_GPU_UUID = re.compile(
    r"\b(?:MIG-)?(?:GPU|MIG)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:/\d+/\d+)?",
    re.IGNORECASE,
)
_SID = re.compile(r"\bS-1-(?:5-21|12-1)(?:-\d{1,10}){3,5}")


def bare_urls(s: str) -> str:
    """The text with URLs that have no user, password, query and fragment."""
    return _URL.sub(_bare_url, s) if "://" in s else s


def without_email(s: str) -> str:
    """The text without e-mail addresses."""
    return _EMAIL.sub("<email>", s) if "@" in s else s


def without_addresses(s: str, lower: str) -> str:
    """The text without addresses and identifiers; `lower` is the text in lower case."""
    if _IPV4_HINT.search(s):
        s = _IPV4.sub(_hide_ipv4, s)
    if _MAC_HINT.search(s):
        s = _MAC.sub("<mac>", s)
    if "::" in s or s.count(":") >= 7:
        s = _IPV6.sub(_hide_ipv6, s)
    if "gpu-" in lower or "mig-" in lower:
        s = _GPU_UUID.sub("<gpu-uuid>", s)
    if "s-1-" in lower:
        s = _SID.sub("<sid>", s)
    return s


def _bare_url(match: re.Match[str]) -> str:
    """A URL after its scheme, without user, password, query and fragment."""
    url = match[1]
    slash = url.find("/")
    authority, path = (url, "") if slash < 0 else (url[:slash], url[slash:])
    # The last "@" ends the user and password, even where they hold a "?" or "#" that should have been encoded.
    url = authority.rpartition("@")[2] + path
    for mark in "?#":
        url = url.partition(mark)[0]
    return f"://{url}"


def _hide_ipv4(match: re.Match[str]) -> str:
    text = match[0]
    octets = [int(part) for part in text.split(".")]
    if max(octets) > 255 or octets[0] in (0, 127):
        return text
    before = match.string[max(0, match.start() - 24) : match.start()]
    return text if _VERSION_BEFORE.search(before) else "<ip>"


def _hide_ipv6(match: re.Match[str]) -> str:
    text = match[0]
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return text
    if address.is_loopback or address.is_unspecified:
        return text
    # "1::2" is a slice and "a::b" a C++ name.
    telling = _IPV6_LINK_OR_GLOBAL.match(text) or len([g for g in text.split(":") if g]) >= 4
    return "<ip>" if telling else text
