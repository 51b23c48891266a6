"""The trajectories that PyTorch recorded: plain networks, every setting off its default.

Read by the recording script, which needs torch, and by the tests, which do not.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

STEPS = 50
EXAMPLES, BATCH = 30, 10  # batches are taken in order, so that no random stream has to agree

CASES: dict[str, dict[str, Any]] = {
    "sgd": {"optimizer": {"name": "sgd"}, "rate": 0.3},
    "sgd_momentum": {"optimizer": {"name": "sgd", "momentum": 0.8}, "rate": 0.1},
    "sgd_nesterov": {
        "optimizer": {"name": "sgd", "momentum": 0.7, "nesterov": True},
        "rate": 0.1,
    },
    "adagrad": {"optimizer": {"name": "adagrad", "epsilon": 1e-3}, "rate": 0.1},
    "rmsprop": {"optimizer": {"name": "rmsprop", "alpha": 0.9, "epsilon": 1e-4}, "rate": 0.01},
    "rmsprop_momentum_centered": {
        "optimizer": {
            "name": "rmsprop", "alpha": 0.8, "epsilon": 1e-3, "momentum": 0.5, "centered": True,
        },
        "rate": 0.01,
    },
    "adadelta": {"optimizer": {"name": "adadelta", "rho": 0.8, "epsilon": 1e-3}, "rate": 0.7},
    "adam": {
        "optimizer": {"name": "adam", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3},
        "rate": 0.02,
    },
    "adamw": {
        "optimizer": {
            "name": "adamw", "beta1": 0.85, "beta2": 0.97, "epsilon": 1e-4, "weight_decay": 0.2,
        },
        "rate": 0.02,
    },
    "nadam": {
        "optimizer": {
            "name": "nadam", "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3,
            "momentum_decay": 0.02, "weight_decay": 0.1,
        },
        "rate": 0.02,
    },
    "cross_entropy_relu": {
        "optimizer": {"name": "adam"}, "rate": 0.01, "activation": "relu",
        "loss": "cross_entropy", "outputs": 3,
    },
    "mse_gelu_l2_l1": {
        "optimizer": {"name": "sgd"}, "rate": 0.05, "activation": "gelu", "loss": "mse",
        "outputs": 2, "l2": 0.03, "l1": 0.01,
    },
    "huber_silu_clip_value": {
        "optimizer": {"name": "sgd"}, "rate": 0.1, "activation": "silu",
        "loss": {"name": "huber", "delta": 0.4}, "outputs": 2, "clip_value": 0.02,
    },
    "batch_normalization_elu": {
        "optimizer": {"name": "sgd"}, "rate": 0.1, "activation": {"name": "elu", "alpha": 0.7},
        "normalization": "batch",
    },
    "layer_normalization_mish": {
        "optimizer": {"name": "sgd"}, "rate": 0.1, "activation": "mish", "normalization": "layer",
    },
    "residual_leaky_relu": {
        "optimizer": {"name": "sgd"}, "rate": 0.1, "residual": 0.6,
        "activation": {"name": "leaky_relu", "negative_slope": 0.2},
    },
    "softplus": {"optimizer": {"name": "sgd"}, "rate": 0.1, "activation": "softplus"},
    "softsign_mae": {
        "optimizer": {"name": "sgd"}, "rate": 0.05, "activation": "softsign", "loss": "mae",
        "outputs": 2,
    },
    "selu": {"optimizer": {"name": "sgd"}, "rate": 0.1, "activation": "selu"},
    "hard_tanh": {"optimizer": {"name": "sgd"}, "rate": 0.1, "activation": "hard_tanh"},
    "sigmoid": {"optimizer": {"name": "sgd"}, "rate": 1.0, "activation": "sigmoid"},
}  # fmt: skip

WIDTHS = [3, 5, 5, 5]  # inputs, then three hidden layers of equal width


def problem(case: dict[str, Any]) -> tuple[Any, Any, list[tuple[Any, Any]]]:
    """x (n, 3), y (n, outputs) and the first weights, the same wherever this runs."""
    rng = np.random.default_rng(20)
    outputs, loss = case.get("outputs", 1), case.get("loss", "binary_cross_entropy")
    x = rng.standard_normal((EXAMPLES, WIDTHS[0]))
    if loss == "cross_entropy":
        y = np.eye(outputs)[rng.integers(0, outputs, EXAMPLES)]
    elif loss == "binary_cross_entropy":
        y = rng.integers(0, 2, (EXAMPLES, 1)).astype(float)
    else:
        y = np.sin(x[:, :outputs] * 2)
    widths = [*WIDTHS, outputs]
    weights = [
        (rng.standard_normal((i, o)) / np.sqrt(i), 0.1 * rng.standard_normal(o))
        for i, o in pairwise(widths)
    ]
    return x, y, weights
