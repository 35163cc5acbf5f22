"""Credentials: headers, well-known forms of tokens, values that follow a telling name."""

from __future__ import annotations

import re

from .marks import any_in

#: What stands in for one.
SECRET = "<secret>"  # noqa: S105

#: Keys of mappings whose text is a credential whatever it looks like. A bare "token" is a model's output.
_SECRET_KEY = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie|(?:.*[_-])?(?:password|passwd|passphrase|secret|api[_-]?key|apikey)"
    r"|(?:access|auth|refresh|id|hf|api|session|bearer)[_-]?token",
    re.IGNORECASE,
)

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


def is_credential(key: object, item: object) -> bool:
    """Whether an item of a mapping is a credential, by its key."""
    return isinstance(item, str) and bool(item) and isinstance(key, str) and bool(_SECRET_KEY.fullmatch(key))


def without_credentials(s: str, lower: str) -> str:
    """The text without credentials; `lower` is the text in lower case."""
    if "authorization" in lower or "x-a" in lower:
        s = _HEADER.sub(rf"\1{SECRET}", s)
    if "cookie" in lower:
        s = _COOKIE.sub(rf"\1{SECRET}", s)
    if "bearer" in lower:
        s = _BEARER.sub(rf"\1{SECRET}", s)
    if "PRIVATE KEY" in s:
        s = _PRIVATE_KEY.sub(SECRET, s)
    if any_in(_TOKEN_MARKS, s):
        s = _TOKEN_FORMS.sub(SECRET, s)
    if any_in(_PASSWORD_MARKS, lower):
        s = _PASSWORD.sub(rf"\1{SECRET}", s)
        if "--" in s:
            s = _OPTION.sub(rf"\1{SECRET}", s)
    if "token" in lower:
        if any_in(_TOKEN_KEY_MARKS, lower):
            s = _TOKEN.sub(_keep_key, s)
        if "--" in s:
            s = _OPTION.sub(rf"\1{SECRET}", s)
    return s


def _keep_key(match: re.Match[str]) -> str:
    return f"{match[1] or match[2] or match[3]}{SECRET}"
