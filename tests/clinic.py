"""Experiments of our own making, healthy and sick, and what the coach says of each."""

from __future__ import annotations

from typing import Any

from playground.experiment.config import Experiment
from playground.runtime.run import Run
from playground.telemetry.frames import Finding
from playground.wire.commands import parse_command

LOOKS = 60


def layers(depth: int, units: int, activation: str, init: Any, **more: Any) -> dict[str, Any]:
    own = {"units": units, "activation": activation, "initializer": init, **more}
    return {"hidden": [own] * depth}


def scaled(scale: float) -> dict[str, Any]:
    return {"name": "scaled_normal", "weight_scale": scale}


def observed(experiment: dict[str, Any], steps: int, looks: int = LOOKS) -> list[Finding]:
    """Every finding told while the experiment trains, each once, looked at so often."""
    run = Run(Experiment.parse(experiment), speed=None)
    told: dict[str, Finding] = {}
    for seq in range(looks + 1):
        header, _ = run.frame(seq, 0, seq)
        for finding in header["lab"]["findings"]:
            told.setdefault(finding["id"], finding)
        if run.state == "diverged":
            break
        run.handle(parse_command({"name": "step", "count": max(steps // looks, 1)}))
        while run.state == "running":
            run.advance(0.05, measured=True)
    return list(told.values())


def train(rate: float, optimizer: Any = "sgd", **more: Any) -> dict[str, Any]:
    return {"learning_rate": rate, "optimizer": optimizer, **more}


# name, experiment, steps
HEALTHY: list[tuple[str, dict[str, Any], int]] = [
    ("the default", {}, 4000),
    ("default, seed 1", {"seed": 1}, 4000),
    ("default, seed 2", {"seed": 2}, 4000),
    ("noisy circle", {"data": {"name": "circle", "noise": 0.2}}, 4000),
    ("xor", {"data": "xor"}, 4000),
    ("xor, 8 ReLU", {"data": "xor", "network": layers(1, 8, "relu", "he_normal")}, 3000),
    ("gauss", {"data": "gauss"}, 2000),
    ("overlapping gauss", {"data": {"name": "gauss", "noise": 0.4}}, 3000),
    ("gauss, linear model", {"data": "gauss", "network": {"hidden": []}}, 2000),
    ("moons", {"data": {"name": "moons", "noise": 0.1}, "training": train(0.1)}, 3000),
    ("blobs", {"data": "blobs"}, 3000),
    ("spiral, Adam", {
        "data": "spiral", "network": layers(2, 16, "tanh", "glorot_uniform"),
        "training": train(0.01, "adam"),
    }, 4000),
    ("spiral, ReLU", {
        "data": "spiral", "network": layers(3, 16, "relu", "he_normal"),
        "training": train(0.005, "adam"),
    }, 4000),
    ("checkerboard, wide", {
        "data": {"name": "checkerboard", "samples": 2000},
        "network": layers(2, 32, "relu", "he_normal"), "training": train(0.005, "adam"),
    }, 4000),
    ("plane", {"data": "plane"}, 2000),
    ("multi-gauss", {"data": "multi_gauss", "training": train(0.1)}, 4000),
    ("sine", {
        "data": "sine", "network": layers(2, 16, "tanh", "glorot_uniform"),
        "training": train(0.01, "adam"),
    }, 4000),
    ("iris", {"data": "iris"}, 3000),
    ("wine", {"data": "wine"}, 2000),
    ("breast cancer", {
        "data": "breast_cancer", "training": train(0.01, l2=0.01),
    }, 1500),
    ("digits", {
        "data": "digits", "network": layers(1, 32, "relu", "he_normal"),
        "training": train(0.05, batch_size=32),
    }, 1500),
    ("diabetes", {
        "data": "diabetes", "network": layers(1, 8, "tanh", "glorot_uniform"),
        "training": train(0.0003),
    }, 1500),
    ("He, 10 deep", {
        "network": layers(10, 32, "relu", "he_normal"), "training": train(0.01),
    }, 2000),
    ("He, 20 deep", {
        "network": layers(20, 32, "relu", "he_normal"), "training": train(0.005),
    }, 2000),
    ("He, 30 deep, Adam", {
        "network": layers(30, 64, "relu", "he_normal"),
        "training": train(0.0005, "adam", batch_size=32),
    }, 500),
    ("tanh, critical, 20 deep", {
        "network": layers(20, 32, "tanh", scaled(1.0)), "training": train(0.02),
    }, 2000),
    ("tanh, orthogonal, 20 deep", {
        "network": layers(20, 32, "tanh", "orthogonal"), "training": train(0.02),
    }, 2000),
    ("residual, 20 deep", {
        "network": {"hidden": [
            {"units": 16, "activation": "tanh"},
            *[{"units": 16, "activation": "tanh", "initializer": scaled(0.5),
               "residual": {"scale": 0.5}}] * 19,
        ]},
        "training": train(0.01),
    }, 2000),
    ("batch norm, 6 deep", {
        "network": layers(6, 16, "relu", "he_normal", normalization="batch"),
        "training": train(0.03, batch_size=32),
    }, 2000),
    ("layer norm, 6 deep", {
        "network": layers(6, 16, "relu", "he_normal", normalization="layer"),
        "training": train(0.03),
    }, 2000),
    ("dropout", {
        "network": layers(2, 32, "relu", "he_normal", dropout=0.2), "training": train(0.05),
    }, 2000),
    ("SELU, 8 deep", {
        "network": layers(8, 16, "selu", "lecun_normal"), "training": train(0.01),
    }, 2000),
    ("GELU", {"network": layers(3, 16, "gelu", "he_normal")}, 2000),
    ("SiLU", {"network": layers(3, 16, "silu", "he_normal")}, 2000),
    ("ELU", {"network": layers(4, 8, "elu", "he_normal")}, 2000),
    ("softsign", {"network": layers(2, 8, "softsign", "glorot_uniform"),
                  "training": train(0.1)}, 3000),
    ("sine units", {"network": layers(2, 8, "sin", "glorot_uniform")}, 2000),
    ("sigmoid, shallow", {
        "network": layers(1, 8, "sigmoid", "glorot_uniform"), "training": train(0.5),
    }, 4000),
    ("sigmoid, two layers, Adam", {
        "network": layers(2, 8, "sigmoid", "glorot_uniform"), "training": train(0.03, "adam"),
    }, 3000),
    ("hard tanh", {"network": layers(2, 8, "hard_tanh", "glorot_uniform")}, 3000),
    ("momentum", {"training": train(0.01, {"name": "sgd", "momentum": 0.9})}, 3000),
    ("RMSprop", {"training": train(0.003, "rmsprop")}, 3000),
    ("AdaGrad", {"training": train(0.05, "adagrad")}, 3000),
    ("AdaDelta", {"training": train(1.0, "adadelta")}, 3000),
    ("NAdam", {"training": train(0.005, "nadam")}, 3000),
    ("Lion", {"training": train(0.0005, "lion")}, 3000),
    ("AdamW, cosine", {
        "training": train(0.01, "adamw", schedule={"name": "cosine", "total_epochs": 100}),
    }, 3000),
    ("full batch", {"training": train(0.3, batch_size=250)}, 2000),
    ("squared error and tanh output", {
        "network": {"output": {"activation": "tanh"}}, "training": train(0.1, loss="mse"),
    }, 3000),
    ("raw inputs", {"data": {"name": "circle", "standardize": False}, "training": train(0.01)},
     3000),
]  # fmt: skip

# name, experiment, steps, the illness
SICK: list[tuple[str, dict[str, Any], int, str]] = [
    *[
        (f"sigmoid × {depth}, seed {seed}", {
            "seed": seed, "network": layers(depth, 8, "sigmoid", "glorot_uniform"),
        }, 1500, "vanishing")
        for depth, seed in ((6, 0), (8, 0), (8, 1), (12, 2))
    ],
    ("sigmoid × 6, wide, Xavier", {
        "network": layers(6, 32, "sigmoid", "glorot_normal"), "training": train(0.5),
    }, 1500, "vanishing"),
    ("tanh σ_w ½, 10 deep", {
        "network": layers(10, 32, "tanh", scaled(0.5)), "training": train(0.05),
    }, 1500, "vanishing"),
    ("tanh σ_w ½, 20 deep", {
        "network": layers(20, 32, "tanh", scaled(0.5)), "training": train(0.05),
    }, 1000, "vanishing"),
    ("ReLU, PyTorch's weights, 20 deep", {
        "network": layers(20, 32, "relu", scaled(3**-0.5)), "training": train(0.05),
    }, 1000, "vanishing"),
    ("ReLU, PyTorch's weights, 40 deep", {
        "network": layers(40, 32, "relu", scaled(3**-0.5)), "training": train(0.05),
    }, 600, "vanishing"),
    ("ReLU, Xavier, 40 deep", {
        "network": layers(40, 32, "relu", scaled(1.0)), "training": train(0.05),
    }, 800, "vanishing"),
    *[
        (f"ReLU, N(0, 1) weights, 10 deep, seed {seed}", {
            "seed": seed,
            "network": layers(10, 32, "relu", {"name": "normal", "deviation": 1.0}),
            "training": train(0.05),
        }, 100, "exploding")
        for seed in (0, 1)
    ],
    ("ReLU σ_w 2, 20 deep", {
        "network": layers(20, 32, "relu", scaled(2.0)), "training": train(0.05),
    }, 200, "exploding"),
    ("linear σ_w 2, 12 deep", {
        "network": layers(12, 16, "linear", scaled(2.0)), "training": train(0.05),
    }, 200, "exploding"),
    *[
        (f"saturated tanh, deviation {deviation}", {
            "network": layers(depth, 16, "tanh", {"name": "normal", "deviation": deviation}),
            "training": train(rate), "data": data,
        }, 1500, "saturation")
        for deviation, depth, rate, data in (
            (10.0, 4, 1e-4, "spiral"), (10.0, 6, 3e-4, "spiral"), (8.0, 5, 1e-4, "checkerboard"),
        )
    ],
    ("saturated sigmoid", {
        "network": layers(3, 16, "sigmoid", {"name": "normal", "deviation": 10.0}),
        "training": train(1e-3), "data": "spiral",
    }, 1500, "saturation"),
    *[
        (f"ReLUs with bias {bias}", {
            "seed": seed,
            "network": layers(2, 8, "relu", {"name": "he_normal", "bias": bias}),
        }, 600, "dead_units")
        for bias, seed in ((-10, 0), (-6, 1))
    ],
    ("ReLUs killed by the rate", {
        "network": layers(2, 16, "relu", "he_normal"), "training": train(5.0),
    }, 1000, "dead_units"),
    ("ReLUs killed on the plane", {
        "data": "plane", "network": layers(3, 16, "relu", "he_normal"), "training": train(0.3),
    }, 1000, "dead_units"),
    *[
        (f"plane, rate {rate}", {
            "data": "plane", "network": layers(2, 8, "linear", "he_normal"),
            "training": train(rate),
        }, 500, "divergence")
        for rate in (3.0, 30.0)
    ],
    ("diabetes, raw targets", {
        "data": "diabetes", "network": layers(2, 16, "relu", "he_normal"),
    }, 500, "dead_units"),
    ("half squared error, rate 10", {
        "data": "sine", "network": layers(1, 16, "linear", "he_normal"),
        "training": train(10.0, loss="half_squared_error"),
    }, 500, "divergence"),
    ("the default, rate 5", {"training": train(5.0)}, 2000, "learning_rate_high"),
    ("spiral, Adam, rate 1", {
        "data": "spiral", "network": layers(2, 16, "tanh", "glorot_uniform"),
        "training": train(1.0, "adam"),
    }, 1500, "learning_rate_high"),
    ("multi-gauss, rate 0.4", {
        "data": "multi_gauss", "network": layers(1, 16, "tanh", "glorot_uniform"),
        "training": train(0.4),
    }, 1500, "learning_rate_high"),
    ("moons, momentum, rate 5", {
        "data": {"name": "moons", "noise": 0.2},
        "network": layers(1, 8, "tanh", "glorot_uniform"),
        "training": train(5.0, {"name": "sgd", "momentum": 0.9}),
    }, 1500, "learning_rate_high"),
    ("sine, RMSprop, rate 0.5", {
        "data": "sine", "network": layers(1, 16, "tanh", "glorot_uniform"),
        "training": train(0.5, "rmsprop"),
    }, 1500, "learning_rate_high"),
    *[
        (f"rate {rate}", {"seed": seed, "training": train(rate)}, 2000, "learning_rate_low")
        for rate, seed in ((1e-5, 0), (1e-6, 1))
    ],
    ("spiral, Adam, rate 1e-6", {
        "data": "spiral", "network": layers(2, 16, "relu", "he_normal"),
        "training": train(1e-6, "adam"),
    }, 1500, "learning_rate_low"),
    ("iris, rate 1e-5", {"data": "iris", "training": train(1e-5)}, 1500, "learning_rate_low"),
    ("zeros", {"network": layers(2, 8, "tanh", "zeros")}, 500, "symmetric"),
    ("constant", {"network": layers(2, 8, "tanh", {"name": "constant", "value": 0.3})}, 500,
     "symmetric"),
    ("all zero", {
        "network": {**layers(1, 8, "tanh", "zeros"), "output": {"initializer": "zeros"}},
    }, 500, "symmetric"),
    ("zeros, ReLU", {"network": layers(1, 8, "relu", "zeros")}, 500, "dead_units"),
    ("circle, linear model", {"network": {"hidden": []}}, 3000, "plateau"),
    ("xor, linear model", {"data": "xor", "network": {"hidden": []}}, 3000, "plateau"),
    ("xor, linear units", {
        "data": "xor", "network": layers(2, 8, "linear", "glorot_uniform"),
    }, 3000, "plateau"),
    ("spiral, one unit", {
        "data": "spiral", "network": layers(1, 1, "tanh", "glorot_uniform"),
    }, 4000, "plateau"),
    *[
        (f"few noisy points, {name}", {
            "seed": seed,
            "data": {"name": name, "samples": 60, "noise": noise, "train_fraction": 0.4},
            "network": layers(2, 32, "tanh", "glorot_uniform"),
            "training": train(0.01, "adam"),
        }, 3000, "overfitting")
        for name, noise, seed in (("circle", 0.4, 0), ("moons", 0.4, 1), ("gauss", 0.5, 2))
    ],
    ("breast cancer, few examples", {
        "data": {"name": "breast_cancer", "train_fraction": 0.1},
        "network": layers(2, 32, "relu", "he_normal"), "training": train(0.01, "adam"),
    }, 3000, "overfitting"),
    ("wine, raw", {"data": {"name": "wine", "standardize": False}}, 500, "unscaled_inputs"),
    ("breast cancer, raw", {
        "data": {"name": "breast_cancer", "standardize": False},
    }, 500, "unscaled_inputs"),
    ("diabetes, sigmoid output", {
        "data": "diabetes", "network": {"output": {"activation": "sigmoid"}},
    }, 500, "output_misfit"),
]  # fmt: skip
