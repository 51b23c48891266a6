"""Hosts, origins, buckets: who comes in, and how fast."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from playground.base.errors import InputError
from playground.web.security import HostList, TokenBucket, guarded
from playground.web.settings import Settings


def status(host: str, origin: str | None = None, **settings: Any) -> str:
    """What the guarded application answers."""
    return answer(host, origin, **settings)[0]


def answer(
    host: str, origin: str | None = None, environ: dict[str, str] | None = None, **settings: Any
) -> tuple[str, dict[str, str], dict[str, Any]]:
    seen: dict[str, Any] = {}
    told: list[Any] = []

    def inner(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        start_response("200 OK", [])
        return []

    given = {"HTTP_HOST": host, "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}
    given |= environ or {}
    if origin is not None:
        given["HTTP_ORIGIN"] = origin
    application = guarded(inner, Settings(**settings))
    list(application(given, lambda *args: told.extend(args)))
    return told[0][:3], dict(told[1]), seen


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST.:80"]
)
def test_this_machines_own_names_come_in(host: str) -> None:
    assert status(host) == "200"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "10.0.0.1",
        "127.0.0.1.evil",
    ],
)
def test_other_names_do_not(host: str) -> None:
    assert status(host) == "403"


def test_a_configured_name_comes_in() -> None:
    assert status("hall.example:8000", allowed_hosts=("Hall.example",)) == "200"


def test_a_server_on_all_interfaces_is_reached_by_address_and_not_by_a_rebound_name() -> None:
    hosts = HostList("0.0.0.0", [])
    assert "192.168.1.7:8000" in hosts
    assert "[fe80::1]:8000" in hosts
    assert "evil.example:8000" not in hosts


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, "200"),
        ("http://localhost:8000", "200"),
        ("https://localhost:8000", "200"),
        ("http://localhost:8001", "403"),
        ("http://127.0.0.1:8000", "403"),
        ("http://evil.example", "403"),
        ("null", "403"),
        ("file://", "403"),
        ("http://localhost:8000.evil.example", "403"),
        ("http://localhost:nan", "403"),
    ],
)
def test_only_pages_of_this_server_may_ask(origin: str | None, expected: str) -> None:
    assert status("localhost:8000", origin) == expected


def test_behind_a_tls_proxy_the_page_on_the_default_port_may_ask() -> None:
    own = {"allowed_hosts": ("hall.example",)}
    assert status("hall.example", "https://hall.example", **own) == "200"
    assert status("hall.example", "https://hall.example:8443", **own) == "403"


def test_every_response_is_dressed_even_a_refusal() -> None:
    for host in ("localhost", "evil.example"):
        _, headers, _ = answer(host)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_only_documents_carry_what_speaks_of_documents() -> None:
    told: list[Any] = []

    def script(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/javascript; charset=utf-8")])
        return []

    environ = {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}
    list(guarded(script, Settings())(environ, lambda *args: told.extend(args)))
    headers = dict(told[1])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" not in headers


def test_what_a_client_says_a_proxy_said_is_forgotten() -> None:
    lie = {"HTTP_X_FORWARDED_HOST": "localhost", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}
    told, _, seen = answer("localhost", environ=lie)
    assert told == "200"
    assert not [key for key in seen if "FORWARDED" in key]
    assert answer("evil.example", environ=lie)[0] == "403"


def test_a_trusted_proxy_is_believed() -> None:
    told, _, seen = answer(
        "127.0.0.1:8000",
        environ={"HTTP_X_FORWARDED_HOST": "hall.example", "HTTP_X_FORWARDED_FOR": "1.2.3.4"},
        trust_proxy=True,
        allowed_hosts=("hall.example",),
    )
    assert (told, seen["REMOTE_ADDR"]) == ("200", "1.2.3.4")


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    now = [0.0]
    bucket = TokenBucket(10.0, 5.0, clock=lambda: now[0])
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    now[0] = 0.1
    assert bucket.take()
    assert not bucket.take()
    now[0] = 1000.0
    assert not bucket.take(6)
    assert bucket.take(5)


def test_settings_come_from_the_command_line_then_the_environment() -> None:
    environment = {"PORT": "1", "PLAYGROUND_PORT": "2", "HOST": "::1"}
    assert Settings.from_environment(environment, port=3).port == 3
    assert Settings.from_environment(environment).port == 2
    assert Settings.from_environment(environment).host == "::1"
    listed = Settings.from_environment({"PLAYGROUND_ALLOWED_HOSTS": "a.example, b.example"})
    assert listed.allowed_hosts == ("a.example", "b.example")


@pytest.mark.parametrize(
    ("name", "text"), [("port", "http"), ("port", "70000"), ("workers", "0"), ("trust_proxy", "?")]
)
def test_a_setting_that_makes_no_sense_is_named(name: str, text: str) -> None:
    with pytest.raises(InputError) as refused:
        Settings.from_environment({f"PLAYGROUND_{name.upper()}": text})
    assert refused.value.field == name
