"""Side by side in the page: chosen, read, kept; the numbers are those of runs that train alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from driver import Playground
from playwright.sync_api import expect

from playground.cli import run

SIGMOIDS: dict[str, Any] = {
    "seed": 4,
    "data": {"name": "circle", "samples": 100},
    "network": {"hidden": [{"units": 8, "activation": "sigmoid"}] * 6},
    "training": {"learning_rate": 0.1, "batch_size": 20},
}


def _train(described: dict[str, Any], steps: int, folder: Path) -> tuple[float, list[float]]:
    """The loss after so many steps of the command line, and ‖delta‖ of the last of them."""
    file, log = folder / "experiment.json", folder / "run.jsonl"
    file.write_text(json.dumps(described))
    # A line holds the loss before its step's update: the next step's is the one after it.
    given = ["--steps", str(steps + 1), "--log", str(log), "--log-every", "1"]
    assert run(["train", str(file), *given]) == 0
    last, after = (json.loads(line) for line in log.read_text().splitlines()[-2:])
    assert last["step"] == steps
    return after["training_loss"], last["delta_norm"]


def test_the_numbers_side_by_side_are_those_of_two_runs_of_the_command_line(
    playground: Playground, tmp_path: Path
) -> None:
    page = playground.page
    playground.open(SIGMOIDS)
    page.get_by_role("radio", name="Compare").check()
    playground.click("Choose variants …")
    playground.choose("Activation of run 2", "ReLU")
    playground.choose("Weight initialization of run 2", "He normal")
    playground.click("Compare")
    table = page.get_by_role("group", name="Side by side")
    rows = table.get_by_role("row")
    expect(rows.nth(2)).to_contain_text("2 ■ ReLU, He normal")
    playground.play()
    playground.wait_for_step(above=30)
    steps = playground.pause().header["step"] + 1
    playground.click("Step")  # whose norms are measured, however fast it went before
    frame = playground.wait_for_frame(
        lambda frame: frame.header["step"] == steps and frame.header["run_state"] == "paused",
        "one more step",
    )
    expect(table).to_contain_text(f"Side by side at step {steps}")

    layers = [{"units": 8, "activation": "relu", "initializer": "he_normal"}] * 6
    relu = {**SIGMOIDS, "network": {"hidden": layers}}
    for row, described, prefix in ((1, SIGMOIDS, ""), (2, relu, "compared_1_")):
        loss, delta = _train(described, steps, tmp_path)
        shown = rows.nth(row).get_by_role("cell").first.get_attribute("data-value")
        assert float(shown or "nan") == pytest.approx(loss, rel=1e-12)
        assert frame.arrays[f"{prefix}delta_norm"].tolist() == pytest.approx(delta, rel=1e-12)
    picture = page.get_by_role("img", name=re.compile("against the layer, 2 runs"))
    expect(picture).to_have_attribute("aria-label", re.compile("2 ReLU, He normal"))

    # The comparison is in the link: another page shows it, from its start.
    expect(page).to_have_url(re.compile("#e="))
    link = page.url
    playground.click("Keep run 2")
    kept = playground.wait_for_frame(
        lambda frame: frame.header["network"]["layers"][0]["activation"] == "relu", "the one kept"
    )
    assert kept.header["step"] == steps
    expect(page.get_by_role("radio", name="All", exact=True)).to_be_checked()
    other = page.context.new_page()
    other.goto(link)
    expect(other.get_by_role("group", name="Side by side")).to_contain_text("2 ■ ReLU, He normal")
    other.close()


def test_what_can_not_be_compared_is_said_in_the_dialog(playground: Playground) -> None:
    page = playground.page
    playground.open(SIGMOIDS)
    page.get_by_role("radio", name="Compare").check()
    playground.click("Choose variants …")
    dialog = page.get_by_role("dialog", name="Compare side by side")
    playground.click("Compare")
    expect(dialog).to_contain_text("Choose at least one setting")
    dialog.get_by_label("Learning rate of run 3").fill("-1")
    playground.click("Compare")
    expect(dialog).to_contain_text("Must be above 0, got -1")
    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("group", name="Side by side").get_by_role("row")).to_have_count(0)
