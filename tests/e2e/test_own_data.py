"""Data of one's own: a table by file or pasted, points by mouse and keyboard; and out again."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

from driver import Playground
from playwright.sync_api import Locator, expect

TABLE = "width,height,kind\n" + "\n".join(f"{k % 7},{k},{'ab'[k % 2]}" for k in range(40))


def menu(playground: Playground, entry: str) -> None:
    playground.click("File and share")
    playground.click(entry)


def table_dialog(playground: Playground) -> Locator:
    menu(playground, "Your own table …")
    return playground.page.get_by_role("dialog", name="Your own table")


def data_of(playground: Playground) -> dict[str, Any]:
    """The data as the address says them: the address never disagrees with the page."""
    script = "async () => (await import('/static/js/flow/share.js')).experimentIn(location.hash)"
    found = playground.page.evaluate(script)
    return found["data"] if found else {}


def test_a_pasted_table_becomes_the_data_and_outlives_reset_and_reload(
    playground: Playground,
) -> None:
    playground.open()
    dialog = table_dialog(playground)
    use = dialog.get_by_role("button", name="Use this table")
    expect(use).to_be_disabled()
    dialog.get_by_label("or paste it here").fill(TABLE)
    expect(dialog.get_by_role("status")).to_have_text("40 rows · 2 inputs · 2 classes (a, b)")
    use.click()
    expect(dialog).to_be_hidden()
    inputs = ["width", "height"]
    playground.wait_for_frame(lambda f: f.header["network"]["inputs"] == inputs, "its columns")
    playground.play()
    playground.wait_for_step(above=20)
    playground.pause()
    playground.click("Reset")
    playground.wait_for_state("idle")
    assert playground.wire.last.header["network"]["inputs"] == inputs
    playground.page.reload()
    playground.wait_for_state("idle")
    playground.wait_for_frame(lambda f: f.header["network"]["inputs"] == inputs, "them again")


def test_another_target_can_be_chosen_and_what_is_wrong_is_said(
    playground: Playground, tmp_path: Path
) -> None:
    playground.open()
    dialog = table_dialog(playground)
    file = tmp_path / "table.csv"
    file.write_text(TABLE.replace("3,3,b", "3,three,b"), encoding="utf-8")
    dialog.get_by_label("A CSV file").set_input_files(file)
    expect(dialog.get_by_role("alert")).to_contain_text("Row 5, column 'height'")
    right = tmp_path / "right.csv"
    right.write_text(TABLE, encoding="utf-8")
    dialog.get_by_label("A CSV file").set_input_files(right)
    target = dialog.get_by_label("Predict")
    expect(target).to_have_value("kind")
    target.select_option("height")
    expect(dialog.get_by_role("status")).to_have_text("40 rows · 3 inputs · numbers to predict")
    dialog.get_by_role("button", name="Use this table").click()
    playground.wait_for_frame(
        lambda f: f.header["network"]["inputs"] == ["width", "kind=a", "kind=b"], "its columns"
    )


def test_a_table_too_large_is_refused_before_it_is_sent(
    playground: Playground, tmp_path: Path
) -> None:
    playground.open()
    file = tmp_path / "large.csv"
    file.write_bytes(b"1,2\n" * (5 * 1024 * 256 + 1))
    posted: list[str] = []
    playground.page.on("request", lambda r: posted.append(r.url) if r.method == "POST" else None)
    dialog = table_dialog(playground)
    dialog.get_by_label("A CSV file").set_input_files(file)
    expect(dialog.get_by_role("alert")).to_contain_text("at most 5\u2009242\u2009880 can be used")
    assert [url for url in posted if "/table" in url] == []


def test_between_ones_own_table_and_other_sets_one_can_change(playground: Playground) -> None:
    playground.open()
    own = playground.control("radio", "Your table")
    expect(own).to_be_hidden()
    dialog = table_dialog(playground)
    dialog.get_by_label("or paste it here").fill(TABLE)
    dialog.get_by_label("Predict").select_option("width")
    dialog.get_by_role("button", name="Use this table").click()
    expect(own).to_be_checked()
    playground.control("radio", "XOR").check()
    playground.wait_for_frame(lambda f: f.header["network"]["inputs"] == ["x1", "x2"], "the plane")
    own.check()
    playground.wait_for_frame(
        lambda f: f.header["network"]["inputs"] == ["height", "kind=a", "kind=b"], "it again"
    )


def draw(playground: Playground, *places: tuple[float, float]) -> None:
    """A stroke along these places of the plane, from -6 to 6."""
    board = playground.page.get_by_role("application")
    box = board.bounding_box()
    assert box is not None
    # The plane has ticks beside and below it: its own size is what the board's is, less these.
    side = min(box["width"] - 36, box["height"] - 22)
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + 2
    at = [(left + (x + 6) / 12 * side, top + (6 - y) / 12 * side) for x, y in places]
    playground.page.mouse.move(*at[0])
    playground.page.mouse.down()
    for x, y in at[1:]:
        playground.page.mouse.move(x, y, steps=30)
    playground.page.mouse.up()


def test_points_drawn_by_mouse_are_learned(playground: Playground) -> None:
    playground.open()
    playground.click("Draw points")
    draw(playground, (-4, 3), (4, 3))
    playground.page.get_by_role("radio", name="B", exact=True).check()
    draw(playground, (-4, -3), (4, -3))
    playground.wait_until(
        lambda: [p[2] for p in data_of(playground).get("points", [])].count(1) >= 10,
        "points of the second class",
    )
    data = data_of(playground)
    assert data["name"] == "drawn"
    assert [p[2] for p in data["points"]].count(0) >= 10
    for x1, x2, kind in data["points"]:
        assert abs(x1) <= 4.2
        assert abs(x2 - (3 if kind == 0 else -3)) < 0.2
    assert playground.control("slider", "Training share").input_value() == "1"
    playground.click("Done")
    playground.train_until(training_loss=0.1)


def test_points_are_drawn_erased_and_taken_back_by_keyboard(playground: Playground) -> None:
    playground.open()
    playground.click("Draw points")
    board = playground.page.get_by_role("application")
    expect(board).to_be_focused()
    for key in ("Enter", "Shift+ArrowRight", "2", "Enter", "Shift+ArrowUp", "Enter"):
        board.press(key)
    wanted = [[0, 0, 0], [1, 0, 1], [1, 1, 1]]
    playground.wait_until(lambda: data_of(playground).get("points") == wanted, "three points")
    board.press("Delete")
    playground.wait_until(lambda: data_of(playground).get("points") == wanted[:2], "two points")
    board.press("Escape")
    expect(board).to_be_hidden()
    expect(playground.control("button", "Draw points")).to_be_focused()


def test_erase_and_clear(playground: Playground) -> None:
    playground.open({"data": {"name": "drawn", "points": [[-3, 3, 0], [3, 3, 0], [3, -3, 1]]}})
    playground.click("Draw points")
    playground.page.get_by_role("radio", name="Erase").check()
    draw(playground, (3, 3))
    playground.wait_until(
        lambda: data_of(playground)["points"] == [[-3, 3, 0], [3, -3, 1]], "one point less"
    )
    playground.click("Clear")
    playground.page.get_by_role("radio", name="C", exact=True).check()
    draw(playground, (0, 0))
    playground.wait_until(lambda: [p[2] for p in data_of(playground)["points"]] == [2], "one point")


def test_the_data_come_out_as_a_table(playground: Playground, tmp_path: Path) -> None:
    playground.open({"data": {"name": "xor", "samples": 30}})
    with playground.page.expect_download() as download:
        menu(playground, "Download the data (CSV)")
    path = tmp_path / "data.csv"
    download.value.save_as(path)
    assert download.value.suggested_filename == "xor.csv"
    header, *rows = csv.reader(path.open(encoding="utf-8"))
    assert header == ["x1", "x2", "class", "split"]
    assert len(rows) == 30
    assert all(re.fullmatch("training|test", row[3]) for row in rows)
