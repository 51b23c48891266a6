"""Parts in PyTorch: its own where it has them, a small class where it does not.

A setting stands in the script as a constant, in capitals, as in the NumPy script.
"""

from __future__ import annotations

from pydantic import BaseModel

from playground.export import lifted
from playground.export.material import name_of, settings_of

ACTIVATIONS: dict[str, str] = {
    "linear": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU({negative_slope})",
    "elu": "nn.ELU({alpha})",
    "selu": "nn.SELU()",
    "gelu": "nn.GELU()",
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    # By default PyTorch turns to z itself at 20, which is 2e-9 off.
    "softplus": "nn.Softplus(threshold=50)",
    "softsign": "nn.Softsign()",
    "hard_tanh": "nn.Hardtanh()",
}
"""Expressions; an activation that is not here is written out from the engine's own rule."""

LOSSES: dict[str, str] = {
    "mse": "loss = nn.MSELoss()",
    "half_squared_error": '''
def loss(out, y):
    """½Σ(out − y)² over the outputs, mean over examples."""
    return 0.5 * ((out - y) ** 2).sum(dim=1).mean()
''',
    "signed_squared_error": '''
def loss(out, y):
    """½(out − t)² with t = ±1 for the two classes, mean over examples."""
    return 0.5 * ((out - (2 * y - 1)) ** 2).mean()
''',
    "mae": "loss = nn.L1Loss()",
    "huber": "loss = nn.HuberLoss(delta=DELTA)",
    "binary_cross_entropy": "loss = nn.BCEWithLogitsLoss()",
    "cross_entropy": "loss = nn.CrossEntropyLoss()",
    "hinge": '''
def loss(out, y):
    """max(0, 1 − t·out) with t = ±1 for the two classes, mean over examples."""
    return torch.relu(1 - (2 * y - 1) * out).mean()
''',
}

NORMALIZATIONS = {"batch": "nn.BatchNorm1d({units})", "layer": "nn.LayerNorm({units})"}

BATCH_NORM_OF_ONE = '''
class BatchNorm(nn.BatchNorm1d):
    """nn.BatchNorm1d that does not refuse a batch of one example, which is its own mean."""

    def forward(self, z):
        if len(z) > 1 or not self.training:
            return super().forward(z)
        self.running_mean += self.momentum * (z[0].detach() - self.running_mean)
        return self.bias + 0 * self.weight * z
'''

RESIDUAL = '''
class Residual(nn.Module):
    """h + scale · f(h), f being the layers within."""

    def __init__(self, scale, *layers):
        super().__init__()
        self.scale, self.layers = scale, nn.Sequential(*layers)

    def forward(self, h):
        return h + self.scale * self.layers(h)
'''

DROPOUT = '''
class Dropout(nn.Module):
    """nn.Dropout with the run's own masks, which come from a random stream of NumPy's."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, a):
        if not self.training:
            return a
        examples, units = a.shape
        kept = masks.random((units, examples)).T >= self.rate
        return a * torch.as_tensor(kept / (1 - self.rate), dtype=a.dtype)
'''

_DECOUPLED_SGD = '''
class DecoupledSGD(torch.optim.SGD):
    """SGD with weight decay decoupled from the gradient; PyTorch's own adds it to the gradient."""

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p *= 1 - group["lr"] * WEIGHT_DECAY
        super().step()
'''
_LION = '''
class Lion(torch.optim.Optimizer):
    """The sign of a mixed momentum, so each parameter moves by just the rate (not in PyTorch)."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                DECAY
                p -= group["lr"] * torch.sign(BETA1 * m + (1 - BETA1) * p.grad)
                m.copy_(BETA2 * m + (1 - BETA2) * p.grad)
'''
_CENTERED_RMSPROP = '''
class CenteredRMSprop(torch.optim.Optimizer):
    """RMSprop that divides by a running deviation of the gradient.

    PyTorch's own lets rounding make the variance negative, and its root is then NaN.
    """

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                square = state.setdefault("square", torch.zeros_like(p))
                mean = state.setdefault("mean", torch.zeros_like(p))
                square.copy_(ALPHA * square + (1 - ALPHA) * p.grad**2)
                mean.copy_(ALPHA * mean + (1 - ALPHA) * p.grad)
                move = p.grad / (torch.relu(square - mean**2).sqrt() + EPSILON)
                VELOCITY
                p -= group["lr"] * move
'''
_VELOCITY = """velocity = state.setdefault("velocity", torch.zeros_like(p))
                velocity.copy_(MOMENTUM * velocity + move)
                move = velocity"""

_ARGUMENTS = {
    "beta1": "betas=(BETA1, BETA2)",
    "epsilon": "eps=EPSILON",
    "alpha": "alpha=ALPHA",
    "rho": "rho=RHO",
    "momentum_decay": "momentum_decay=MOMENTUM_DECAY",
}
_PYTORCH_NAMES = {
    "sgd": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adadelta": "Adadelta",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
}


def optimizer(part: BaseModel) -> tuple[str, str]:
    """A class that PyTorch lacks, or nothing; and the expression that makes the optimizer."""
    name, settings = name_of(part), settings_of(part)
    if name == "lion":
        decay = 'p *= 1 - group["lr"] * WEIGHT_DECAY' if settings["weight_decay"] else ""
        return _with(_LION, "DECAY", decay), _call("Lion", [])
    if name == "rmsprop" and settings["centered"]:
        velocity = _VELOCITY if settings["momentum"] else ""
        return _with(_CENTERED_RMSPROP, "VELOCITY", velocity), _call("CenteredRMSprop", [])
    if name not in _PYTORCH_NAMES:
        return lifted.optimizer(part, torch=True), _call("UpdateRule", [])
    arguments = [text for setting, text in _ARGUMENTS.items() if setting in settings]
    own, kind = "", f"torch.optim.{_PYTORCH_NAMES[name]}"
    if settings.get("momentum"):
        arguments.append("momentum=MOMENTUM")
    if settings.get("nesterov") and settings["momentum"]:
        arguments.append("nesterov=True")
    if name == "adamw":
        arguments.append("weight_decay=WEIGHT_DECAY")
    elif settings.get("weight_decay") and name == "sgd":
        own, kind = _DECOUPLED_SGD, "DecoupledSGD"
    elif settings.get("weight_decay"):
        arguments += ["weight_decay=WEIGHT_DECAY", "decoupled_weight_decay=True"]
    return own, _call(kind, arguments)


def _call(kind: str, arguments: list[str]) -> str:
    """On one line where it fits."""
    everything = ["network.parameters()", "lr=LEARNING_RATE", *arguments]
    line = f"{kind}({', '.join(everything)})"
    if len(line) < 85:
        return line
    return f"{kind}(\n    " + ",\n    ".join(everything) + ",\n)"


def _with(text: str, word: str, lines: str) -> str:
    """`text` with the line that is `word` replaced, or gone where there are no lines."""
    line = " " * 16 + word + "\n"
    return text.replace(line, f"{' ' * 16}{lines}\n" if lines else "")
