"""The connections of a fetch: paced reads, a bounded look-up of names, proxies of the environment."""

from __future__ import annotations

import importlib.util
import socket
import ssl
import threading
import time
import typing
import urllib.request
from collections.abc import Iterator

import httpcore
import httpx

from localloom_agent.engines.interface import EngineFault
from localloom_diagnosis.taxonomy import Category

from .pace import Pace
from .trust import trust

READ_BYTES = 1 << 20
"""Read at a time. httpcore's own 64 KiB cost half as much again in CPU time, more than 2 MiB cost page faults."""
_MIN_TRY_S = 1.0
_local = threading.local()


def set_pace(pace: Pace) -> None:
    """Make `pace` the patience of the exchanges of this thread."""
    _local.pace = pace


class PacedStream(httpcore.NetworkStream):
    """A connection whose reads keep to the pace of the thread that reads."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        """Read from and write to `inner`."""
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 the pace decides
        """Read at least one byte, or nothing at the end."""
        pace: Pace = _local.pace
        return pace.read(self._inner, max(max_bytes, READ_BYTES))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on under TLS."""
        return PacedStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> typing.Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """Opens connections within one limit, however many addresses a name has and however slow its look-up is."""

    def __init__(self) -> None:
        """Open real sockets."""
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: typing.Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers, within `timeout` seconds after the look-up."""
        limit = timeout or 10.0
        addresses = _look_up(host, port, limit)
        due = time.monotonic() + limit
        trouble: Exception | None = None
        for index, address in enumerate(addresses):
            left = due - time.monotonic()
            if left <= 0:
                break
            share = max(_MIN_TRY_S, left / (len(addresses) - index))
            try:
                return PacedStream(
                    self._inner.connect_tcp(address, port, min(share, left), local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = trouble or error
        raise trouble or httpcore.ConnectTimeout(f"no connection within {limit:g} s")


def _look_up(host: str, port: int, limit: float) -> list[str]:
    """The host's addresses. The resolver takes no time-out of its own, so it works in a thread of its own."""
    found: list[str] = []
    trouble: list[OSError] = []

    def ask() -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError) as error:
            trouble.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=ask, name="localloom-look-up", daemon=True)
    thread.start()
    thread.join(limit)
    if trouble:
        raise httpcore.ConnectError(str(trouble[0])) from trouble[0]
    if not found:
        raise httpcore.ConnectTimeout(f"looking up {host} took over {limit:g} s")
    return found


def proxy_for(url: httpx.URL) -> httpx.Proxy | None:
    """The proxy that the environment (on macOS and Windows: the system) wants for `url`.

    Raises:
        EngineFault: config.invalid for a proxy that cannot be used.
    """
    proxies = urllib.request.getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all") or ""
    if not proxy or urllib.request.proxy_bypass(f"{url.host}:{url.port}" if url.port else url.host):
        return None
    try:
        return httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
    except (ValueError, httpx.InvalidURL) as error:
        raise EngineFault(
            Category.CONFIG_INVALID,
            f"the proxy for {url.scheme} in the environment is no http, https or socks5 URL; correct "
            f"{url.scheme.upper()}_PROXY or ALL_PROXY",
            {"artifact.key": f"{url.scheme.upper()}_PROXY"},
        ) from error


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: typing.Iterable[bytes]) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        yield from self._inner

    def close(self) -> None:
        if hasattr(self._inner, "close"):
            self._inner.close()


class Transport(httpx.BaseTransport):
    """Sends requests over pools of connections, one pool a proxy and scheme."""

    def __init__(self) -> None:
        """Connect, and read certificates, when the first request needs it."""
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, str], httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; errors are httpcore's."""
        url = request.url
        response = self._pool(proxy_for(url), url.scheme).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert not isinstance(response.stream, typing.AsyncIterable)
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()

    def _pool(self, proxy: httpx.Proxy | None, scheme: str) -> httpcore.ConnectionPool:
        key = (str(proxy.url) if proxy is not None else "", scheme)
        with self._lock:
            if key not in self._pools:
                secure = scheme == "https" or key[0].startswith("https:")
                self._pools[key] = self._make(proxy, trust() if secure else None)
            return self._pools[key]

    def _make(self, proxy: httpx.Proxy | None, context: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        if proxy is None:
            return httpcore.ConnectionPool(
                context, max_connections=None, keepalive_expiry=15, network_backend=Backend()
            )
        where = httpcore.URL(
            scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"
        )
        if proxy.url.scheme.startswith("socks"):
            if importlib.util.find_spec("socksio") is None:
                raise ImportError("the socksio package is not installed")
            return httpcore.SOCKSProxy(
                where, proxy.raw_auth, context, max_connections=None, network_backend=Backend()
            )
        return httpcore.HTTPProxy(
            where,
            proxy.raw_auth,
            ssl_context=context,
            # Of a proxy that is itself reached by TLS, the same authorities vouch.
            proxy_ssl_context=context if proxy.url.scheme == "https" else None,
            max_connections=None,
            keepalive_expiry=15,
            network_backend=Backend(),
        )
