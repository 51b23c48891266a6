"""Bring the browser files that others wrote into static/vendor/, pinned and hash-checked.

`vendor.lock.json`, beside this file, names each npm package, its version, the sha512 of its tarball
and the files we take from it with theirs. Hatchling runs `CustomBuildHook` before every build, also
an editable one; nothing is fetched while static/vendor/ holds what the lock names. By hand:

    python .ci/vendor.py           fetch what is missing
    python .ci/vendor.py --relock  after a version was changed in the lock: write its new hashes
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import node

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / ".ci" / "vendor.lock.json"
VENDOR = ROOT / "static" / "vendor"
COMPRESSED = {".js"}
"""Kinds of which a `.gz` twin is served; fonts are compressed already."""


class VendorError(Exception):
    """The browser files could not be brought in; the message says what to do."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Hatchling's way in."""

    def dependencies(self) -> list[str]:
        """npm from PyPI, only where it is needed and missing."""
        return [] if is_current() or node.npm_command() else [node.WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            bring_in()
        except VendorError as error:
            self.app.abort(f"\n{error}\n")


def is_current() -> bool:
    """Whether static/vendor/ holds exactly the files that the lock names, bit for bit."""
    expected = {file["to"]: file["sha512"] for package in _lock() for file in package["files"]}
    twins = {_twin(name) for name in expected if Path(name).suffix in COMPRESSED}
    if not VENDOR.is_dir() or {f.name for f in VENDOR.iterdir()} != expected.keys() | twins:
        return False
    contents = {name: (VENDOR / name).read_bytes() for name in expected}
    return all(_hash(contents[name]) == sha for name, sha in expected.items()) and all(
        gzip.decompress((VENDOR / _twin(name)).read_bytes()) == content
        for name, content in contents.items()
        if _twin(name) in twins
    )


def bring_in() -> None:
    """Make static/vendor/ what the lock says."""
    if is_current():
        return
    packages = _lock()
    with tempfile.TemporaryDirectory() as folder:
        contents: dict[str, bytes] = {}
        for package, tarball in zip(packages, _fetch(packages, Path(folder)), strict=True):
            _check(_label(package), tarball.read_bytes(), package["sha512"])
            for file, content in zip(package["files"], _members(package, tarball), strict=True):
                _check(f"{file['from']} of {_label(package)}", content, file["sha512"])
                contents[file["to"]] = content
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name in list(contents):
        if Path(name).suffix in COMPRESSED:
            contents[_twin(name)] = gzip.compress(contents[name], 9, mtime=0)
    for stale in VENDOR.iterdir():
        if stale.name not in contents:
            stale.unlink()
    for name, content in contents.items():
        _write(VENDOR / name, content)


def relock() -> None:
    """Write into the lock the hashes of the versions it names."""
    packages = _lock()
    with tempfile.TemporaryDirectory() as folder:
        for package, tarball in zip(packages, _fetch(packages, Path(folder)), strict=True):
            package["sha512"] = _hash(tarball.read_bytes())
            for file, content in zip(package["files"], _members(package, tarball), strict=True):
                file["sha512"] = _hash(content)
    LOCK.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def _fetch(packages: list[dict[str, Any]], folder: Path) -> list[Path]:
    """The tarballs of `packages`, in their order, fetched into `folder` by one `npm pack`."""
    npm = node.npm_command()
    if npm is None:
        raise VendorError(
            "The page needs some files from npm, and no npm was found.\n"
            f"Install Node.js, or: python -m pip install {node.WHEEL}"
        )
    wanted = [_label(package) for package in packages]
    command = [*npm, "pack", *wanted, "--ignore-scripts", "--loglevel=error"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if answer.returncode:
        reason = "\n".join(answer.stderr.strip().splitlines()[:6])
        raise VendorError(
            f"{reason}\n\nnpm could not fetch the page's third-party files: {', '.join(wanted)}.\n"
            "While it installs, this machine must reach npm's registry, or a mirror set in npm's\n"
            f"configuration. The same by hand: npm pack {wanted[0]}"
        )
    return [folder / _tarball_name(package) for package in packages]


def _members(package: dict[str, Any], tarball: Path) -> list[bytes]:
    with tarfile.open(tarball) as archive:
        found = []
        for file in package["files"]:
            try:
                member = archive.extractfile(f"package/{file['from']}")
            except KeyError:
                member = None
            if member is None:
                raise VendorError(f"{_label(package)} has no file {file['from']!r}")
            found.append(member.read())
        return found


def _check(what: str, content: bytes, expected: str) -> None:
    if _hash(content) != expected:
        raise VendorError(
            f"{what} is not what {LOCK.name} says it is:\n"
            f"  expected sha512 {expected}\n  received sha512 {_hash(content)}\n"
            "Nothing was taken from it. After a deliberate change of version in the lock:\n"
            "python .ci/vendor.py --relock"
        )


def _write(path: Path, content: bytes) -> None:
    # Written aside and moved: two builds at once, or a server reading, never see half a file.
    handle, aside = tempfile.mkstemp(dir=path.parent.parent, prefix=".vendor-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(aside, 0o644)
    os.replace(aside, path)


def _lock() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = json.loads(LOCK.read_text(encoding="utf-8"))
    return packages


def _label(package: dict[str, Any]) -> str:
    return f"{package['name']}@{package['version']}"


def _tarball_name(package: dict[str, Any]) -> str:
    return f"{package['name'].removeprefix('@').replace('/', '-')}-{package['version']}.tgz"


def _twin(name: str) -> str:
    return f"{name}.gz"


def _hash(content: bytes) -> str:
    """As npm writes it: base64 of the sha512."""
    return base64.b64encode(hashlib.sha512(content).digest()).decode()


if __name__ == "__main__":
    try:
        relock() if "--relock" in sys.argv[1:] else bring_in()
    except VendorError as error:
        sys.exit(str(error))
