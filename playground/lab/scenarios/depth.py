"""Scenarios of depth: the gradient vanishes on its way through many layers, and does not."""

from __future__ import annotations

from playground.lab.scenarios.circle import CIRCLE, deep, hidden, training
from playground.lab.scenarios.script import RESET, Scenario, Scene, expect, scaled, stack

DEPTH = (
    Scenario(
        "sigmoid-vanishes",
        "Sigmoid × 8: the gradient vanishes",
        "A sigmoid's slope is at most ¼, so each layer passes on less than a quarter of what comes "
        "back: the first layers get nothing to learn from.",
        {
            "data": CIRCLE,
            "network": {"hidden": stack(8, 16, "sigmoid", "glorot_uniform")},
            "training": training(0.1, 20),
        },
        (
            Scene(
                "Press Play and watch ‖delta‖ of layer 1.",
                "Each layer on the way to the input gets about a quarter; the loss stays where it "
                "was.",
                300,
                (expect("drop", high=-3.5), expect("training_loss", low=0.6)),
            ),
            Scene(
                "Now ReLU with He's initialization.",
                "The same depth, and every layer gets its share: the loss falls.",
                800,
                (expect("drop", low=-2.0), expect("training_loss", high=0.25)),
                commands=(hidden(stack(8, 16, "relu", "he_normal"), learning_rate=0.03),),
            ),
        ),
        "depth",
    ),
    Scenario(
        "tanh-phases",
        "tanh: too small, critical, chaotic",
        "With σ_w below 1 signals and gradients die out, above 1 they are thrown about; at 1, the "
        "edge of chaos, they pass.",
        deep(stack(20, 32, "tanh", scaled(0.5))),
        (
            Scene(
                "σ_w = ½: twenty layers of tanh with small weights.",
                "−0.3 decades a layer: each layer halves the gradient, and nothing is learned.",
                100,
                (expect("slope", -0.36, -0.24), expect("training_loss", low=0.6)),
            ),
            Scene(
                "Now σ_w = 1, the critical point.",
                "The gradient reaches layer 1 nearly whole, and the loss falls.",
                150,
                (expect("drop", low=-1.5), expect("training_loss", high=0.4)),
                commands=(hidden(stack(20, 32, "tanh", scaled(1.0))),),
            ),
            Scene(
                "Now σ_w = 2: chaos. Drawn anew; look before it trains.",
                "The gradient grows towards the input, by about 0.07 decades a layer.",
                0,
                (expect("slope", 0.02, 0.11),),
                commands=(hidden(stack(20, 32, "tanh", scaled(2.0))), RESET),
            ),
        ),
        "depth",
    ),
    Scenario(
        "relu-initializations",
        "ReLU × 40: PyTorch, Xavier, He",
        "Half of a ReLU's answers are 0, so its weights need twice the variance: He's 2/fan_in, "
        "and neither Xavier's 1 nor PyTorch's default ⅓.",
        deep(stack(40, 64, "relu", scaled(3**-0.5)), batch=32),
        (
            Scene(
                "PyTorch's default, variance ⅓ / fan_in. Look first.",
                "−0.39 decades a layer: fifteen orders of magnitude.",
                0,
                (expect("slope", -0.45, -0.33),),
            ),
            Scene(
                "Press Play.",
                "The loss stays where it was.",
                60,
                (expect("training_loss", low=0.65),),
                watch="loss",
            ),
            Scene(
                "Xavier: variance 1 / fan_in.",
                "−0.15 decades a layer: still a million times too little at layer 1.",
                0,
                (expect("slope", -0.21, -0.1),),
                commands=(hidden(stack(40, 64, "relu", scaled(1.0))), RESET),
            ),
            Scene(
                "Press Play.",
                "Nothing is learned either.",
                60,
                (expect("training_loss", low=0.65),),
                watch="loss",
            ),
            Scene(
                "He: variance 2 / fan_in.",
                "Level on average: what leaves the output arrives at layer 1.",
                0,
                (expect("slope", -0.06, 0.05),),
                commands=(
                    hidden(stack(40, 64, "relu", scaled(2**0.5)), learning_rate=0.005),
                    RESET,
                ),
            ),
            Scene(
                "Press Play.",
                "Forty layers learn.",
                200,
                (expect("training_loss", high=0.5),),
                watch="loss",
            ),
        ),
        "depth",
    ),
    Scenario(
        "residual-cure",
        "Residual connections cure depth",
        "a = h + f(h): whatever f does to the gradient, the h passes it on whole.",
        deep(stack(20, 32, "tanh", scaled(0.5))),
        (
            Scene(
                "Twenty layers of tanh, σ_w = ½: the gradient dies on its way.",
                "Each layer halves it; the loss stands still.",
                100,
                (expect("slope", -0.36, -0.24), expect("training_loss", low=0.6)),
            ),
            Scene(
                "The same weights, now with a way round each layer.",
                "All layers get the gradient, and the loss falls.",
                200,
                (expect("drop", low=-1.0), expect("training_loss", high=0.2)),
                commands=(
                    hidden(
                        stack(1, 32, "tanh", scaled(0.5))
                        + stack(19, 32, "tanh", scaled(0.5), residual={"scale": 1.0})
                    ),
                ),
            ),
        ),
        "depth",
    ),
)
