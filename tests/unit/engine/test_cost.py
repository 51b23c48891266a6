"""What a step costs, against the operations counted by hand."""

from __future__ import annotations

import pytest

from playground.engine.activations import ACTIVATIONS
from playground.engine.cost import Cost, call_cost, calls_cost, step_costs
from playground.engine.losses import LOSSES
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.trainer import Trainer
from playground.experiment.assemble import assemble
from playground.experiment.config import Experiment


def trainer(**training: object) -> Trainer:
    network = training.pop("network", {"hidden": [{"units": 4}, {"units": 2}]})
    given = {"data": training.pop("data", "circle"), "network": network, "training": training}
    return assemble(Experiment.parse(given)).trainer


def test_the_default_net_costs_what_the_chain_rule_asks_for() -> None:
    # 2-4-2-1, batch 10. Layer 1: z = wᵀh with the bias as a third input, 2·3·4·10, and 40 tanh.
    # Backward: φ′ = 1 − a² and delta ∘ φ′, 3 · 40; dw and db, 2·3·4·10; nothing below. SGD: 2 each.
    one, two, out = step_costs(trainer())
    assert [c.flops for c in (one.forward, one.backward, one.update)] == [280, 360, 24]
    # Layer 2: 2·5·2·10 + 20 tanh; 3 · 20, w·delta 2·4·2·10, dw 2·5·2·10.
    assert [c.flops for c in (two.forward, two.backward, two.update)] == [220, 420, 20]
    # Output: 2·3·1·10; the loss's gradient: a sigmoid, p − 1·y and a division, 4 · 10; w·delta
    # 2·2·10, dw and db 2·3·10.
    assert [c.flops for c in (out.forward, out.backward, out.update)] == [60, 140, 6]


def test_bytes_are_those_of_the_arrays_that_a_product_touches() -> None:
    forward = step_costs(trainer())[0].forward
    # x (3, 10), the block (3, 4), z (4, 10); then tanh reads and writes z. float64: 8 bytes each.
    assert forward.bytes == 8 * (30 + 12 + 40 + 40 + 40)


def test_float32_moves_half_the_bytes() -> None:
    given = {"network": {"hidden": [{"units": 4}]}}
    costs = [
        step_costs(assemble(Experiment.parse({**given, "dtype": dtype})).trainer)
        for dtype in ("float32", "float64")
    ]
    for half, whole in zip(*costs, strict=True):
        assert whole.forward.bytes == 2 * half.forward.bytes
        assert whole.forward.flops == half.forward.flops


def test_the_layers_add_up_to_what_a_step_plays() -> None:
    hidden = [{"units": 8, "activation": "sigmoid"}] * 16  # enough of them to be stacked
    made = trainer(network={"hidden": hidden}, optimizer="adam", l2=0.01, clip_norm=1.0)
    played = calls_cost(made._gradient_calls(0) + made.update_calls)
    found = step_costs(made)
    total = sum((layer.total for layer in found), Cost())
    # The tape takes φ′ over the rows of ones as well: 15 rows of 10 examples, two calls.
    assert played.flops - total.flops == 15 * 10 * 2


@pytest.mark.parametrize("batch", [10, 100])
def test_products_grow_with_the_batch_and_the_update_does_not(batch: int) -> None:
    layer = step_costs(trainer(batch_size=batch))[0]
    assert layer.forward.flops == 28 * batch
    assert layer.update.flops == 24


def test_a_call_that_hides_its_arrays_is_not_counted_as_free() -> None:
    with pytest.raises(TypeError, match="no price"):
        call_cost(lambda: None)


@pytest.mark.parametrize("activation", ACTIVATIONS.names)
def test_every_activation_has_a_price(activation: str) -> None:
    plain = {"units": 8, "activation": activation}
    mixed = {**plain, "dropout": 0.2, "residual": {}, "normalization": "layer"}
    for layer in step_costs(trainer(network={"hidden": [plain, mixed]}))[:-1]:
        for cost in (layer.forward, layer.backward, layer.update):
            assert cost.flops > 0
            assert cost.bytes > 0


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names)
def test_every_optimizer_has_a_price(optimizer: str) -> None:
    made = trainer(optimizer=optimizer, clip_norm=1.0, clip_value=1.0, l1=0.1, schedule="cosine")
    assert all(layer.update.flops >= 2 for layer in step_costs(made))


@pytest.mark.parametrize("normalization", NORMALIZATIONS.names)
def test_normalizing_costs_more_than_not(normalization: str) -> None:
    plain, made = (
        step_costs(trainer(network={"hidden": [{"units": 8, "normalization": n}]}))[0]
        for n in (None, normalization)
    )
    assert made.forward.flops > plain.forward.flops + 8 * 10 * 5
    assert made.backward.flops > plain.backward.flops + 8 * 10 * 5


DATA = {"binary": "circle", "multiclass": "blobs", "regression": "plane"}


@pytest.mark.parametrize(
    ("loss", "task"), [(p.name, t) for p in LOSSES for t in sorted(p.make().tasks)]
)
def test_every_loss_has_a_price(loss: str, task: str) -> None:
    assert step_costs(trainer(loss=loss, data=DATA[task]))[-1].backward.flops > 0
