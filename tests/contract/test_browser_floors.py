"""The browser's code keeps its floors too: main → flow, controls, views → draw."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

BELOW = {
    "main": {"flow", "controls", "views", "draw"},
    "flow": set(),
    "controls": {"draw"},
    "views": {"draw"},
    "draw": set(),
}
"""Which rooms a room may import from, besides itself."""

IMPORT = re.compile(r"""(?:^|\s)(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']""")
BARE_IMPORT = re.compile(r"""(?:^|\s)import\s*\(?\s*["']([^"']+)["']""")


def _scripts(root: Path) -> list[Path]:
    return sorted((root / "static" / "js").rglob("*.js"))


def _room(script: PurePosixPath) -> str:
    return script.parts[0] if len(script.parts) > 1 else script.stem


def _code(script: Path) -> str:
    """Its text without comments, where types are named that are not imported when it runs."""
    text = script.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"(?m)(?<![:\"'`])//.*$", "", text)


def _imports(script: Path) -> list[str]:
    code = _code(script)
    return IMPORT.findall(code) + BARE_IMPORT.findall(code)


def test_every_script_imports_only_from_below(root: Path) -> None:
    scripts = _scripts(root)
    assert scripts, "no browser code found"
    wrong = []
    for script in scripts:
        here = PurePosixPath(script.relative_to(root / "static" / "js").as_posix())
        for target in _imports(script):
            if not target.startswith("."):
                continue
            there = (script.parent / target).resolve().relative_to((root / "static").resolve())
            if there.parts[0] == "vendor":
                continue
            room = _room(PurePosixPath(*there.parts[1:]))
            if room != _room(here) and room not in BELOW[_room(here)]:
                wrong.append(f"{here} imports {target}")
    assert wrong == []


def test_no_script_imports_in_a_circle(root: Path) -> None:
    graph = {
        script.resolve(): [
            (script.parent / target).resolve()
            for target in _imports(script)
            if target.startswith(".")
        ]
        for script in _scripts(root)
    }

    def visit(script: Path, above: tuple[Path, ...]) -> None:
        if script in above:
            circle = [*above[above.index(script) :], script]
            pytest.fail(" → ".join(path.name for path in circle))
        for target in graph.get(script, []):
            visit(target, (*above, script))

    for script in graph:
        visit(script, ())


@pytest.mark.parametrize(
    ("library", "trace", "only"),
    [
        ("Plotly", r"\bPlotly\b|plotly-cartesian", "draw/chart.js"),
        ("socket.io", r"socket\.io\.esm", "flow/socket.js"),
    ],
)
def test_one_script_alone_calls(root: Path, library: str, trace: str, only: str) -> None:
    users = [
        script.relative_to(root / "static" / "js").as_posix()
        for script in _scripts(root)
        if re.search(trace, _code(script))
    ]
    assert users == [only], f"{library} is called by {users}"


def test_no_script_writes_markup(root: Path) -> None:
    """What a person typed must never become markup: textContent, not innerHTML."""
    wrong = [
        script.name
        for script in _scripts(root)
        if re.search(
            r"(innerHTML|outerHTML)\s*=[^=]|insertAdjacentHTML|document\.write", _code(script)
        )
    ]
    assert wrong == []


def test_the_page_names_no_other_host(root: Path) -> None:
    """It works in a lecture hall without internet."""
    ours = [
        *_scripts(root),
        *(root / "static" / "css").rglob("*.css"),
        *(root / "templates").rglob("*.html"),
    ]
    hosts = {
        (file.name, host)
        for file in ours
        for host in re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]{2,})", file.read_text("utf-8"))
        if host != "www.w3.org"  # the names of SVG's and XLink's namespaces are not addresses
    }
    assert hosts == set()
