"""A step, then the next: rules held to their formulas, runs to themselves."""

from __future__ import annotations

import numpy as np
import pytest

from playground.base.errors import DivergedError
from playground.engine.activations import ACTIVATIONS
from playground.engine.initializers import INITIALIZERS
from playground.engine.losses import LOSSES
from playground.engine.metrics import task_metrics
from playground.engine.network import LayerSpec, Network
from playground.engine.normalization import NORMALIZATIONS
from playground.engine.optimizers import OPTIMIZERS
from playground.engine.schedules import SCHEDULES
from playground.engine.trainer import Trainer

RNG = np.random.default_rng(5)
X = RNG.standard_normal((23, 2))  # 23 examples in batches of 5: the last batch is smaller
Y = (X[:, :1] * X[:, 1:] > 0).astype(float)


def trainer(
    widths=(4, 3),
    activation="tanh",
    initializer="lecun_normal",
    optimizer="sgd",
    dropout=0.0,
    normalization=None,
    dtype="float64",
    batch_size=5,
    seed=11,
    **settings,
) -> Trainer:
    norm = NORMALIZATIONS.make(normalization) if normalization else None
    phi, draw = ACTIVATIONS.make(activation), INITIALIZERS.make(initializer)
    specs = [LayerSpec(u, phi, draw, dropout=dropout, normalization=norm) for u in widths]
    specs.append(LayerSpec(1, ACTIVATIONS.make("linear"), draw))
    loss = LOSSES.make(settings.pop("loss", "binary_cross_entropy"))
    return Trainer(
        Network(2, specs, seed=seed, dtype=dtype),
        loss,
        OPTIMIZERS.make(optimizer),
        settings.pop("x", X),
        settings.pop("y", Y),
        batch_size=batch_size,
        seed=seed,
        **{"learning_rate": 0.1, **settings},
    )


def test_an_epoch_uses_every_example_once_and_the_next_one_in_another_order() -> None:
    t = trainer(x=np.arange(46.0).reshape(23, 2))
    first = t.batches.x[:, 0].copy()
    t.run(t.steps_per_epoch)
    assert t.epoch == 1
    assert sorted(first) == sorted(t.batches.x[:, 0]) == list(range(0, 46, 2))
    assert not np.array_equal(first, t.batches.x[:, 0])


def test_the_last_smaller_batch_is_averaged_over_its_own_size() -> None:
    t = trainer(widths=(), shuffle=False, initializer="zeros")
    t.run(4)
    w, b = t.network.layers[0].w.copy(), t.network.layers[0].b.copy()
    x, y = X[20:], Y[20:]
    p = 1 / (1 + np.exp(-(x @ w + b)))
    t.run(1)
    np.testing.assert_allclose(t.network.layers[0].w, w - 0.1 * x.T @ (p - y) / 3, rtol=1e-12)
    np.testing.assert_allclose(t.network.layers[0].b, b - 0.1 * (p - y).mean(axis=0), rtol=1e-12)


def test_the_first_adam_step_moves_every_parameter_by_the_learning_rate() -> None:
    t = trainer(optimizer={"name": "adam", "epsilon": 1e-30}, learning_rate=0.01)
    before = t.network.parameters.copy()
    t.run(1)
    np.testing.assert_allclose(np.abs(t.network.parameters - before), 0.01, rtol=1e-6)


def test_lion_moves_every_parameter_by_the_rate_along_the_sign_of_its_mix() -> None:
    # Chen et al. 2023, algorithm 2, written out in plain NumPy.
    settings = {"name": "lion", "beta1": 0.8, "beta2": 0.7, "weight_decay": 0.3}
    t = trainer(optimizer=settings, learning_rate=0.01)
    p, m = t.network.parameters.copy(), np.zeros_like(t.network.parameters)
    for _ in range(6):
        t.peek()
        g = t.network.gradient.copy()
        p -= 0.01 * (np.sign(0.8 * m + 0.2 * g) + 0.3 * p)
        m = 0.7 * m + 0.3 * g
        t.run(1)
        np.testing.assert_allclose(t.network.parameters, p, rtol=1e-12)


