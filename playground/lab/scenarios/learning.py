"""Scenarios of learning: rates, momentum, saddles, symmetry, overfitting, approximation."""

from __future__ import annotations

from typing import Any

from playground.lab.scenarios.script import (
    RESET,
    Command,
    Scenario,
    Scene,
    compare,
    edit,
    expect,
    stack,
)

LIMIT = 0.9934826779610049
"""2/λ_max of a linear model's squared error on the data set `plane`, seed 0."""
QUADRATIC: dict[str, Any] = {
    "data": {"name": "plane", "seed": 0},
    "network": {"hidden": [], "output": {"initializer": {"name": "normal", "deviation": 1.0}}},
    "training": {"loss": "mse", "batch_size": 250, "learning_rate": LIMIT / 4},
}


def _rate(rate: float) -> Command:
    return edit(training={"learning_rate": rate})


FEW = {"name": "moons", "samples": 100, "noise": 0.4, "train_fraction": 0.3}


LEARNING = (
    Scenario(
        "learning-rate",
        "The learning rate at its limit",
        "On a quadratic, gradient descent converges below 2/λ_max, hovers at it and diverges above "
        "it; λ_max is the largest curvature of the loss.",
        QUADRATIC,
        (
            Scene(
                f"A linear model: a quadratic loss, with 2/λ_max = {LIMIT:.4f}. A quarter of that.",
                "The loss falls to zero.",
                200,
                (expect("training_loss", high=1e-6),),
                watch="loss",
            ),
            Scene(
                "Exactly at the limit, from the same weights.",
                "Along the steepest direction it jumps from side to side for ever.",
                400,
                (expect("training_loss", low=1e-6, high=50.0),),
                watch="loss",
                commands=(_rate(LIMIT), RESET),
            ),
            Scene(
                "Five percent above it.",
                "Each jump is a little longer than the last: the loss climbs without end.",
                400,
                (expect("training_loss", low=1e6),),
                watch="loss",
                commands=(_rate(1.05 * LIMIT), RESET),
            ),
        ),
        "learning",
    ),
    Scenario(
        "momentum",
        "Momentum",
        "A running sum of gradients is faster along the valley, and stable up to (2 + 2β)/λ_max.",
        {**QUADRATIC, "training": {**QUADRATIC["training"], "learning_rate": 0.002}},
        (
            Scene(
                "A small rate, without momentum.",
                "After 300 steps much of the way is still ahead.",
                300,
                (expect("training_loss", low=0.01),),
                watch="loss",
            ),
            Scene(
                "The same rate with momentum 0.9, from the same weights.",
                "It is there.",
                300,
                (expect("training_loss", high=1e-3),),
                watch="loss",
                commands=(
                    edit(training={"optimizer": {"name": "sgd", "momentum": 0.9}}),
                    RESET,
                ),
            ),
            Scene(
                "And a rate half as large again as plain descent could stand.",
                "With momentum it is stable: the limit is now (2 + 2·0.9)/λ_max.",
                600,
                (expect("training_loss", high=1e-3),),
                watch="loss",
                commands=(_rate(1.5 * LIMIT), RESET),
            ),
            Scene(
                "Both at the small rate, side by side: the same weights, the same batches.",
                "Each step of the one is a step of the other; only momentum is there.",
                300,
                (expect("training_loss", high=1e-3),),
                commands=(
                    _rate(0.002),
                    compare(training={"optimizer": {"momentum": 0.0}}),
                    RESET,
                ),
            ),
        ),
        "learning",
    ),
    Scenario(
        "zero-initialization",
        "Zero initialization: symmetry",
        "Units with the same weights get the same gradient and stay copies for ever; chance must "
        "tell them apart.",
        {
            "data": {"name": "circle"},
            "network": {
                "hidden": stack(1, 8, "tanh", "zeros"),
                "output": {"initializer": "zeros"},
            },
            "training": {"learning_rate": 0.1},
        },
        (
            Scene(
                "Every weight is 0.",
                "No gradient reaches the hidden layer: nothing moves but the output's bias.",
                300,
                (expect("alike", 1, 1), expect("training_loss", low=0.68)),
                watch="network",
            ),
            Scene(
                "Every weight is 0.3 instead.",
                "The units move, all eight in step: a layer of eight is a layer of one.",
                1500,
                (expect("alike", 1, 1), expect("training_loss", low=0.3)),
                watch="network",
                commands=(
                    edit(
                        network={
                            "hidden": stack(1, 8, "tanh", {"name": "constant", "value": 0.3}),
                            "output": {"initializer": {"name": "constant", "value": 0.3}},
                        }
                    ),
                    RESET,
                ),
            ),
            Scene(
                "Now random weights.",
                "Each unit finds a task of its own.",
                2500,
                (expect("alike", 0, 0), expect("training_loss", high=0.15)),
                watch="network",
                commands=(
                    edit(
                        network={
                            "hidden": stack(1, 8, "tanh", "glorot_uniform"),
                            "output": {"initializer": "glorot_uniform"},
                        }
                    ),
                    RESET,
                ),
            ),
        ),
        "learning",
    ),
    Scenario(
        "xor-saddle",
        "XOR: waiting at a saddle",
        "Around small weights XOR is a saddle: flat in every direction that a gradient sees. The "
        "loss stands still, then falls off.",
        {
            "data": {"name": "xor"},
            "network": {
                "hidden": stack(1, 16, "tanh", {"name": "normal", "deviation": 0.03}),
                "output": {"initializer": {"name": "normal", "deviation": 0.03}},
            },
            "training": {"learning_rate": 0.3, "batch_size": 250},
        },
        (
            Scene(
                "All weights are small. Press Play and wait.",
                "The loss stays near log 2 = 0.693: it looks like a minimum, and is a saddle.",
                40,
                (expect("training_loss", 0.66, 0.7),),
                watch="loss",
            ),
            Scene(
                "Keep waiting.",
                "The growth was exponential all along: at last it shows, and the loss falls.",
                4000,
                (expect("training_loss", high=0.2),),
                watch="loss",
            ),
        ),
        "learning",
    ),
    Scenario(
        "overfitting",
        "Overfitting, and three remedies",
        "Thirty noisy examples and a thousand weights: the network learns the noise by heart. A "
        "penalty, dropout or stopping early keep it from it.",
        {
            "data": FEW,
            "network": {"hidden": stack(2, 32, "tanh", "glorot_uniform")},
            "training": {"optimizer": "adam", "learning_rate": 0.01},
        },
        (
            Scene(
                "Press Play; watch the two losses part.",
                "The training loss goes to zero, the test loss rises.",
                2000,
                (expect("gap", low=0.15), expect("training_loss", high=0.1)),
                watch="loss",
            ),
            Scene(
                "First remedy: an L2 penalty.",
                "Large weights cost; the surface is smooth again, and the gap is small.",
                1200,
                (expect("gap", high=0.3), expect("test_loss", high=0.6)),
                watch="surface",
                commands=(edit(training={"l2": 0.05}), RESET),
            ),
            Scene(
                "Second remedy: dropout of one half.",
                "No unit can rely on another.",
                600,
                (expect("test_loss", high=0.95),),
                watch="surface",
                commands=(
                    edit(
                        training={"l2": 0.0},
                        network={"hidden": stack(2, 32, "tanh", "glorot_uniform", dropout=0.5)},
                    ),
                    RESET,
                ),
            ),
            Scene(
                "Third remedy: stop early.",
                "Training ends where the validation loss is best.",
                2000,
                (expect("test_loss", high=0.6),),
                watch="loss",
                commands=(
                    edit(
                        data={"validation_fraction": 0.3},
                        training={"stop": {"patience": 10}},
                        network={"hidden": stack(2, 32, "tanh", "glorot_uniform")},
                    ),
                    RESET,
                ),
            ),
        ),
        "learning",
    ),
    Scenario(
        "universal-approximation",
        "A sine from bumps",
        "One hidden layer can come as close to any curve as you like, given units enough.",
        {
            "data": {"name": "sine", "train_fraction": 0.8},
            "network": {"hidden": stack(1, 1, "tanh", "glorot_uniform")},
            "training": {"optimizer": "adam", "learning_rate": 0.02, "batch_size": 50},
        },
        (
            Scene(
                "One unit: one bend.",
                "It can follow a part of the sine only.",
                1000,
                (expect("training_loss", low=0.1),),
                watch="surface",
            ),
            Scene(
                "Thirty-two units.",
                "Their bends add up to the whole curve.",
                3000,
                (expect("training_loss", high=0.01), expect("test_loss", high=0.015)),
                watch="surface",
                commands=(
                    edit(
                        network={
                            "hidden": stack(1, 32, "tanh", {"name": "normal", "deviation": 2.0})
                        }
                    ),
                    RESET,
                ),
            ),
        ),
        "learning",
    ),
)
