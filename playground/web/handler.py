"""One HTTP connection, as pywsgi serves it, but for what strangers can do to it."""

from __future__ import annotations

import contextlib
import logging
import socket
from typing import Any

from gevent.pywsgi import WSGIHandler

_log = logging.getLogger(__name__)

REQUEST_SECONDS = 60.0


class Handler(WSGIHandler):  # type: ignore[misc]
    """pywsgi's handler, which hands its socket over, and does not wait for ever for a request."""

    def __init__(self, sock: Any, address: Any, server: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(REQUEST_SECONDS)
        super().__init__(sock, address, server)

    def handle(self) -> None:
        """Serve the connection; who hangs up in the middle of an answer is no fault of ours."""
        with contextlib.suppress(OSError):
            super().handle()

    def read_request(self, raw_requestline: str) -> Any:
        """As pywsgi does, which looks beyond the end of a version without a dot."""
        try:
            return super().read_request(raw_requestline)
        except IndexError:
            raise ValueError("not a request") from None

    def log_error(self, msg: str, *args: Any) -> None:
        """What is no request was refused: not worth a line in our log."""
        _log.debug(msg, *args)

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["playground.handler"] = self
        return environ
