"""Records tests/reference/pytorch.npz: `python -m reference.record_pytorch` in tests/, with torch.

Written against torch 2.13.0. For each case: the loss of every step, before its update, and all
weights after the last, layer by layer.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from reference.cases import BATCH, CASES, EXAMPLES, STEPS, problem

torch.set_default_dtype(torch.float64)


def name_and_settings(part):
    part = {"name": part} if isinstance(part, str) else dict(part)
    return part.pop("name"), part


def activation(part) -> nn.Module:
    name, settings = name_and_settings(part)
    kinds = {
        "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU, "gelu": nn.GELU, "silu": nn.SiLU,
        "elu": nn.ELU, "mish": nn.Mish, "leaky_relu": nn.LeakyReLU, "softplus": nn.Softplus,
        "softsign": nn.Softsign, "selu": nn.SELU, "hard_tanh": nn.Hardtanh,
    }  # fmt: skip
    return kinds[name](**settings)


def loss_function(part):
    name, settings = name_and_settings(part)
    if name == "cross_entropy":
        return lambda out, y: nn.functional.cross_entropy(out, y.argmax(1))
    return {
        "binary_cross_entropy": nn.BCEWithLogitsLoss, "mse": nn.MSELoss,
        "mae": nn.L1Loss, "huber": nn.HuberLoss,
    }[name](**settings)  # fmt: skip


def optimizer(part, parameters, rate: float):
    name, s = name_and_settings(part)
    betas = {"betas": (s.pop("beta1", 0.9), s.pop("beta2", 0.999))}
    if "epsilon" in s:
        s["eps"] = s.pop("epsilon")
    if name == "nadam":
        return torch.optim.NAdam(parameters, rate, **betas, **s, decoupled_weight_decay=True)
    if name in ("adam", "adamw"):
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
        return kind(parameters, rate, **betas, **s)
    kind = {
        "sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop,
        "adadelta": torch.optim.Adadelta,
    }[name]  # fmt: skip
    return kind(parameters, rate, **s)


class Net(nn.Module):
    def __init__(self, weights, case) -> None:
        super().__init__()
        self.phi = activation(case.get("activation", "tanh"))
        self.alpha = case.get("residual")
        self.linear = nn.ModuleList(nn.Linear(*w.shape) for w, _ in weights)
        for layer, (w, b) in zip(self.linear, weights, strict=True):
            layer.weight.data = torch.tensor(w.T.copy())
            layer.bias.data = torch.tensor(b)
        norm = {"batch": nn.BatchNorm1d, "layer": nn.LayerNorm}.get(case.get("normalization"))
        self.norms = nn.ModuleList(norm(len(b)) for _, b in weights[:-1]) if norm else None

    def forward(self, h):
        for k, layer in enumerate(self.linear[:-1]):
            z = layer(h)
            a = self.phi(self.norms[k](z) if self.norms else z)
            h = h + self.alpha * a if self.alpha is not None and h.shape == a.shape else a
        return self.linear[-1](h)


def record(case) -> dict[str, np.ndarray]:
    x, y, weights = problem(case)
    net = Net(weights, case)
    loss_of = loss_function(case.get("loss", "binary_cross_entropy"))
    step = optimizer(case["optimizer"], net.parameters(), case["rate"])
    x, y = torch.tensor(x), torch.tensor(y)
    losses = []
    for k in range(STEPS):
        start = k * BATCH % EXAMPLES
        step.zero_grad()
        loss = loss_of(net(x[start : start + BATCH]), y[start : start + BATCH])
        losses.append(loss.item())
        w = [layer.weight for layer in net.linear]
        objective = loss + case.get("l2", 0) / 2 * sum((v**2).sum() for v in w)
        objective = objective + case.get("l1", 0) * sum(v.abs().sum() for v in w)
        objective.backward()
        if "clip_value" in case:
            nn.utils.clip_grad_value_(net.parameters(), case["clip_value"])
        step.step()
    found = {"losses": np.array(losses)}
    for k, layer in enumerate(net.linear, start=1):
        found[f"W{k}"] = layer.weight.detach().numpy().T
        found[f"b{k}"] = layer.bias.detach().numpy()
    for k, norm in enumerate(net.norms or [], start=1):
        found[f"gamma{k}"] = norm.weight.detach().numpy()
        found[f"beta{k}"] = norm.bias.detach().numpy()
        if hasattr(norm, "running_mean"):
            found[f"mean{k}"] = norm.running_mean.numpy()
            found[f"variance{k}"] = norm.running_var.numpy()
    return found


if __name__ == "__main__":
    everything = {
        f"{case}/{name}": array for case in CASES for name, array in record(CASES[case]).items()
    }
    np.savez_compressed(Path(__file__).with_name("pytorch.npz"), **everything)
