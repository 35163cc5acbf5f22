r"""Takes names, addresses and credentials out of text before it is kept or leaves the machine.

What goes, and what stands in its place:

| what | becomes |
| --- | --- |
| home folders: this user's, and any user's below `/home`, `/Users`, `C:\Users` | `~` |
| this user's name | `<user>` |
| this machine's host name, with its domain | `<host>` |
| credentials: headers, well-known token forms, `password=`-like values, secrets of the environment | `<secret>` |
| user and password in a URL, its query and its fragment | nothing |
| e-mail addresses | `<email>` |
| IP addresses other than loopback, private ones too: a fleet's address plan is nobody's business | `<ip>` |
| MAC addresses | `<mac>` |
| UUIDs of NVIDIA GPUs and MIG instances | `<gpu-uuid>` |
| security identifiers of Windows accounts | `<sid>` |

Every rule is a group of patterns behind a test for a few substrings, because each event passes through and few
hold anything to redact. No pattern repeats over a span that another repetition can also cover, so the time
grows with the length of the text alone.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Names that are words of error texts: replaced only where the context says that they name a user or a host.
_COMMON_WORDS = frozenset(
    """
    admin administrator agent apple art bill bin bot browser build builder canary chip chrome ci cloud cluster code
    computer container core cpu cuda daemon data debian debug default demo desktop dev developer device disk docker
    edge engine error event fedora file frank gpu grace grant guest guy home host jack jenkins job jupyter laptop
    linux list local localhost localloom log login mac macbook machine main major mark master max may memory metal
    mike miner model name neo net node none null nvidia office operator path pc phone pi port post process prod python ray rich
    rob root run runner sam server service shard shell spot staff stage storage student sys system task test tester
    tmp token tom tool trainer ubuntu unknown user username vagrant van video vm vscode web weight weights will win
    windows word work workgroup worker workstation www azuread
    """.split()  # noqa: SIM905 - words are read and edited best as a text
)

#: Domains of networks without a name in the DNS, which follow a host's short name.
_LOCAL_DOMAINS = "local|localdomain|lan|home|internal|intranet|corp|fritz\\.box|home\\.arpa"

_SECRET_NAME = re.compile(
    r"TOKEN(?!IZ)|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIAL", re.IGNORECASE
)

#: Keys of mappings whose text is a credential whatever it looks like. A bare "token" is a model's output.
_SECRET_KEY = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie|(?:.*[_-])?(?:password|passwd|passphrase|secret|api[_-]?key|apikey)"
    r"|(?:access|auth|refresh|id|hf|api|session|bearer)[_-]?token",
    re.IGNORECASE,
)

_ABSOLUTE = re.compile(r"/|\\\\|[A-Za-z]:[\\/]")

_SECRET = "<secret>"  # noqa: S105 - what stands in for one

# --- credentials ------------------------------------------------------------------------------------------------

_HEADER = re.compile(
    r"((?:authorization|x-api-key|x-auth-token)\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?)(?!(?:none|null|required|missing)\b)"
    r"(?:(?:digest|negotiate)\s[^\r\n]*|(?:(?:bearer|basic|token|apikey)\s{1,4})?[^\s\"',;\\]+)",
    re.IGNORECASE,
)
_COOKIE = re.compile(
    r"(cookie\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?)[^\s=;\"'\\]{1,80}=[^\r\n\"'\\]*", re.IGNORECASE
)
_BEARER = re.compile(r"\b(bearer\s{1,4})(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_TOKEN_FORMS = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"hf_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{12,}|hf_[a-z]{24,}|api_org_[A-Za-z0-9]{16,}"  # Hugging Face
    r"|sk-(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}"  # OpenAI, Anthropic, OpenRouter
    r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}"  # GitHub, GitLab
    r"|A(?:KI|SI)A[0-9A-Z]{16}(?![A-Za-z0-9])|xox[a-z]-[A-Za-z0-9-]{10,}"  # AWS, Slack
    r"|AIza[A-Za-z0-9_-]{30,}|nvapi-[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{30,}|pypi-AgE[A-Za-z0-9_-]{20,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"  # JSON Web Tokens
    r")"
)
_TOKEN_MARKS = tuple(
    "hf_ sk- ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- KIA SIA xox AIza nvapi- npm_ pypi- eyJ api_org_".split()  # noqa: SIM905 - read best as a text
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?"
)

# After an opening quote up to the next one, else up to what ends a word; JSON's escaped quotes end both.
_VALUE = r"(?:(?<=[\"'])(?:[^\"'\r\n\\]|\\(?![\"']))+|(?:[^\s\"',;&)\]}\\]|\\(?![\"']))+)"
_IS = r"\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?"
# Sentences about a password are not passwords.
_NO_VALUE = (
    r"(?!(?:must|is|are|was|not|no|required|missing|invalid|incorrect|wrong|expired|none|null|true|false|undefined"
    r"|empty|unset|denied|authentication|for|or|and)\b|<secret>)"
)
_PASSWORD = re.compile(
    r"((?:password|passwd|passphrase|secret|credentials?|api[_-]?key|access[_-]?key(?:[_-]?id)?|private[_-]?key"
    # The shell's PWD is a folder.
    r"|auth[_-]?key|pwd(?=\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?(?![\s/\\~\"'.]|[A-Za-z]:\\)))"
    f"{_IS}){_NO_VALUE}{_VALUE}",
    re.IGNORECASE,
)
#: `token` is also a unit of text: without a telling prefix, only what cannot be one is taken.
_TOKEN = re.compile(
    r"((?<![A-Za-z0-9])(?:access|auth|refresh|id|hf|hub|hugging_?face_hub|api|session|security|csrf|bearer|private"
    rf"|personal|oauth|github|gitlab|client|secret)[_-]?token{_IS}){_NO_VALUE}{_VALUE}"
    r"|((?<![A-Za-z0-9_-])token=)(?!\d{1,7}(?!\w)|(?:None|null|True|False)\b|<)[^\s\"',;&)\]}\\]{4,}"
    r"|((?<![A-Za-z0-9_-])token\\?[\"']?:\s{0,4}\\?[\"']?)(?=[A-Za-z._~+/=-]*[0-9])[A-Za-z0-9._~+/=-]{8,}",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"(--(?:[a-z]{1,12}-){0,3}(?:token|password|api-?key|secret)\s{1,4})(?![-\s]|<secret>)\S+", re.IGNORECASE
)
_PASSWORD_MARKS = ("passw", "passp", "pwd", "secret", "credential", "_key", "-key", "apikey")
_TOKEN_KEY_MARKS = ("token=", "token:", 'token"', "token'", "token\\", "token =", "token :", "token  ")

# --- addresses --------------------------------------------------------------------------------------------------

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

# --- home folders -----------------------------------------------------------------------------------------------

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


class Redactor:
    """Replaces what must not leave the machine; redacting twice changes nothing more."""

    __slots__ = ("_folders", "_names")

    def __init__(self, identity: Identity) -> None:
        # Up to the end of the folder's name: /home/jo is no part of /home/joan.
        self._folders = (
            *_literals(identity.secrets, "", "", _SECRET),
            *_literals(identity.homes, r"(?:\\{2,4}[?.]\\{1,2})?(?<![\w.~>-])", r"(?![\w.-]*\w)", "~"),
        )
        domain = rf"(?:\.(?:{_LOCAL_DOMAINS})(?![\w-]))?"
        common = [name for name in identity.users if _is_common(name)]
        telling = [name for name in identity.users if not _is_common(name)]
        common_hosts = [name for name in identity.hosts if _is_common(name)]
        telling_hosts = [name for name in identity.hosts if not _is_common(name)]
        self._names = (
            *_literals(telling_hosts, r"(?<![A-Za-z0-9-])", domain + r"(?![A-Za-z0-9-])", "<host>"),
            *_literals(telling, r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])", "<user>"),
            *_literals(common, r"(?<=/media/)", r"(?=/)", "<user>", mark_before="/media/"),
            *_literals(common, r"(?<![\w.@-])", r"(?=@[A-Za-z<])", "<user>", mark_after="@"),
            *_literals(common_hosts, r"(?<=[\w>]@)", domain + r"(?![\w.-]*\w)", "<host>", mark_before="@"),
            *_literals(common_hosts, r"(?<=://)", domain + r"(?![\w.-]*\w)", "<host>", mark_before="://"),
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
                key: _SECRET if _is_credential(key, item) else self.value(item) for key, item in obj.items()
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
        s = _without_credentials(s, lower)
        if "://" in s:
            s = _URL.sub(_bare_url, s)
        if _any_in(("users/", "users\\", "settings/", "settings\\"), lower):
            s = _WINDOWS_HOME.sub("~", s)
        if "/home" in s or "/Users" in s:
            s = _UNIX_HOME.sub("~", s)
        if "@" in s:
            s = _EMAIL.sub("<email>", s)
        for rule in self._names:
            s = rule.apply(s, lower)
        return _without_addresses(s, lower)


@dataclass(frozen=True, slots=True)
class _Literals:
    """Known texts to replace, behind a test for a part that each of them must hold."""

    marks: tuple[str, ...]
    pattern: re.Pattern[str]
    placeholder: str

    def apply(self, s: str, lower: str) -> str:
        return self.pattern.sub(self.placeholder, s) if _any_in(self.marks, lower) else s


def _literals(
    texts: Iterable[str],
    before: str,
    after: str,
    placeholder: str,
    *,
    mark_before: str = "",
    mark_after: str = "",
) -> tuple[_Literals, ...]:
    """The rule that replaces any of the texts between the two contexts; none for no texts."""
    # Longest first: one may begin with another.
    kept = sorted({text for text in texts if text}, key=lambda text: (-len(text), text))
    if not kept:
        return ()
    # The longest piece that every spelling of the text has in common.
    marks = {mark_before + max(re.split(r"[\\/ :]", text.lower()), key=len) + mark_after for text in kept}
    pattern = f"{before}(?:{'|'.join(map(_any_spelling, kept))}){after}"
    return (_Literals(tuple(sorted(marks)), re.compile(pattern, re.IGNORECASE), placeholder),)


def _is_credential(key: object, item: object) -> bool:
    return isinstance(item, str) and bool(item) and isinstance(key, str) and bool(_SECRET_KEY.fullmatch(key))


def _is_common(name: str) -> bool:
    return len(name) < 3 or name.isdigit() or name.lower() in _COMMON_WORDS


def _any_spelling(text: str) -> str:
    """A pattern for a literal whose separators may be either slash, doubled by JSON's escapes, or URL-encoded."""
    spellings = {" ": "(?: |%20)", ":": "(?::|%3A)"}
    parts = re.split(r"[\\/]+", text.removeprefix("/"))
    # The root's slash is one, for a file URL keeps its two.
    return (r"\\?/" if text.startswith("/") else "") + r"[\\/]{1,8}".join(
        "".join(spellings.get(char) or re.escape(char) for char in part) for part in parts
    )


