"""Runs side by side: each is the run that trains alone, and none minds another's end."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from runs import advance, ask, parameters, run_of, train

from playground.base.errors import InputError, LimitError
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment
from playground.experiment.variants import Variant, check_variants, labels
from playground.runtime import checkpoint
from playground.runtime.run import Run

DEEP: dict[str, Any] = {
    "seed": 3,
    "data": {"name": "circle", "samples": 60},
    "network": {"hidden": [{"units": 5, "activation": "sigmoid"}] * 3},
    "training": {"batch_size": 8, "learning_rate": 0.1},
}
VARIANTS: list[dict[str, Any]] = [
    {"hidden": {"activation": "relu", "initializer": "he_normal"}},
    {"hidden": {"dropout": 0.3, "normalization": "batch"}},
    {"training": {"optimizer": {"name": "adam"}, "learning_rate": 0.01, "clip_norm": 0.5}},
]


def alone(hidden: dict[str, Any], training: dict[str, Any], steps: int) -> np.ndarray:
    """The parameters of the same run, described in full and trained by itself."""
    layers = [{**layer, **hidden} for layer in DEEP["network"]["hidden"]]
    told = {**DEEP, "network": {"hidden": layers}, "training": {**DEEP["training"], **training}}
    trainer = assemble(Experiment.parse(told)).trainer
    trainer.run(steps)
    return trainer.network.parameters


def beside(run: Run, k: int) -> np.ndarray:
    return run.comparison.lane(k).assembly.network.parameters


def test_each_of_four_is_to_the_last_bit_the_run_that_trains_alone() -> None:
    run = run_of(**DEEP)
    train(run, 7)
    ask(run, "compare", variants=VARIANTS)
    assert (run.state, run.step) == ("idle", 0)
    train(run, 53)
    for k, variant in enumerate([{}, *VARIANTS]):
        own = alone(variant.get("hidden", {}), variant.get("training", {}), 53)
        found = beside(run, k) if k else parameters(run)
        np.testing.assert_array_equal(found, own)
    header, arrays = run.frame(0, 0, 0)
    told = header["lab"]["comparison"]
    assert [each["step"] for each in told] == [53] * 4
    assert told[0]["training_loss"] == header["training_loss"]
    assert arrays["compared_3_delta_norm"].shape == (4,)
    assert arrays["compared_1_curve_step"][-1] == 53


def test_in_the_middle_of_training_all_stand_at_the_same_step() -> None:
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    ask(run, "play")
    for _ in range(5):
        advance(run)
        steps = {lane.assembly.trainer.step for lane in run.comparison.lanes}
        assert steps == {run.step}


def test_a_live_edit_is_made_in_all_and_what_differs_stays() -> None:
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    train(run, 20)
    ask(run, "edit", patch={"training": {"l2": 0.01, "learning_rate": 0.2}})
    ask(run, "add_unit", layer=1)
    found = [lane.assembly.experiment for lane in run.comparison.lanes]
    assert [each.training.l2 for each in found] == [0.01] * 3
    assert [each.training.learning_rate for each in found] == [0.2, 0.2, 0.01]
    assert [[x.units for x in each.network.hidden] for each in found] == [[5, 6, 5]] * 3
    assert [lane.assembly.trainer.step for lane in run.comparison.lanes] == [20] * 3


def test_where_one_diverges_the_others_go_on_to_the_same_end() -> None:
    for wild in (0, 1):
        rates = [0.1, 0.1]
        rates[wild] = 1e300
        told = {**DEEP, "training": {**DEEP["training"], "learning_rate": rates[0], "loss": "mse"}}
        run = run_of(**told)
        ask(run, "compare", variants=[{"training": {"learning_rate": rates[1]}}])
        train(run, 30)
        header, _ = run.frame(0, 0, 0)
        first, second = header["lab"]["comparison"]
        broken, sound = (first, second) if wild == 0 else (second, first)
        assert broken["diverged"]
        assert broken["step"] < 30
        assert (sound["diverged"], sound["step"]) == (None, 30)
        assert header["run_state"] == "paused"
        own = alone({}, {"learning_rate": 0.1, "loss": "mse"}, 30)
        np.testing.assert_array_equal(parameters(run) if wild else beside(run, 1), own)


def test_when_all_have_diverged_the_run_has() -> None:
    told = {**DEEP, "training": {**DEEP["training"], "learning_rate": 1e300, "loss": "mse"}}
    run = run_of(**told)
    ask(run, "compare", variants=[{"hidden": {"activation": "relu"}}])
    train(run, 30)
    assert run.state == "diverged"


def test_one_is_kept_with_its_weights_and_undo_brings_the_other_back() -> None:
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    train(run, 25)
    before, kept = parameters(run), beside(run, 3).copy()
    ask(run, "keep", variant=3)
    np.testing.assert_array_equal(parameters(run), kept)
    assert run.experiment.training.optimizer.name == "adam"  # type: ignore[attr-defined]
    assert run.comparison.lanes == []
    assert run.frame(0, 0, 0)[1]["curve_step"][0] == 0, "its curves came without their beginning"
    train(run, 5)
    np.testing.assert_array_equal(parameters(run), alone({}, VARIANTS[2]["training"], 30))
    ask(run, "undo")
    np.testing.assert_array_equal(parameters(run), before)
    assert (run.step, run.experiment) == (25, Experiment.parse(DEEP))
    np.testing.assert_array_equal(beside(run, 3), kept)
    ask(run, "redo")
    assert run.comparison.lanes == []
    with pytest.raises(InputError, match="nothing is compared"):
        ask(run, "keep", variant=1)


@pytest.mark.parametrize("is_killed", [False, True])
def test_undo_past_a_change_brings_back_what_was_compared_and_it_goes_on_as_it_would(
    is_killed: bool,
) -> None:
    run = run_of(**DEEP)
    train(run, 4)
    ask(run, "compare", variants=VARIANTS)
    train(run, 10)
    ask(run, "add_unit", layer=0)
    train(run, 5)
    if is_killed:
        run = checkpoint.unpack(*checkpoint.pack(run))
    ask(run, "undo")
    assert [lane.assembly.trainer.step for lane in run.comparison.lanes] == [10] * 3
    train(run, 10)
    for k, variant in enumerate(VARIANTS, start=1):
        own = alone(variant.get("hidden", {}), variant.get("training", {}), 20)
        np.testing.assert_array_equal(beside(run, k), own)
    ask(run, "undo")
    assert (run.comparison.lanes, run.step) == ([], 4)
    ask(run, "redo")
    assert [lane.assembly.trainer.step for lane in run.comparison.lanes] == [20] * 3


def test_undo_brings_back_what_was_ended_as_it_stood() -> None:
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    train(run, 12)
    ask(run, "compare", variants=[])
    assert run.comparison.lanes == []
    assert run.edits.past.words()[0] == "Ended the comparison"
    train(run, 6)
    ask(run, "undo")
    assert run.step == 12
    train(run, 8)
    for k, variant in enumerate([{}, *VARIANTS]):
        own = alone(variant.get("hidden", {}), variant.get("training", {}), 20)
        np.testing.assert_array_equal(beside(run, k) if k else parameters(run), own)
    ask(run, "redo")
    assert (run.comparison.lanes, run.step) == ([], 18)
    # Where nothing is compared, nothing ends, and there is nothing to take back.
    ask(run, "compare", variants=[])
    assert run.edits.past.words()[0] == "Ended the comparison"
    ask(run, "undo")
    assert [lane.assembly.trainer.step for lane in run.comparison.lanes] == [20] * 3


def test_a_comparison_ends_when_it_is_told_to_or_the_run_is_another() -> None:
    for name, settings in (
        ("compare", {"variants": []}),
        ("load", {"experiment": {}}),
        ("undo", {}),
    ):
        run = run_of(**DEEP)
        ask(run, "compare", variants=VARIANTS)
        train(run, 3)
        ask(run, name, **settings)
        assert run.comparison.lanes == []
        train(run, 3)
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    train(run, 3)
    ask(run, "reset", keep_seed=False)
    assert [lane.assembly.trainer.step for lane in run.comparison.lanes] == [0] * 3
    assert [lane.assembly.seed for lane in run.comparison.lanes] == [4] * 3


def test_a_killed_worker_takes_no_comparison_with_it() -> None:
    run = run_of(**DEEP)
    ask(run, "compare", variants=VARIANTS)
    train(run, 11)
    copy = checkpoint.unpack(*checkpoint.pack(run))
    train(run, 9)
    train(copy, 9)
    for k in (1, 2, 3):
        np.testing.assert_array_equal(beside(copy, k), beside(run, k))
    assert copy.comparison.told() == run.comparison.told()


def test_what_can_not_be_compared_is_refused_and_named() -> None:
    base = Experiment.parse(DEEP)
    for variant, field in (
        ({"hidden": {"activation": "rellu"}}, r"variants\.0\.network\.hidden"),
        ({"training": {"batch_size": 4}}, r"variants\.0\.training\.batch_size"),
    ):
        with pytest.raises(InputError) as caught:
            check_variants(base, [Variant(**variant)])
        assert (caught.value.field or "").startswith(field.replace("\\", ""))
    wide = Experiment.parse({"network": {"hidden": [{"units": 512}] * 7}})
    with pytest.raises(LimitError, match="in all networks together"):
        check_variants(wide, [Variant(), Variant(), Variant()])


def test_labels_say_what_differs_and_nothing_else() -> None:
    base = Experiment.parse(DEEP)
    every = check_variants(base, [Variant(**each) for each in VARIANTS])
    assert labels([base, every[0]]) == ["sigmoid, Glorot uniform", "ReLU, He normal"]
    assert labels([base, every[1]]) == [
        "no dropout, no normalization",
        "dropout 0.3, batch normalization",
    ]
    assert labels([base, every[2]]) == ["SGD, rate 0.1", "Adam, rate 0.01, clip 0.5"]
    assert labels([base, *every[:2]])[1:] == ["ReLU, He normal", "dropout 0.3, batch normalization"]
    residual = Variant(hidden={"residual": {}}).apply(base)
    # Two inputs do not fit five neurons: the first layer has none.
    assert [bool(x.residual) for x in residual.network.hidden] == [False, True, True]
