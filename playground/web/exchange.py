"""Files in and out of a session over HTTP: a table of one's own, a saved run, what can be kept.

Whoever may steer the session may do this: its token comes in a header, which no page of another
site can send. What is too large is refused before it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import segno
from flask import Flask, Response, request

from playground.base.errors import InputError, LimitError
from playground.experiment.limits import MAX_SAVED_BYTES, MAX_UPLOAD_BYTES
from playground.export.saved import experiment_in
from playground.runtime.session import Session
from playground.runtime.supervisor import Supervisor
from playground.web.owners import Owned


def add_exchange(app: Flask, supervisor: Supervisor, owned: Owned) -> None:
    """The addresses below /api/sessions."""

    @app.post("/api/sessions/<session_id>/table")
    def table(session_id: str) -> Response:
        """Look at a table, or, without `look`, make it the data."""

        def take() -> dict[str, Any]:
            session = owned(session_id)
            settings = _table_settings()
            body = _body(MAX_UPLOAD_BYTES, "a table")
            words = _seen(session, settings, body)
            if "look" in request.args:
                return words
            if "error" in words:
                raise InputError(words["error"]["message"], words["error"]["field"])
            command = {"name": "use_table", "target": words["target"], "header": settings["header"]}
            return words | {"number": supervisor.ask(session, command, body)}

        return answered(take)

    @app.post("/api/sessions/<session_id>/load")
    def load(session_id: str) -> Response:
        """Go on from a saved file, or begin with an experiment file."""

        def take() -> dict[str, Any]:
            session = owned(session_id)
            body = _body(MAX_SAVED_BYTES, "a saved file")
            command = {"name": "load", "experiment": experiment_in(body)}
            return {"number": supervisor.ask(session, command, body)}

        return answered(take)

    @app.post("/api/sessions/<session_id>/qr")
    def qr(session_id: str) -> Response:
        """A QR code of the body, an address, as rows of 0 and 1. It comes as a body, not in this
        address, because addresses are logged and this one opens a session."""

        def take() -> dict[str, Any]:
            owned(session_id, _QR_COST)
            text = _body(_QR_BYTES, "an address").decode("utf-8", "replace")
            return {"rows": ["".join(map(str, row)) for row in segno.make_qr(text).matrix]}

        return answered(take)

    @app.get("/api/sessions/<session_id>/files/<name>")
    def file(session_id: str, name: str) -> Response:
        """A file of the run as it stands; its words in a header."""
        try:
            session = owned(session_id)
            words, body = session.request({"name": "file", "what": name})
        except InputError as error:
            return _refused(error)
        response = Response(body, mimetype=words["type"])
        response.headers["Content-Disposition"] = f'attachment; filename="{words["file"]}"'
        told = {k: v for k, v in words.items() if k not in _ENVELOPE}
        response.headers["X-File-Words"] = json.dumps(told)
        response.headers["Cache-Control"] = "no-store"
        return response


_QR_BYTES = 500
_QR_COST = 0.5
_SEEN = ("columns", "rows", "most_rows", "target", "task", "classes", "inputs", "error")
_ENVELOPE = {"kind", "session", "number", "ok"}


def _seen(session: Session, settings: dict[str, Any], table: bytes) -> dict[str, Any]:
    """What the session's worker sees in a table, or what is wrong with it."""
    try:
        seen, _ = session.request({"name": "table", **settings}, table)
    except InputError as error:
        return {"error": {"message": error.message, "field": error.field}}
    return {key: seen[key] for key in _SEEN if key in seen}


def _table_settings() -> dict[str, Any]:
    target = request.args.getlist("target") or None
    header = {"yes": True, "no": False, None: None}.get(request.args.get("header"))
    return {"target": target, "header": header}


def _body(most: int, what: str) -> bytes:
    """The request's body, which says its own size; nothing of a larger one is read."""
    size = request.content_length
    if size is None:
        raise InputError(f"{what} must come with its size (Content-Length)")
    if size > most:
        raise LimitError(f"{what} of {size:,} bytes is too large; at most {most:,} can be used")
    body = request.stream.read(size)
    if len(body) < size:
        raise InputError(f"{what} was cut off on its way")
    if not body:
        raise InputError(f"{what} can't be empty")
    return body


def answered(take: Callable[[], dict[str, Any]]) -> Response:
    """What `take` gives as JSON, or why it refuses."""
    try:
        words = take()
    except InputError as error:
        return _refused(error)
    return json_response({"ok": True, **words}, 200)


def _refused(error: InputError) -> Response:
    is_missing = error.field in ("session", "what")
    status = 413 if isinstance(error, LimitError) else 404 if is_missing else 400
    words = {"ok": False, "error": {"message": error.message, "field": error.field}}
    return json_response(words, status)


def json_response(words: dict[str, Any], status: int) -> Response:
    """Words as JSON."""
    return Response(json.dumps(words), status, mimetype="application/json")
