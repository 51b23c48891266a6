"""The manual's recipe for nginx with TLS, as it stands there but for ports and paths."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio
from server import ServerProcess

HOST = "lab.example.org"
PATIENCE_SECONDS = 20.0
AROUND = """
daemon off;
pid {place}/pid;
events {{}}
http {{
  access_log off;
  client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};
  uwsgi_temp_path {place}; scgi_temp_path {place};
  {recipe}
}}
"""


class Proxy:
    """nginx in front of `server`, with a certificate of its own for 127.0.0.1."""

    def __init__(self, server: ServerProcess, recipe: str, place: Path) -> None:
        self.certificate = place / "lab.pem"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        key = place / "lab.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1",
             "-keyout", key, "-out", self.certificate],
            check=True, capture_output=True,
        )  # fmt: skip
        for found, put in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            (f"/etc/ssl/{HOST}.pem", str(self.certificate)),
            (f"/etc/ssl/{HOST}.key", str(key)),
            ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
        ):
            assert found in recipe
            recipe = recipe.replace(found, put)
        (place / "nginx.conf").write_text(AROUND.format(place=place, recipe=recipe))
        self._log = place / "nginx.log"
        self._process = subprocess.Popen(
            ["nginx", "-p", place, "-e", self._log, "-c", place / "nginx.conf"],
            stderr=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def get(self, path: str, host: str = HOST) -> requests.Response:
        return requests.get(
            f"https://127.0.0.1:{self.port}{path}",
            headers={"Host": host},
            verify=str(self.certificate),
            timeout=10,
        )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text()
            try:
                self.get("/healthz")
            except requests.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("nginx does not answer")


@pytest.fixture
def proxy(
    start_server: Callable[..., ServerProcess], root: Path, tmp_path: Path
) -> Iterator[Proxy]:
    if not (shutil.which("nginx") and shutil.which("openssl")):
        pytest.skip("no nginx or no openssl is installed here, so nothing is proved of the recipe")
    manual = (root / "playground/manual/running.md").read_text()
    [recipe] = re.findall(r"```nginx\n(.*?)```", manual, re.DOTALL)
    server = start_server(PLAYGROUND_ALLOWED_HOSTS=HOST, PLAYGROUND_TRUST_PROXY="1")
    running = Proxy(server, recipe, tmp_path)
    yield running
    running.stop()


def test_the_page_and_its_frames_come_through_nginx(proxy: Proxy) -> None:
    page = proxy.get("/")
    assert page.status_code == 200
    assert "Backprop" in page.text
    assert proxy.get("/", host="evil.example").status_code == 403
    assert proxy.get("/metrics").status_code == 403, "nginx keeps them in"

    client = socketio.Client(
        reconnection=False,
        websocket_extra_options={
            "sslopt": {"ca_certs": str(proxy.certificate), "cert_reqs": ssl.CERT_REQUIRED},
            "host": HOST,
            "origin": f"https://{HOST}",
        },
    )
    frames: list[Any] = []
    client.on("frame", frames.append)
    client.connect(f"https://127.0.0.1:{proxy.port}", transports=["websocket"])
    assert "session" in client.call("open", {}, timeout=PATIENCE_SECONDS)
    assert client.call("command", {"name": "play"}, timeout=PATIENCE_SECONDS)["ok"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    seq = 0
    while len(frames) < 20 and time.monotonic() < deadline:
        client.emit("credit", {"seq": (seq := seq + 1)})
        time.sleep(0.02)
    client.disconnect()
    assert len(frames) >= 20, "a proxy that buffers would hold them back"
