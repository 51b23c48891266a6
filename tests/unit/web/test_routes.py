"""Plain HTTP, without a network: the page, its files and how they are cached, schema, manual."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from playground.web.app import create_playground
from playground.web.settings import Settings


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_playground(Settings()).flask.test_client()


def test_the_pages_files_lie_under_one_version_and_are_kept_for_ever(client: FlaskClient) -> None:
    page = client.get("/").text
    address = re.search(r'src="(/static/~\w+/js/main\.js)"', page)
    assert address is not None
    response = client.get(address[1])
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.mimetype == "text/javascript"


def test_a_plain_address_is_asked_for_again_and_answered_without_a_body(
    client: FlaskClient,
) -> None:
    first = client.get("/static/js/main.js")
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/js/main.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_text_travels_compressed_to_those_who_understand_it(
    client: FlaskClient, root: Path
) -> None:
    expected = (root / "static/icon.svg").read_bytes()
    packed = client.get("/static/icon.svg", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == expected
    refused = client.get("/static/icon.svg", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == expected


def test_code_travels_line_for_line_without_its_comments(client: FlaskClient, root: Path) -> None:
    for path in sorted((root / "static/js").rglob("*.js")):
        written = path.read_text(encoding="utf-8").split("\n")
        sent = client.get(f"/{path.relative_to(root).as_posix()}").text.split("\n")
        assert len(sent) == len(written)
        for own, found in zip(written, sent, strict=True):
            is_comment = own.lstrip().startswith(("//", "/*", "*"))
            assert found == ("" if is_comment and not found else own), path
        assert not any(re.match(r"\s*(//|/\*[^(]*\*/$)", line) for line in sent), path


def test_style_sheets_come_together(client: FlaskClient) -> None:
    one, other = (client.get(f"/static/css/{name}.css").data for name in ("tokens", "base"))
    assert client.get("/static/css/tokens+base.css").data == one + other
    assert client.get("/static/css/tokens+nowhere.css").status_code == 404


def test_the_page_names_every_script_it_will_need_and_comes_compressed(
    client: FlaskClient, root: Path
) -> None:
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(packed.data).decode()
    assert page == client.get("/").text
    named = re.findall(r'rel="modulepreload" href="/static/~\w+/([^"]+)"', page)
    assert len(named) == len(set(named))
    assert "vendor/socket.io.esm.min.js" in named
    assert {"js/flow/store.js", "js/draw/dom.js", "js/views/network.js"} <= set(named)
    assert named.index("js/flow/socket.js") < named.index("js/controls/form.js"), "the session"
    assert "js/views/curves.js" not in named, "what comes after the first pictures"
    assert [name for name in named if not (root / "static" / name).is_file()] == []


@pytest.mark.parametrize(
    "address",
    [
        "/static/../pyproject.toml",
        "/static/%2e%2e/pyproject.toml",
        "/static/~v/../../pyproject.toml",
        "/static//etc/passwd",
        "/static/nothing.js",
        "/manual/nothing",
        "/manual/../routes",
        "/nothing",
    ],
)
def test_there_is_nothing_beside_what_is_served(client: FlaskClient, address: str) -> None:
    assert client.get(address, follow_redirects=True).status_code == 404


def test_the_schema_is_a_json_schema_of_the_experiment(client: FlaskClient) -> None:
    schema = json.loads(client.get("/api/schema").data)
    assert {"data", "network", "training", "seed"} <= schema["properties"].keys()


def test_the_manual_is_served(client: FlaskClient) -> None:
    assert client.get("/manual").headers["Location"].endswith("/manual/index")
    assert "<h1>" in client.get("/manual/index").text


def test_a_page_that_is_not_there_says_so_in_html(client: FlaskClient) -> None:
    response = client.get("/nothing")
    assert response.status_code == 404
    assert "<!doctype html>" in response.text


def test_the_scenarios_are_served_and_each_stands_on_the_page(client: FlaskClient) -> None:
    told = client.get("/api/scenarios").get_json()
    page = client.get("/scenarios").text
    assert len(told) >= 15
    for scenario in told:
        assert f'id="{scenario["id"]}"' in page
        assert f"/?scenario={scenario['id']}" in page
        for scene in scenario["scenes"]:
            assert isinstance(scene["steps"], int)
            assert scene["expect"][0]["text"].split("‖")[0] in page
