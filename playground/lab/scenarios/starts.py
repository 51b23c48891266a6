"""Scenarios of how a network starts: exploding, dead, orthogonal, normalized."""

from __future__ import annotations

from playground.lab.scenarios.circle import CIRCLE, deep, hidden, training
from playground.lab.scenarios.script import RESET, Scenario, Scene, edit, expect, scaled, stack

STARTS = (
    Scenario(
        "exploding-and-clipping",
        "Exploding gradients, and clipping",
        "Weights that are too large multiply the gradient at each layer until a number overflows; "
        "clipping keeps its direction and bounds its length.",
        deep(stack(10, 32, "relu", {"name": "normal", "deviation": 1.0}), 0.01),
        (
            Scene(
                "Weights N(0, 1) at width 32: sixteen times too large a variance. Press Play.",
                "Within a few steps a value is no longer finite, and the run stops.",
                20,
                (expect("diverged", 1, 1),),
            ),
            Scene(
                "The same weights again, with the gradient clipped at norm 1.",
                "No step is longer than the rate allows, whatever the gradient; it stays finite.",
                200,
                (expect("diverged", 0, 0), expect("applied", high=1.0001)),
                commands=(edit(training={"clip_norm": 1.0}), RESET),
            ),
            Scene(
                "And the cause: weights of the right size.",
                "With He's initialization it learns, and never needs the clipping.",
                200,
                (expect("diverged", 0, 0), expect("training_loss", high=0.3)),
                commands=(
                    hidden(stack(10, 32, "relu", "he_normal"), learning_rate=0.05),
                    RESET,
                ),
            ),
        ),
        "depth",
    ),
    Scenario(
        "dead-relus",
        "Dead ReLUs",
        "A ReLU that answers no example gets no gradient to wake it; a leak of one percent brings "
        "it back.",
        {
            "data": CIRCLE,
            "network": {"hidden": stack(2, 16, "relu", {"name": "he_normal", "bias": -3.0})},
            "training": training(0.3, 20),
        },
        (
            Scene(
                "Every bias starts at −3, and few examples reach beyond it.",
                "All units of layer 2 are dead; the loss can't move.",
                300,
                (expect("dead", 1, 1), expect("training_loss", low=0.65)),
                watch="units",
            ),
            Scene(
                "Now leaky ReLU: same weights, a slope of 0.1 below zero; and Adam, for the pace.",
                "A little gradient gets through, the units wake, and the loss falls.",
                1500,
                (expect("training_loss", high=0.35),),
                watch="units",
                commands=(
                    hidden(
                        stack(
                            2,
                            16,
                            {"name": "leaky_relu", "negative_slope": 0.1},  # type: ignore[arg-type]
                            {"name": "he_normal", "bias": -3.0},
                        ),
                        optimizer="adam",
                        learning_rate=0.01,
                    ),
                ),
            ),
        ),
        "depth",
    ),
    Scenario(
        "orthogonal-start",
        "An orthogonal start",
        "A random matrix stretches some directions and shrinks others, and thirty of them in a row "
        "leave little; an orthogonal one keeps every length.",
        deep(stack(30, 32, "linear", scaled(1.0)), 0.001),
        (
            Scene(
                "Thirty linear layers of Gaussian weights, the right variance. Draw again and "
                "again (Reset with a new seed).",
                "The gradient scatters over the layers, differently at each draw.",
                0,
                (expect("drop", -3.5, 2.0),),
            ),
            Scene(
                "Now orthogonal matrices.",
                "Every layer gets exactly the same: ‖delta‖ is one number throughout.",
                0,
                (expect("slope", -0.005, 0.005), expect("drop", -0.2, 0.2)),
                commands=(hidden(stack(30, 32, "linear", "orthogonal")),),
            ),
            Scene(
                "And with tanh between them.",
                "Thirty layers of tanh, and the gradient is level.",
                0,
                (expect("slope", -0.05, 0.05),),
                commands=(hidden(stack(30, 32, "tanh", "orthogonal")),),
            ),
        ),
        "depth",
    ),
    Scenario(
        "batch-normalization",
        "Batch normalization, cure and illness",
        "Normalizing each layer brings the signal back to size, at moderate depth a cure; but each "
        "layer then multiplies the gradient by √(π/(π − 1)): +0.083 decades.",
        deep(stack(6, 32, "sigmoid", scaled(1.0)), 0.2),
        (
            Scene(
                "Six layers of sigmoids.",
                "The gradient vanishes, and nothing is learned.",
                100,
                (expect("drop", high=-2.5), expect("training_loss", low=0.6)),
            ),
            Scene(
                "With batch normalization.",
                "Six layers of sigmoids learn.",
                300,
                (expect("drop", low=-2.0), expect("training_loss", high=0.3)),
                commands=(
                    hidden(stack(6, 32, "sigmoid", scaled(1.0), normalization="batch")),
                    RESET,
                ),
            ),
            Scene(
                "And at depth: forty normalized layers of ReLU, freshly drawn.",
                "‖delta‖ grows by 0.083 decades a layer: it explodes.",
                0,
                (expect("slope", 0.06, 0.12), expect("drop", low=2.2)),
                commands=(
                    hidden(stack(40, 32, "relu", "he_normal", normalization="batch")),
                    RESET,
                ),
            ),
        ),
        "depth",
    ),
)
