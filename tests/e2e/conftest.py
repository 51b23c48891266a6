"""A page of another site, for what is framed there."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest


class _Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def start_elsewhere() -> Iterator[str]:
    """The address of an empty page on another origin."""
    with http.server.ThreadingHTTPServer(("localhost", 0), _Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()
