"""A Chromium for the browser tests: the first that really starts, installed where there is none.

In this order: the machine's own, the one Playwright has downloaded, then `playwright install`, then
apt. Starting one is the only proof: a browser on the PATH may lack its libraries, be a stub that
wants a snap, or refuse to run in a container.

    python .ci/browser.py    find or install one and say which
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import Error, sync_playwright

ON_PATH = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"]
FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium's sandbox refuses to run as root

PLAYWRIGHTS_OWN = ""
"""Stands for the browser that Playwright downloads and finds by itself."""


def find() -> str | None:
    """The path of a browser that starts, PLAYWRIGHTS_OWN for that one; None where none does."""
    for candidate in _candidates():
        if starts(candidate):
            return candidate
    return None


def starts(executable: str) -> bool:
    """Whether this browser opens a page."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options(executable), timeout=60_000)
            page = browser.new_page()
            page.set_content("<title>it works</title>")
            works = page.title() == "it works"
            browser.close()
            return works
    except Error:
        return False


def launch_options(executable: str) -> dict[str, object]:
    """What `chromium.launch` needs to start this browser as our tests want it."""
    options: dict[str, object] = {"args": FLAGS}
    if executable != PLAYWRIGHTS_OWN:
        options["executable_path"] = executable
    return options


def provide() -> str | None:
    """As `find`, but installs a browser where there is none, in ever more thorough ways."""
    found = find()
    for install in _installations():
        if found is not None:
            break
        _try(install)
        found = find()
    return found


def _candidates() -> Iterator[str]:
    for name in ON_PATH:
        path = shutil.which(name)
        if path:
            yield path
    yield PLAYWRIGHTS_OWN


def _installations() -> Iterator[list[str]]:
    playwright = [sys.executable, "-m", "playwright"]
    yield [*playwright, "install", "chromium"]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not shutil.which("apt-get") or not (root or _sudo()):
        return
    apt = [*([] if root else ["sudo", "-n"]), "apt-get", "-q", "-y"]
    yield [*apt, "update"]
    yield [*apt, "install", "--no-install-recommends", "chromium"]
    # Where apt's chromium is only a pointer to a snap: the libraries Playwright's download lacks.
    yield [*playwright, "install-deps", "chromium"]


def _sudo() -> bool:
    """Whether sudo asks for no password here."""
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


def _try(command: list[str]) -> None:
    print("browser tests:", " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"browser tests: {error}", flush=True)


if __name__ == "__main__":
    chosen = provide()
    if chosen is None:
        sys.exit(
            "The browser tests need a Chromium, and none could be started or installed.\n"
            "Install one yourself; Debian: apt install chromium; or Playwright's:\n"
            "python -m playwright install --with-deps chromium"
        )
    print(f"browser tests: using {chosen or 'the browser Playwright downloaded'}")
