"""What a person reads after an edit of the network."""

from __future__ import annotations

import numpy as np
import pytest
from runs import ask, run_of, train

from playground.engine.surgery import Receipt
from playground.experiment.config import Experiment
from playground.runtime.receipts import receipt_notices, what_was_changed, what_was_done
from playground.runtime.run import Run
from playground.wire.commands import AddUnit, parse_command


def texts(run: Run) -> list[str]:
    return [notice["text"] for notice in run.notices]


def test_a_split_neuron_leaves_the_output_unchanged_and_says_so() -> None:
    run = run_of()
    train(run, 200)
    data = run.assembly.dataset
    x = np.concatenate([data.train.x, data.test.x])
    before = run.assembly.network.predict(x)
    run.notices.clear()
    ask(run, "widen", layer=0, unit=1)
    after = run.assembly.network.predict(x)
    assert np.abs(after - before).max() < 1e-14
    (said,) = texts(run)
    assert said.startswith("Split neuron 2 of layer 1: output unchanged to ")
    assert "RMS" in said or "to the last bit" in said


def test_the_copy_answers_as_its_model_and_takes_a_third_of_its_say() -> None:
    run = run_of()
    old = [(layer.w.copy(), layer.b.copy()) for layer in run.assembly.network.layers]
    ask(run, "widen", layer=0, unit=1)
    first, second = run.assembly.network.layers[:2]
    np.testing.assert_array_equal(first.w[:, 4], old[0][0][:, 1])
    assert first.b[4] == old[0][1][1]
    np.testing.assert_allclose(second.w[4], old[1][0][1] / 3, rtol=1e-15)
    np.testing.assert_allclose(second.w[1], old[1][0][1] * 2 / 3, rtol=1e-15)


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        (Receipt(0.0, 0.0), "output unchanged to the last bit"),
        (Receipt(2.2e-16, 8e-17), "output unchanged to 2e-16 (RMS 8e-17)"),
        (Receipt(0.0712, 0.0123), "output changed by at most 0.071 (RMS 0.012)"),
        (Receipt(np.inf, np.inf), "output changed beyond all bounds"),
    ],
)
def test_a_receipt_says_the_largest_change_and_its_root_mean_square(
    receipt: Receipt, said: str
) -> None:
    (notice,) = receipt_notices(receipt, what_was_done(AddUnit(layer=0)), 0.1)
    assert notice["text"] == f"Added a neuron to layer 1: {said}."
    assert notice["level"] == "info"


@pytest.mark.parametrize(
    ("before", "after", "rate", "warns"),
    [
        (2.0, 0.5, 1.0, True),
        (2.0, 0.5, 0.4, False),  # still stable
        (0.5, 0.5, 1.0, False),  # it was too large before
        (0.5, 0.499, 1.0, False),  # within what the estimate can tell
        (None, None, 1.0, False),
    ],
)
def test_a_rate_that_has_become_too_large_is_warned_of(
    before: float | None, after: float | None, rate: float, warns: bool
) -> None:
    notices = receipt_notices(Receipt(0.1, 0.1, before, after), "Added a neuron", rate)
    warnings = [notice["text"] for notice in notices if notice["level"] == "warning"]
    assert warnings == (
        ["The largest stable learning rate fell from 2 to 0.5; yours is 1."] if warns else []
    )


def test_a_new_rate_says_nothing_of_the_change_before_it() -> None:
    run = run_of()
    ask(run, "add_unit", layer=0)
    told = len(run.notices)
    assert told
    ask(run, "edit", patch={"training": {"learning_rate": 0.5}})
    assert len(run.notices) == told


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"name": "edit", "patch": {"data": {"noise": 0.1}}}, "Changed the noise"),
        ({"name": "edit", "patch": {"data": {"name": "xor"}}}, "Changed the data"),
        (
            {"name": "edit", "patch": {"training": {"optimizer": {"name": "adam", "beta1": 0.8}}}},
            "Changed the optimizer",
        ),
        ({"name": "edit", "patch": {"seed": 1, "dtype": "float32", "data": {"noise": 0}}},
         "Changed the settings"),
        ({"name": "edit", "patch": {"network": {"hidden": []}}}, "Changed the hidden layers"),
        ({"name": "edit", "patch": {"network": {"hidden": []}, "training": {"l2": 0.1}}},
         "Changed the hidden layers and L2"),
        ({"name": "set_layer", "layer": 1, "patch": {"activation": "relu"}},
         "Changed the activation of layer 2"),
        ({"name": "reset", "keep_seed": False}, "Reset with the next seed"),
    ],
)  # fmt: skip
def test_every_change_has_words(command: dict[str, object], words: str) -> None:
    assert what_was_done(parse_command(command)) == words


def test_of_all_hidden_layers_at_once_it_says_which_setting_changed() -> None:
    before = Experiment()
    relu = [{"units": 4, "activation": "relu"}, {"units": 2, "activation": "relu"}]
    for hidden, words in (
        (relu, "Changed the activation of the hidden layers"),
        (relu[:1], "Changed the hidden layers"),
    ):
        command = parse_command({"name": "edit", "patch": {"network": {"hidden": hidden}}})
        after = Experiment.parse({"network": {"hidden": hidden}})
        assert what_was_changed(command, before, after) == words
