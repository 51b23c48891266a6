"""What is served over plain HTTP: the page, its files, the schema, the manual, the health check."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, Response, redirect, render_template, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as AnyResponse

import playground
from playground.base.errors import UnknownNameError
from playground.lab.scenarios.library import told
from playground.runtime.supervisor import Supervisor
from playground.web import manual
from playground.web.assets import Assets, folder
from playground.wire.explanations import explanations
from playground.wire.schema import experiment_schema


def add_routes(app: Flask, supervisor: Supervisor) -> None:
    """Every address of this server but Socket.IO's."""
    assets = Assets(folder("static"))

    @app.url_defaults
    def with_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", assets.version)

    @app.get("/static/~<version>/<path:filename>", endpoint="static")
    def versioned(version: str, filename: str) -> Response:
        return assets.serve(filename, version)

    @app.get("/static/<path:filename>")
    def unversioned(filename: str) -> Response:
        return assets.serve(filename)

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return assets.serve("icon.svg")

    @app.get("/")
    def index() -> str:
        modules = assets.modules("js/flow/begin.js", "js/main.js")
        return render_template("index.html", modules=modules)

    @app.after_request
    def small(response: Response) -> Response:
        if response.mimetype != "text/html" or response.content_encoding:
            return response
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"] > 0:
            response.set_data(gzip.compress(response.get_data(), mtime=0))
            response.content_encoding = "gzip"
        return response

    @app.get("/api/schema")
    def schema() -> Response:
        return _compressed_json(experiment_schema)

    @app.get("/api/explanations")
    def explained() -> Response:
        return _compressed_json(explanations)

    @app.get("/api/scenarios")
    def scenarios() -> Response:
        return _compressed_json(told)

    @app.get("/scenarios")
    def scenarios_page() -> str:
        return render_template("scenarios.html", scenarios=told())

    @app.get("/healthz")
    def healthz() -> tuple[dict[str, Any], int]:
        is_healthy = supervisor.fleet.is_healthy
        return {
            "status": "ok" if is_healthy else "degraded",
            "version": playground.__version__,
            "sessions": len(supervisor),
            "workers": len(supervisor.fleet.pids),
            "viewers": sum(len(session.viewers) for session in supervisor),
            "database": supervisor.keeper.trouble or "ok" if supervisor.keeper.database else "none",
        }, 200 if is_healthy else 503

    @app.get("/manual")
    @app.get("/manual/")
    def manual_index() -> AnyResponse:
        return redirect("/manual/index")

    @app.get("/manual/<name>")
    def manual_page(name: str) -> str:
        try:
            page = manual.page(name)
        except UnknownNameError as error:
            raise NotFound(f"There {error.message}.".replace("There no", "There is no")) from None
        return render_template("manual.html", page=page, contents=manual.contents())

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        words = {"title": error.name, "message": error.description, "status": status}
        return render_template("error.html", **words), status


def _compressed_json(answer: Callable[[], Any]) -> Response:
    plain, compressed = _bodies(answer)
    small = request.accept_encodings["gzip"] > 0
    response = Response(compressed if small else plain, mimetype="application/json")
    if small:
        response.content_encoding = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _bodies(answer: Callable[[], Any]) -> tuple[bytes, bytes]:
    plain = json.dumps(answer(), separators=(",", ":"), ensure_ascii=False).encode()
    return plain, gzip.compress(plain, mtime=0)
