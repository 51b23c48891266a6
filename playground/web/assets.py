"""The browser's files: found in the package or beside it, compressed, cached as far as is right."""

from __future__ import annotations

import gzip
import mimetypes
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

import playground

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?\bfrom\s*"(\.[^"]+)";""", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*$", re.MULTILINE)
_COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


def folder(name: str) -> Path:
    """`static` or `templates`: inside an installed package, else beside it in a checkout."""
    package = Path(playground.__file__).parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True)
class _Asset:
    stamp: int
    body: bytes
    compressed: bytes | None
    mimetype: str
    etag: str


class Assets:
    """Serves the files below `root`; `version` changes whenever one of them does."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[Path, _Asset] = {}
        self._modules: dict[str, dict[str, int]] = {}
        stamps = sorted(
            (str(path.relative_to(root)), path.stat().st_size, path.stat().st_mtime_ns)
            for path in root.rglob("*")
            if path.is_file()
        )
        self.version = f"{zlib.crc32(repr(stamps).encode()):08x}"

    def modules(self, *entries: str) -> list[str]:
        """The scripts that `entries` import, and those that they import, in the order found.

        A browser learns of each only from the one before; named in the page, all come at once.
        """
        found = [path for entry in entries for path in self._walked(entry)]
        return [path for path in dict.fromkeys(found) if path not in entries]

    def _walked(self, entry: str) -> dict[str, int]:
        known = self._modules.get(entry, {})
        if not known or any(self._stamp(path) != stamp for path, stamp in known.items()):
            known = self._modules[entry] = {path: self._stamp(path) for path in self._walk(entry)}
        return known

    def _walk(self, entry: str) -> list[str]:
        found, waiting = [entry], [entry]
        while waiting:
            here = self._root / waiting.pop(0)
            for target in _IMPORT.findall(here.read_text(encoding="utf-8")):
                path = (here.parent / target).resolve().relative_to(self._root.resolve()).as_posix()
                if path not in found and (self._root / path).is_file():
                    found.append(path)
                    waiting += [] if path.startswith("vendor/") else [path]
        return found

    def _stamp(self, path: str) -> int:
        """When it was changed; 0 where it is no more."""
        try:
            return (self._root / path).stat().st_mtime_ns
        except OSError:
            return 0

    def serve(self, filename: str, version: str | None = None) -> Response:
        """The file, as this request may have it; under the current version it is kept for ever."""
        found = safe_join(str(self._root), filename)
        path = Path(found) if found else None
        parts = _parts(path) if path else []
        if path is None or not all(part.is_file() for part in parts):
            raise NotFound
        asset = self._asset(path, parts)
        compressed = asset.compressed if request.accept_encodings["gzip"] > 0 else None
        response = Response(compressed or asset.body, mimetype=asset.mimetype)
        if path.suffix == ".js":
            # Modules are UTF-8 whatever is said, and a hundred of them say it.
            response.headers["Content-Type"] = asset.mimetype
        if compressed:
            response.content_encoding = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        if version == self.version:
            response.headers["Cache-Control"] = _FOR_EVER
            return response
        response.headers["Cache-Control"] = _ASK_AGAIN
        response.set_etag(asset.etag + ("-gz" if compressed else ""))
        response.make_conditional(request)
        return response

    def _asset(self, path: Path, parts: list[Path]) -> _Asset:
        stamp = max(part.stat().st_mtime_ns for part in parts)
        known = self._known.get(path)
        if known and known.stamp == stamp:
            return known
        body = b"".join(part.read_bytes() for part in parts)
        guessed = mimetypes.guess_type(path.name)[0]
        mimetype = _TYPES.get(path.suffix) or guessed or "application/octet-stream"
        twin = path.with_name(path.name + ".gz")
        compressed = None
        if twin.is_file():
            compressed = twin.read_bytes()
        elif mimetype.startswith(_COMPRESSIBLE):
            body = _without_comments(body) if path.suffix in (".js", ".css") else body
            compressed = gzip.compress(body, mtime=0)
        asset = _Asset(stamp, body, compressed, mimetype, f"{zlib.crc32(body):08x}")
        self._known[path] = asset
        return asset


def _parts(path: Path) -> list[Path]:
    """The files that stand behind an address: one, or style sheets joined by `+`."""
    if path.suffix != ".css":
        return [path]
    return [path.with_stem(stem) for stem in path.stem.split("+")]


def _without_comments(body: bytes) -> bytes:
    """A quarter of what a browser would load, and it reads none of it. Every line keeps its number.

    >>> _without_comments(b"/* What\\n * it does. */\\nlet a = 1; // one\\n").decode()
    '\\n\\nlet a = 1; // one\\n'
    """
    return _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), body.decode()).encode()
