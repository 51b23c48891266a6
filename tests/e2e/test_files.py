"""What can be taken away from the page, and brought back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from complaints import Complaints
from driver import Playground
from playwright.sync_api import Download, expect

from playground.export.saved import saved_in


def taken(playground: Playground, entry: str) -> Download:
    with playground.page.expect_download() as download:
        playground.click("File and share")
        playground.click(entry)
    return download.value


def test_a_saved_run_is_opened_again_with_its_weights_and_goes_on(
    playground: Playground, tmp_path: Path
) -> None:
    playground.open({"data": "xor", "training": {"optimizer": "adam"}})
    playground.play()
    playground.wait_for_step(above=50)
    paused = playground.pause()
    file = tmp_path / "run.zip"
    taken(playground, "Save with weights").save_as(file)
    assert saved_in(file.read_bytes()).experiment.data.name == "xor"
    playground.page.get_by_role("radio", name="Spiral").check()
    playground.click("Reset")
    playground.wait_for_state("idle")
    playground.click("File and share")
    with playground.page.expect_file_chooser() as chooser:
        playground.click("Open a saved file …")
    chooser.value.set_files(file)
    playground.expect_notice("Opened run.zip")
    frame = playground.wait_for_frame(
        lambda f: f.header["step"] == paused.header["step"], "the step it was saved at"
    )
    np.testing.assert_array_equal(frame.arrays["weights"], paused.arrays["weights"])
    expect(playground.page.get_by_role("radio", name="XOR")).to_be_checked()
    playground.click("Step")
    playground.wait_for_step(above=frame.header["step"])


def test_a_file_that_is_none_is_refused_with_words(
    playground: Playground, complaints: Complaints, tmp_path: Path
) -> None:
    complaints.expect("400 (BAD REQUEST)")
    playground.open()
    file = tmp_path / "holiday.zip"
    file.write_bytes(b"PK\x03\x04 not really")
    playground.click("File and share")
    with playground.page.expect_file_chooser() as chooser:
        playground.click("Open a saved file …")
    chooser.value.set_files(file)
    playground.expect_notice("Is no saved experiment")


@pytest.mark.parametrize(
    ("entry", "name", "begins"),
    [
        ("NumPy script", "experiment_numpy.py", '"""'),
        ("PyTorch script", "experiment_pytorch.py", '"""'),
        ("Curves (CSV)", "curves-step-0.csv", "step,training_loss,test_loss\n0,"),
    ],
)
def test_scripts_and_curves_are_downloaded(
    playground: Playground, tmp_path: Path, entry: str, name: str, begins: str
) -> None:
    playground.open()
    download = taken(playground, entry)
    assert download.suggested_filename == name
    path = tmp_path / name
    download.save_as(path)
    assert path.read_text(encoding="utf-8").startswith(begins)


def test_pictures_are_saved(playground: Playground, tmp_path: Path) -> None:
    playground.open()
    playground.play()
    playground.wait_for_step(above=10)
    playground.pause()
    step = str(playground.step)
    expect(playground.panel("Loss curves").get_by_text(step, exact=True)).to_be_visible()
    playground.click("File and share")
    playground.click("Save a picture …")
    dialog = playground.page.get_by_role("dialog", name="Save a picture")
    for button, first in {
        "Loss curves as SVG": b"<svg",
        "Loss curves as PNG": b"\x89PNG",
        "Decision surface as PNG": b"\x89PNG",
        "Network as PNG": b"\x89PNG",
    }.items():
        with playground.page.expect_download() as download:
            dialog.get_by_role("button", name=button).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert path.read_bytes().startswith(first)
        assert path.stat().st_size > 2_000
    assert f">{step}</text>" in (tmp_path / "loss.svg").read_text(encoding="utf-8")


def test_what_is_painted_is_saved_as_a_drawing(playground: Playground, tmp_path: Path) -> None:
    playground.open({"network": {"hidden": [{"units": 3}]}})
    playground.click("Step")
    playground.wait_for_state("paused")
    playground.click("File and share")
    playground.click("Save a picture …")
    dialog = playground.page.get_by_role("dialog", name="Save a picture")
    drawings = {}
    for panel in ("Network", "Decision surface", "Gradients layer by layer", "Update ÷ weight"):
        with playground.page.expect_download() as download:
            dialog.get_by_role("button", name=f"{panel} as SVG").click()
        path = tmp_path / "picture.svg"
        download.value.save_as(path)
        drawings[panel] = ElementTree.parse(path).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    network = drawings["Network"]
    # 2 · 3 + 3 links, 3 biases and an output's, each in its own colour; a map for each of 6 units.
    assert len(network.findall(f".//{svg}use")) == 6
    assert len([p for p in network.iter(f"{svg}path") if "C" in p.get("d", "")]) >= 9
    assert [text.text for text in network.iter(f"{svg}text")].count("x") == 2
    surface = drawings["Decision surface"]
    assert len(surface.findall(f".//{svg}image")) == 2, "the surface, and the points on it"
    assert "−5" in [text.text for text in surface.iter(f"{svg}text")]
    for drawing in drawings.values():
        assert float(drawing.get("width", 0)) > 50
        values = [v for e in drawing.iter() for k, v in e.attrib.items() if k != "href"]
        assert not any("NaN" in value or "undefined" in value for value in values)


def test_the_copied_command_repeats_the_run_with_the_same_numbers(playground: Playground) -> None:
    playground.open({"training": {"learning_rate": 0.1}})
    playground.choose("Optimizer", "adam")
    playground.play()
    playground.wait_for_step(above=30)
    playground.pause()
    playground.click("File and share")
    playground.click("Copy as command …")
    dialog = playground.page.get_by_role("dialog", name="Copy as command")
    expect(dialog).to_contain_text("with the same numbers")
    command = dialog.get_by_label("Command").inner_text()
    program = f"{sys.executable} -m playground "
    assert command.startswith("backprop-playground train - --steps ")
    done = subprocess.run(
        ["sh", "-c", command.replace("backprop-playground ", program, 1)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["steps"] == playground.step
    assert report["training_loss"] == playground.metric("training_loss")
    assert report["test_loss"] == playground.metric("test_loss")


def test_of_a_run_that_was_changed_on_its_way_the_command_says_so(playground: Playground) -> None:
    playground.open()
    playground.click("Step")
    playground.wait_for_step(above=0)
    playground.click("Add hidden layer")
    playground.expect_notice(re.compile("Added layer 3"))
    playground.click("File and share")
    playground.click("Copy as command …")
    dialog = playground.page.get_by_role("dialog", name="Copy as command")
    expect(dialog).to_contain_text("no single line repeats it")