def _without_credentials(s: str, lower: str) -> str:
    if "authorization" in lower or "x-a" in lower:
        s = _HEADER.sub(rf"\1{_SECRET}", s)
    if "cookie" in lower:
        s = _COOKIE.sub(rf"\1{_SECRET}", s)
    if "bearer" in lower:
        s = _BEARER.sub(rf"\1{_SECRET}", s)
    if "PRIVATE KEY" in s:
        s = _PRIVATE_KEY.sub(_SECRET, s)
    if _any_in(_TOKEN_MARKS, s):
        s = _TOKEN_FORMS.sub(_SECRET, s)
    if _any_in(_PASSWORD_MARKS, lower):
        s = _PASSWORD.sub(rf"\1{_SECRET}", s)
        if "--" in s:
            s = _OPTION.sub(rf"\1{_SECRET}", s)
    if "token" in lower:
        if _any_in(_TOKEN_KEY_MARKS, lower):
            s = _TOKEN.sub(_keep_key, s)
        if "--" in s:
            s = _OPTION.sub(rf"\1{_SECRET}", s)
    return s


def _any_in(marks: tuple[str, ...], text: str) -> bool:
    for mark in marks:  # noqa: SIM110 - any() with a generator takes three times as long
        if mark in text:
            return True
    return False


def _without_addresses(s: str, lower: str) -> str:
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


def _keep_key(match: re.Match[str]) -> str:
    return f"{match[1] or match[2] or match[3]}{_SECRET}"


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
