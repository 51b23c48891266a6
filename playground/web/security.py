"""Who may come in, and how fast: host names, origins, response headers, token buckets.

Everything stands around the whole application, Socket.IO included: a page of another site that
makes its own host name point at this machine (DNS rebinding) sends that name as Host, and is
refused here.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.middleware.proxy_fix import ProxyFix

from playground.web.metrics import Metrics
from playground.web.settings import Settings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_WRONG = "400 Bad Request"
WILDCARDS = frozenset({"0.0.0.0", "::", ""})

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        # Plotly writes style attributes.
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
)
RESPONSE_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    # A share link carries its session in the address: no other site gets to see it.
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
FILE_HEADERS = [
    (name, value)
    for name, value in RESPONSE_HEADERS
    if name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")
]
"""For files that are no documents: the rest says nothing of them, and some eighty come at once."""
_FILES = ("text/javascript", "text/css", "font/")
_DEFAULTS = (None, 80, 443)
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED", "HTTP_X_REAL_IP")


class HostList:
    """The host names this server answers to."""

    def __init__(self, bound: str, configured: Iterable[str]) -> None:
        self._names = LOOPBACK_NAMES | {_bare(name) for name in configured}
        # Rebinding needs a name. A server opened to the network may be reached by its address.
        self._any_address = bound in WILDCARDS
        if self._any_address:
            self._names |= {_bare(socket.gethostname())}
        else:
            self._names |= {_bare(bound)}

    def __contains__(self, host: str) -> bool:
        """Does this server answer to this Host header (with or without a port)?"""
        name = _bare(host)
        return name in self._names or (self._any_address and _is_address(name))


class Guard:
    """WSGI middleware: refuses foreign hosts and origins, dresses every response."""

    def __init__(
        self, application: Application, hosts: HostList, metrics: Metrics | None = None
    ) -> None:
        self._application = application
        self._hosts = hosts
        self._metrics = metrics or Metrics()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        ancestors = "*" if _is_embedded(environ) else "'none'"
        policy = f"{CONTENT_SECURITY_POLICY}; frame-ancestors {ancestors}"

        def dressed(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            kind = next((value for name, value in headers if name.lower() == "content-type"), "")
            if kind.startswith(_FILES):
                return start_response(status, [*headers, *FILE_HEADERS], *rest)
            own = [("Content-Security-Policy", policy), *RESPONSE_HEADERS]
            return start_response(status, [*headers, *own], *rest)

        host = environ.get("HTTP_HOST", "")
        if host not in self._hosts:
            self._metrics.refuse("host")
            return _refused(
                dressed,
                f"This server does not answer to the host name {_bare(host)[:100]!r}. "
                "If it should, add the name to PLAYGROUND_ALLOWED_HOSTS.",
            )
        if not self._is_own_origin(environ.get("HTTP_ORIGIN"), host):
            self._metrics.refuse("origin")
            return _refused(dressed, "Pages of other sites may not use this server.")
        if _is_half_a_handshake(environ):
            # python-engineio would take it for a poll, and answer with what is not bytes.
            return _refused(dressed, "A WebSocket handshake says Connection: Upgrade.", _WRONG)
        return self._application(environ, dressed)

    def _is_own_origin(self, origin: str | None, host: str) -> bool:
        """Is the page that asks one of ours? Programs that are no browser send no origin."""
        if origin is None:
            return True
        try:
            parts = urlsplit(origin)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return False
        # Behind a TLS proxy the scheme we see is not the page's: both default ports count as one.
        expected = _DEFAULTS if _port(host) in _DEFAULTS else (_port(host),)
        return _bare(parts.hostname) == _bare(host) and port in expected


class NoForwarding:
    """WSGI middleware: forgets what a client claims a proxy said."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        for key in [key for key in environ if key.startswith(_FORWARDED)]:
            del environ[key]
        return self._application(environ, start_response)


def guarded(
    application: Application, settings: Settings, metrics: Metrics | None = None
) -> Application:
    """The application behind its guards."""
    hosts = HostList(settings.host, settings.allowed_hosts)
    guard = Guard(application, hosts, metrics)
    if settings.trust_proxy:
        return ProxyFix(guard, x_for=1, x_proto=1, x_host=1)
    return NoForwarding(guard)


class TokenBucket:
    """`rate` a second on average, `burst` at once."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._filled = burst, clock()

    def take(self, cost: float = 1.0) -> bool:
        """Whether `cost` was there to be taken."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True


def _is_embedded(environ: Environ) -> bool:
    """Is it the page, and does its address say that it is to stand in another site's page?"""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return environ.get("PATH_INFO") == "/" and query.get("embed", [""])[-1] == "1"


def _is_half_a_handshake(environ: Environ) -> bool:
    said = [word.strip().lower() for word in environ.get("HTTP_CONNECTION", "").split(",")]
    return environ.get("HTTP_UPGRADE", "").lower() == "websocket" and "upgrade" not in said


def _refused(
    start_response: StartResponse, message: str, status: str = "403 Forbidden"
) -> list[bytes]:
    body = f"{message}\n".encode()
    start_response(
        status,
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]


def _bare(host: str) -> str:
    """The name alone: no port, no brackets, no final dot, lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    if host.count(":") == 1:
        host = host.partition(":")[0]
    return host.rstrip(".")


def _port(host: str) -> int | None:
    _, _, port = host.rpartition("]")[2].rpartition(":")
    return int(port) if port.isdigit() and host.rpartition("]")[2].count(":") == 1 else None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
