"""Experiments under a short address, for good: `/x/NAME`."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from playground.base.errors import InputError, StoreError
from playground.runtime.supervisor import Supervisor
from playground.web.exchange import answered, json_response
from playground.web.owners import Owned

_COST = 5.0
"""Files' worth of tokens: what is published stays."""
_NOT_HERE = "no experiment has this short link here"


def add_published(app: Flask, supervisor: Supervisor, owned: Owned) -> None:
    """The addresses that make a short link, follow it, and give what it stands for."""
    keeper = supervisor.keeper

    @app.post("/api/sessions/<session_id>/link")
    def publish(session_id: str) -> Response:
        """A short link to the session's experiment as it is, and the variants beside it."""

        def take() -> dict[str, Any]:
            session = owned(session_id, _COST)
            experiment = session.journal.confirmed
            if experiment.data.name == "csv":
                raise InputError("your own table does not travel in a link: save a file", "data")
            beside = {"compare": session.comparison} if session.comparison else {}
            text = json.dumps(
                {**experiment.dump(), **beside}, separators=(",", ":"), sort_keys=True
            )
            try:
                name = keeper.ask(lambda database: database.publish(text))
            except StoreError as error:
                raise InputError(f"short links can't be made at the moment: {error}") from None
            if name is None:
                raise InputError("this server keeps nothing, so it has no short links")
            return {"link": f"/x/{name}"}

        return answered(take)

    @app.get("/x/<name>")
    def follow(name: str) -> AnyResponse:
        """Into the page, which asks for the experiment; its options stay as they are."""
        query = request.query_string.decode("ascii", "ignore")
        return redirect(f"/{'?' if query else ''}{query}#x={name}")

    @app.get("/api/experiments/<name>")
    def published(name: str) -> Response:
        """The experiment of that name."""
        try:
            text = keeper.ask(lambda database: database.published(name))
        except StoreError as error:
            return json_response({"error": {"message": str(error), "field": None}}, 503)
        if text is None:
            return json_response({"error": {"message": _NOT_HERE, "field": "name"}}, 404)
        return Response(text, mimetype="application/json")
