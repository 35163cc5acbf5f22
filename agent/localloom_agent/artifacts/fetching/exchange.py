"""HTTP exchanges of a fetch: each hop is measured and reported, and no hop sees a token that is not its own."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpcore
import httpx

from localloom_agent.engines.interface import EngineFault, Observer
from localloom_diagnosis.taxonomy import Category, Phase

from .failures import AttemptFailed, Target, network_failure, said
from .pace import Pace
from .settings import FetchSettings
from .transport import Transport, proxy_for, set_pace

MAX_REDIRECTS = 8
_SMALL_BODY = 65_536
"""A redirect's body up to this size is read, so that its connection can be used again."""


class Exchange:
    """An answer whose body is still to come."""

    def __init__(self, response: httpx.Response, target: Target, pace: Pace, timeout_s: float) -> None:
        """The body of `response`, read at `pace`."""
        self.response, self.target = response, target
        self.received = 0
        """Bytes of the body so far."""
        self._pace, self._timeout_s = pace, timeout_s

    def chunks(self) -> Iterator[bytes]:
        """The body as it comes, decoded only where the server compressed it though not asked to.

        Raises:
            AttemptFailed: it broke off or came too slowly.
        """
        self._pace.expect_body()
        packed = self.response.headers.get("content-encoding", "identity") not in ("", "identity")
        body = self.response.iter_bytes() if packed else self.response.iter_raw()
        while True:
            try:
                chunk = next(body, None)
            except _CLIENT_ERRORS as error:
                raise network_failure(error, self.target, self._timeout_s) from error
            if chunk is None:
                return
            self.received += len(chunk)
            yield chunk


_CLIENT_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpx.HTTPError,
    httpx.InvalidURL,
)


class Exchanges:
    """The HTTP client of one fetch. Used by several threads at once."""

    def __init__(self, settings: FetchSettings, observer: Observer, cancel: threading.Event) -> None:
        """Report to `observer`; give up when `cancel` is set."""
        from localloom_agent.version import version

        self._settings, self._observer, self._cancel = settings, observer, cancel
        self._hub = httpx.URL(settings.hub)
        self._client = httpx.Client(
            transport=Transport(),
            timeout=httpx.Timeout(settings.timeout_s, connect=settings.connect_s, pool=None),
            headers={"User-Agent": f"localloom-agent/{version()}", "Accept-Encoding": "identity"},
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    @contextmanager
    def get(
        self, url: str, target: Target, phase: Phase, headers: Mapping[str, str], resend: int
    ) -> Iterator[Exchange]:
        """Ask for `url`, follow redirects, and report every hop when it has ended.

        Raises:
            AttemptFailed: no answer came, or redirects led nowhere.
        """
        settings = self._settings
        pace = Pace(settings.timeout_s, settings.min_rate, self._cancel)
        set_pace(pace)
        request = self._request(url, headers)
        for _ in range(MAX_REDIRECTS + 1):
            hop = _Hop(self._observer, phase, request, target, resend)
            try:
                pace.expect_answer()
                response = self._client.send(request, stream=True)
            except _CLIENT_ERRORS as error:
                hop.report(error=said(error))
                raise network_failure(error, hop.target, settings.timeout_s) from error
            except ImportError as error:
                hop.report(error=said(error))
                raise _no_socks(hop.target) from error
            except BaseException as error:
                hop.report(error=said(error))
                raise
            hop.answered(response)
            following = response.next_request
            if following is None:
                exchange = Exchange(response, hop.target, pace, settings.timeout_s)
                try:
                    yield exchange
                except BaseException as error:
                    hop.report(received=exchange.received, error=_words(error))
                    raise
                else:
                    hop.report(received=exchange.received)
                finally:
                    response.close()
                return
            _finish(response)
            hop.report(redirect=_host(following.url))
            if following.url.scheme not in ("https", request.url.scheme):
                raise _astray(hop.target, f"it redirects to {following.url.scheme}: without TLS")
            request = following
        raise _astray(hop.target, f"it redirects more than {MAX_REDIRECTS} times")

    def _request(self, url: str, headers: Mapping[str, str]) -> httpx.Request:
        request = self._client.build_request("GET", url, headers=dict(headers))
        ours = (request.url.scheme, request.url.host, request.url.port)
        if self._settings.token and ours == (self._hub.scheme, self._hub.host, self._hub.port):
            # httpx takes the header away when a redirect leaves this origin.
            request.headers["Authorization"] = f"Bearer {self._settings.token}"
        return request


class _Hop:
    """One request and its answer, measured."""

    def __init__(
        self, observer: Observer, phase: Phase, request: httpx.Request, target: Target, resend: int
    ) -> None:
        proxy = proxy_for(request.url)
        self.target = dataclasses.replace(
            target,
            url=str(request.url.copy_with(query=None, fragment=None, username=None, password=None)),
            host=_host(request.url),
            proxy=_host(proxy.url) if proxy is not None else "",
        )
        self._observer, self._phase, self._resend = observer, phase, resend
        self._range = request.headers.get("range", "")
        self._began = time.perf_counter()
        self._ttfb: float | None = None
        self._response: httpx.Response | None = None
        self._under_way = contextlib.ExitStack()
        self._under_way.enter_context(observer.pending("GET", self.target.url))

    def answered(self, response: httpx.Response) -> None:
        """The headers are here."""
        self._ttfb, self._response = time.perf_counter() - self._began, response

    def report(self, *, received: int = 0, error: str = "", redirect: str = "") -> None:
        """Tell the observer that the exchange has ended."""
        self._under_way.close()
        response = self._response
        status = response.status_code if response is not None else None
        if status is not None and status >= 400 and not error:
            error = f"HTTP {status}"
        self._observer.exchange(
            phase=self._phase,
            method="GET",
            url=self.target.url,
            status=status,
            received=received,
            duration_s=time.perf_counter() - self._began,
            ttfb_s=self._ttfb,
            error=error,
            artifact__file=self.target.file,
            http__request__resend_count=self._resend,
            http__redirect_host=redirect or None,
            http__resumed_bytes=int(self._range[6:-1]) if status == 206 and self._range else None,
            proxy__address=self.target.proxy or None,
            network__protocol__version=response.http_version.rpartition("/")[2] if response else None,
            tls__protocol__version=_tls_version(response) if response else None,
        )


def _words(error: BaseException) -> str:
    if not isinstance(error, AttemptFailed):
        return said(error)
    if error.__cause__ is not None:
        return said(error.__cause__)
    return str(error.fault.facts.get("http.error", error.fault))


def _host(url: httpx.URL) -> str:
    return f"{url.host}:{url.port}" if url.port else url.host


def _tls_version(response: httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    return str(tls.version()) if tls is not None else None


def _finish(response: httpx.Response) -> None:
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length) <= _SMALL_BODY:
        try:
            response.read()
        except _CLIENT_ERRORS:
            return  # its headers said all that matters
    response.close()


def _astray(target: Target, what: str) -> AttemptFailed:
    sentence = f"{target.host} gives no {target.file}: {what}; check the hub's address, or tell its owner"
    return AttemptFailed(
        EngineFault(Category.NETWORK_HTTP_ERROR, sentence, target.facts(http__error=what)), retry=False
    )


def _no_socks(target: Target) -> AttemptFailed:
    sentence = (
        f"the proxy {target.proxy} speaks SOCKS, for which a package is missing; run: pip install socksio"
    )
    fault = EngineFault(
        Category.HOST_MISSING_DEPENDENCY, sentence, target.facts() | {"module.missing": "socksio"}
    )
    return AttemptFailed(fault, retry=False)