def test_decoupled_decay_of_sgd_shrinks_the_weights_and_leaves_the_gradient_alone() -> None:
    t = trainer(optimizer={"name": "sgd", "weight_decay": 0.5})
    p = t.network.parameters.copy()
    t.peek()
    expected = p * (1 - 0.1 * 0.5) - 0.1 * t.network.gradient
    t.run(1)
    np.testing.assert_allclose(t.network.parameters, expected, rtol=1e-12)


def test_clipping_by_global_norm_keeps_the_direction() -> None:
    t = trainer(clip_norm=0.01)
    free = trainer()
    t.peek(), free.peek()
    g = free.network.gradient
    np.testing.assert_allclose(t.network.gradient, 0.01 * g / np.sqrt((g**2).sum()), rtol=1e-12)


def test_clipping_three_and_four_at_norm_one_gives_the_textbook_answer() -> None:
    from playground.engine.clipping import clip_by_global_norm, clip_by_value

    g = np.array([3.0, 4.0])
    clip_by_global_norm(g, 1.0)()
    np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-15)
    clip_by_global_norm(g, 5.0)()
    np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-15)
    clip_by_value(g, 0.7)()
    np.testing.assert_allclose(g, [0.6, 0.7], rtol=1e-15)


def test_norms_are_those_of_their_definitions() -> None:
    t = trainer(widths=(3,), batch_size=7, shuffle=False, clip_norm=1e-3, l2=0.5)
    (w1, b1), (w2, b2) = [(layer.w.copy(), layer.b.copy()) for layer in t.network.layers]
    x, y = X[:7], Y[:7]
    a1 = np.tanh(x @ w1 + b1)
    out = a1 @ w2 + b2
    # ∂loss_example/∂z, example by example: not divided by the batch size
    d2 = 1 / (1 + np.exp(-out)) - y
    d1 = (d2 @ w2.T) * (1 - a1**2)
    rms = lambda v: np.sqrt((v**2).sum(axis=1).mean())  # noqa: E731
    dw = [x.T @ d1 / 7, a1.T @ d2 / 7]
    n = t.measured_step()
    np.testing.assert_allclose(n.delta_norm, [rms(d1), rms(d2)], rtol=1e-12)
    np.testing.assert_allclose(n.activation_norm, [rms(a1), rms(out)], rtol=1e-12)
    np.testing.assert_allclose(n.weight_gradient_norm, [np.linalg.norm(v) for v in dw], rtol=1e-12)
    penalized = [dw[0] + 0.5 * w1, d1.mean(0), dw[1] + 0.5 * w2, d2.mean(0)]
    shrink = 1e-3 / np.sqrt(sum((v**2).sum() for v in penalized))
    clipped = [shrink * np.linalg.norm(penalized[0]), shrink * np.linalg.norm(penalized[2])]
    np.testing.assert_allclose(n.weight_gradient_norm_clipped, clipped, rtol=1e-12)
    ratios = [0.1 * c / np.linalg.norm(w) for c, w in zip(clipped, (w1, w2), strict=True)]
    np.testing.assert_allclose(n.update_ratio, ratios, rtol=1e-9)


def test_the_update_ratio_of_zero_weights_is_not_a_number() -> None:
    assert np.isnan(trainer(initializer="zeros").measured_step().update_ratio).all()


def test_norms_show_gradients_whose_squares_underflow() -> None:
    t = trainer(widths=(3,), initializer={"name": "constant", "value": 1e-10})
    t.network.layers[1].w[...] = 1e-200
    assert 0 < t.peek().delta_norm[0] < 1e-199


SETTINGS = [
    {"optimizer": "adam", "dropout": 0.3},
    {"optimizer": {"name": "sgd", "momentum": 0.9}, "normalization": "batch"},
    {"optimizer": "nadam", "schedule": "cosine"},
    {"optimizer": "rmsprop", "dtype": "float32", "batch_size": 23},
    {"schedule": {"name": "reduce_on_plateau", "patience": 0, "threshold": 0.5}},
]


def build(settings) -> Trainer:
    settings = dict(settings)
    if "schedule" in settings:
        settings["schedule"] = SCHEDULES.make(settings["schedule"])
    t = trainer(**settings)
    t.monitor = lambda: t.loss.value(t.network.predict(X), Y)
    return t


