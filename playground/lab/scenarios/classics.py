"""The worked example that students know by heart."""

from __future__ import annotations

from playground.lab.scenarios.script import Command, Scenario, Scene, expect

# Mazur 2015, "A Step by Step Backpropagation Example": w1 … w8 by the unit they go into.
_WEIGHTS = {
    (0, 0, 0): 0.15, (0, 1, 0): 0.20, (0, 0, 1): 0.25, (0, 1, 1): 0.30,
    (1, 0, 0): 0.40, (1, 1, 0): 0.45, (1, 0, 1): 0.50, (1, 1, 1): 0.55,
}  # fmt: skip
_BIASES = {(0, 0): 0.35, (0, 1): 0.35, (1, 0): 0.60, (1, 1): 0.60}


def _weights() -> tuple[Command, ...]:
    weights = [
        {"name": "set_weight", "layer": layer, "input": source, "unit": unit, "value": value}
        for (layer, source, unit), value in _WEIGHTS.items()
    ]
    biases = [
        {"name": "set_bias", "layer": layer, "unit": unit, "value": value}
        for (layer, unit), value in _BIASES.items()
    ]
    return (*weights, *biases)


CLASSICS = (
    Scenario(
        "mazur",
        "Mazur's worked example",
        "Two inputs, two hidden units, two outputs, one example: every number of the famous "
        "step-by-step calculation, to the last digit.",
        {
            "data": {"name": "mazur", "standardize": False, "train_fraction": 1.0},
            "network": {
                "hidden": [{"units": 2, "activation": "sigmoid"}],
                "output": {"activation": "sigmoid"},
            },
            "training": {
                "loss": "half_squared_error",
                "learning_rate": 0.5,
                "batch_size": 1,
            },
        },
        (
            Scene(
                "The forward pass, with Mazur's weights.",
                "The total error is 0.298371109.",
                0,
                (expect("training_loss", 0.298371108, 0.298371110),),
                watch="network",
                commands=_weights(),
            ),
            Scene(
                "One step of backpropagation.",
                "w5 is 0.358916480, as Mazur has it. Here the biases learn too: the error "
                "falls to 0.2805.",
                1,
                (expect("training_loss", 0.2804, 0.2806),),
                watch="network",
            ),
            Scene(
                "And ten thousand steps.",
                "The error is below Mazur's 0.0000351.",
                9999,
                (expect("training_loss", high=0.0000351),),
                watch="loss",
            ),
        ),
        "classics",
    ),
)
