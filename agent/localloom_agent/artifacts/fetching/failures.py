"""What a failed exchange means: its category, its figures, and whether asking again can help."""

from __future__ import annotations

import email.utils
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpcore
import httpx

from localloom_agent.artifacts.catalogue import nearest
from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.evidence import FactValue
from localloom_diagnosis.taxonomy import Category

RETRY_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})
_DENIED = frozenset({401, 403, 407, 451, 511})


class AttemptFailed(Exception):
    """One attempt at a file failed. Its `__cause__` is what the client said."""

    def __init__(
        self, fault: EngineFault, *, retry: bool, wait_s: float | None = None, whole: bool = False
    ) -> None:
        """Keep what to raise when no attempt is left.

        Args:
            fault: what to raise in the end.
            retry: whether another attempt can help.
            wait_s: the pause that the server asked for.
            whole: the file arrived whole but wrong: it is fetched anew, and not often.
        """
        super().__init__(str(fault))
        self.fault, self.retry, self.wait_s, self.whole = fault, retry, wait_s, whole
        self.gained = 0
        """Bytes that the attempt added to what is kept for the next one."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, in words that may be shown."""

    file: str
    url: str
    """Without query or credentials; of the server that was really asked, after redirects."""
    host: str
    proxy: str = ""
    """host:port of the proxy in use."""
    model_id: str = ""
    opens_model: bool = False
    """The file that every model has: where it is missing, the model is."""

    def facts(self, **more: FactValue) -> dict[str, FactValue]:
        """The figures of a failed exchange, with `more` (dots as two underscores)."""
        known = {"http.url": self.url, "http.host": self.host, "artifact.file": self.file}
        named = {name.replace("__", "."): value for name, value in more.items()}
        return {name: value for name, value in known.items() if value} | named

    @property
    def way(self) -> str:
        """The server, and the proxy on the way to it."""
        return f"{self.host} (through the proxy {self.proxy})" if self.proxy else self.host


def said(error: BaseException) -> str:
    """The client's words: class and text."""
    return f"{type(error).__name__}: {error}".rstrip(": ")


def network_failure(error: Exception, target: Target, timeout_s: float) -> AttemptFailed:
    """What an exchange that got no complete answer means."""
    causes = list(_chain(error))
    facts = target.facts(http__error=said(error))
    tls = next((e for e in causes if isinstance(e, ssl.SSLError)), None)
    if isinstance(error, httpcore.TimeoutException):
        facts["limit.seconds"] = timeout_s
        sentence = (
            f"{target.way} kept {target.file} waiting ({error}); check the connection, or allow more time"
        )
        return _failed(Category.NETWORK_TIMEOUT, sentence, facts, retry=True)
    if tls is not None:
        return _tls(tls, target, facts)
    if isinstance(error, httpcore.ProxyError) or (target.proxy and isinstance(error, httpcore.ConnectError)):
        sentence = (
            f"the proxy {target.proxy} did not let {target.file} of {target.host} through ({error}); check "
            "HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
        )
        # 5xx of a proxy pass; a refusal does not.
        retry = not isinstance(error, httpcore.ProxyError) or str(error)[:1] == "5"
        return _failed(Category.NETWORK_BLOCKED, sentence, facts, retry=retry)
    if isinstance(error, (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, httpx.HTTPError)):
        sentence = f"{target.way} led {target.file} astray ({error}); check the hub's address"
        return _failed(Category.NETWORK_HTTP_ERROR, sentence, facts, retry=False)
    unknown = any(isinstance(e, socket.gaierror) and e.errno == socket.EAI_NONAME for e in causes)
    sentence = (
        f"{target.host} could not be reached for {target.file} ({error}); check the connection and the name"
        if isinstance(error, httpcore.ConnectError)
        else f"the connection to {target.way} broke while {target.file} came ({error}); check the connection"
    )
    return _failed(Category.NETWORK_UNREACHABLE, sentence, facts, retry=not unknown)


def _tls(error: ssl.SSLError, target: Target, facts: dict[str, FactValue]) -> AttemptFailed:
    if isinstance(error, ssl.SSLCertVerificationError):
        sentence = (
            f"the certificate of {target.way} was not accepted: {error.verify_message}; if a company inspects TLS "
            "here, set SSL_CERT_FILE to its bundle of certificates"
        )
        return _failed(Category.NETWORK_BLOCKED, sentence, facts, retry=False)
    sentence = (
        f"no secure connection to {target.way} could be made ({error}); check the address and any proxy"
    )
    return _failed(Category.NETWORK_BLOCKED, sentence, facts, retry=isinstance(error, ssl.SSLEOFError))


def status_failure(response: httpx.Response, target: Target) -> AttemptFailed:
    """What an answer without the file means."""
    status, code = response.status_code, response.headers.get("x-error-code", "")
    facts = target.facts(http__status=status, http__error=_line(response))
    if code == "RepoNotFound" or (status in (404, 410) and target.opens_model):
        near = [known for known in nearest(target.model_id) if known != target.model_id]
        facts |= {"model.id": target.model_id} | ({"model.nearest": ",".join(near)} if near else {})
        sentence = (
            f"{target.host} has no model at {target.url.rpartition('/')[0]}/ (HTTP {status}); check the name, and if "
            "the model is private, set HF_TOKEN"
        )
        return _failed(Category.ARTIFACT_MODEL_NOT_FOUND, sentence, facts, retry=False)
    if status in _DENIED:
        facts["model.id"] = target.model_id
        return _failed(Category.NETWORK_BLOCKED, _denied(status, code, response, target), facts, retry=False)
    retry = status in RETRY_STATUSES
    advice = "try again later" if retry else "choose another model, or tell the hub's owner"
    sentence = f"{target.way} answered {_line(response)} for {target.file}; {advice}"
    wait_s = _retry_after(response.headers.get("retry-after", "")) if status in (429, 503) else None
    return _failed(Category.NETWORK_HTTP_ERROR, sentence, facts, retry=retry, wait_s=wait_s)


def _denied(status: int, code: str, response: httpx.Response, target: Target) -> str:
    if status == 407:
        return f"the proxy {target.proxy or 'on the way'} wants a user and a password (HTTP 407); put them in HTTPS_PROXY"
    if code == "GatedRepo":
        return (
            f"{target.model_id} is gated (HTTP {status}): accept its terms on {target.host} and set HF_TOKEN to a "
            "token of that account"
        )
    return (
        f"{target.way} refuses {target.file} ({_line(response)}): set HF_TOKEN if the model needs an account, or ask "
        "whoever runs the network whether it is blocked"
    )


def _failed(
    category: Category,
    sentence: str,
    facts: dict[str, FactValue],
    *,
    retry: bool,
    wait_s: float | None = None,
) -> AttemptFailed:
    return AttemptFailed(EngineFault(category, sentence, facts), retry=retry, wait_s=wait_s)


def _line(response: httpx.Response) -> str:
    return f"HTTP {response.status_code} {response.reason_phrase}".strip()


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3)."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(16):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__
