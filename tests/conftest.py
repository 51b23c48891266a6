"""Fixtures for every test: the server as a process, and a page that must stay silent."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from complaints import Complaints
from driver import PATIENCE_MS, Playground
from playwright.sync_api import BrowserContext, Page
from server import ServerProcess

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before NumPy reads it: the cores run other tests

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / ".ci"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One running playground for all tests that do it no harm."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Start a playground of the test's own, with arguments of `serve` and environment variables."""
    started: list[ServerProcess] = []

    def start(*arguments: str, **environment: str) -> ServerProcess:
        log = tmp_path / f"server-{len(started)}.log"
        started.append(ServerProcess(log, *arguments, **environment).start())
        return started[-1]

    yield start
    for process in started:
        process.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's arguments, for the browser that was found by starting it."""
    import browser

    found = browser.find()
    if found is None:
        pytest.fail("no browser starts here; `make test` brings one, or: python .ci/browser.py")
    return {**browser_type_launch_args, **browser.launch_options(found)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk's screen, unless a test says otherwise."""
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def complaints() -> Complaints:
    """What `page` must not have at the end of the test."""
    return Complaints()


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Iterator[Page]:
    """A page whose test fails when its console has something to say."""
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    complaints.watch(opened)
    yield opened
    opened.close()
    assert complaints.unexpected() == []


@pytest.fixture
def playground(page: Page, server: ServerProcess) -> Playground:
    """A page of the running playground, not yet opened."""
    return Playground(page, server.url)