@pytest.mark.parametrize("settings", SETTINGS)
def test_a_restored_run_goes_on_bit_for_bit(settings) -> None:
    whole, part = build(settings), build(settings)
    whole.run(37)
    part.run(13)
    snapshot = part.snapshot()
    part.run(5)
    other = build(settings)
    other.restore(snapshot)
    other.run(24)
    assert other.network.parameters.tobytes() == whole.network.parameters.tobytes()
    assert other.network.statistics.tobytes() == whole.network.statistics.tobytes()
    assert (other.step, (other.epoch, other.position)) == (37, divmod(37, other.steps_per_epoch))
    assert other.effective_learning_rate == whole.effective_learning_rate


@pytest.mark.parametrize("settings", SETTINGS)
def test_peeking_changes_nothing(settings) -> None:
    looked, not_looked = build(settings), build(settings)
    for _ in range(9):
        looked.peek()
        looked.run(1)
    not_looked.run(9)
    assert looked.network.parameters.tobytes() == not_looked.network.parameters.tobytes()
    assert looked.network.statistics.tobytes() == not_looked.network.statistics.tobytes()


def test_a_diverging_run_stops_at_the_step_that_broke_with_finite_weights() -> None:
    t, slow = (trainer(loss="mse", activation="linear", learning_rate=60.0) for _ in range(2))
    with pytest.raises(DivergedError) as broken:
        t.run(100_000)
    assert t.step == broken.value.step - 1
    assert np.isfinite(t.network.parameters).all()
    slow.run(t.step)
    assert slow.network.parameters.tobytes() == t.network.parameters.tobytes()
    with pytest.raises(DivergedError):
        slow.measured_step()


def test_divergence_names_the_layer_whose_activation_broke() -> None:
    t = trainer(activation="relu", initializer={"name": "constant", "value": 10.0})
    t.network.layers[1].w[...] = 1e308
    with pytest.raises(DivergedError) as broken:
        t.run(3)
    assert (broken.value.step, broken.value.layer) == (1, 2)
    assert t.step == 0
    assert t.network.layers[1].w[0, 0] == 1e308


def test_a_live_learning_rate_takes_effect_at_the_next_step() -> None:
    t = trainer()
    t.run(3)
    before = t.network.parameters.copy()
    t.peek()
    g = t.network.gradient.copy()
    t.learning_rate = 0.7
    t.run(1)
    np.testing.assert_allclose(t.network.parameters, before - 0.7 * g, rtol=1e-12)


def test_before_its_first_step_a_run_stands_at_the_schedules_first_rate() -> None:
    t = trainer(schedule=SCHEDULES.make({"name": "linear_warmup_cosine", "start": 0.25}))
    assert t.effective_learning_rate == 0.25 * 0.1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("setting", ["learning_rate", "l1", "l2", "clip_value"])
def test_a_setting_beyond_float32_breaks_a_run_in_its_own_words_or_not_at_all(setting) -> None:
    t = trainer(dtype="float32", **{setting: 1e300})
    t.learning_rate = 1e300
    with pytest.raises(DivergedError, match="step 1"):
        t.run(3)


def test_dropout_is_off_in_evaluation() -> None:
    t = trainer(dropout=0.5)
    np.testing.assert_array_equal(t.network.predict(X), t.network.predict(X))
    full = trainer()
    np.testing.assert_array_equal(t.network.predict(X), full.network.predict(X))


def test_same_seed_same_bits_and_another_seed_other_bits() -> None:
    a, b, c = trainer(), trainer(), trainer(seed=12)
    for t in (a, b, c):
        t.run(50)
    assert a.network.parameters.tobytes() == b.network.parameters.tobytes()
    assert a.network.parameters.tobytes() != c.network.parameters.tobytes()


def test_a_diverged_run_keeps_finite_statistics_of_its_normalization() -> None:
    t = trainer(normalization="batch")
    t.run(5)
    kept = t.network.statistics
    t.network.layers[0].w[...] = 1e308
    with pytest.raises(DivergedError):
        t.run(5)
    np.testing.assert_array_equal(t.network.statistics, kept)


def test_the_fit_to_constant_targets_has_no_r2() -> None:
    y = np.full((7, 1), 0.1)
    assert task_metrics("regression", y + 0.3, y)["r2"] is None
