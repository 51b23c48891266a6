"""Losses, optimizers and normalizations as a textbook writes them in NumPy.

Arrays are (n, units). `params` holds the parameters and `gradients` their gradients, by the names
of weight files: W1, b1, …; a setting stands in the script as a constant, in capitals.
"""

from __future__ import annotations

from pydantic import BaseModel

from playground.export.material import name_of, settings_of

LOSSES: dict[str, str] = {
    "mse": '''
def loss(out, y):
    """Mean squared error, over examples and outputs."""
    return np.mean((out - y) ** 2)


def loss_gradient(out, y):
    return 2 * (out - y) / out.size
''',
    "half_squared_error": '''
def loss(out, y):
    """½Σ(out − y)² over the outputs, mean over examples."""
    return 0.5 * np.mean(((out - y) ** 2).sum(axis=1))


def loss_gradient(out, y):
    return (out - y) / len(out)
''',
    "signed_squared_error": '''
def loss(out, y):
    """½(out − t)² with t = ±1 for the two classes, mean over examples."""
    return 0.5 * np.mean((out - (2 * y - 1)) ** 2)


def loss_gradient(out, y):
    return (out - (2 * y - 1)) / len(out)
''',
    "mae": '''
def loss(out, y):
    """Mean absolute error, over examples and outputs."""
    return np.mean(np.abs(out - y))


def loss_gradient(out, y):
    return np.sign(out - y) / out.size
''',
    "huber": '''
def loss(out, y):
    """Squared for errors up to DELTA, linear beyond; mean over examples and outputs."""
    error = np.abs(out - y)
    return np.mean(np.where(error <= DELTA, 0.5 * error**2, DELTA * (error - 0.5 * DELTA)))


def loss_gradient(out, y):
    return np.clip(out - y, -DELTA, DELTA) / out.size
''',
    "binary_cross_entropy": '''
def loss(out, y):
    """−y·log p − (1−y)·log(1−p), p = sigmoid(out), mean over examples; safe for large logits."""
    return np.mean(np.logaddexp(0, out) - y * out)


def loss_gradient(out, y):
    p = 1 / (1 + np.exp(-out))
    return (p - y) / len(out)
''',
    "cross_entropy": '''
def loss(out, y):
    """−log softmax(out) of the true class, mean over examples; y is one-hot."""
    shifted = out - out.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean((y * log_p).sum(axis=1))


def loss_gradient(out, y):
    p = np.exp(out - out.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return (p - y) / len(out)
''',
    "hinge": '''
def loss(out, y):
    """max(0, 1 − t·out) with t = ±1 for the two classes, mean over examples."""
    return np.mean(np.maximum(0, 1 - (2 * y - 1) * out))


def loss_gradient(out, y):
    t = 2 * y - 1
    return np.where(t * out < 1, -t, 0) / len(out)
''',
}

NORMALIZATIONS: dict[str, str] = {
    "batch": '''
def batch_normalize(k, z, training):
    """Each unit of layer k to mean 0 and variance 1 over the batch, then γ·ẑ + β.

    Later, when there is no batch, running averages stand in for the batch's mean and variance.
    """
    if training:
        mean, variance = z.mean(axis=0), z.var(axis=0)
        averages[f"mean{k}"] += 0.1 * (mean - averages[f"mean{k}"])
        if len(z) > 1:
            averages[f"variance{k}"] += 0.1 * (z.var(axis=0, ddof=1) - averages[f"variance{k}"])
    else:
        mean, variance = averages[f"mean{k}"], averages[f"variance{k}"]
    spread = np.sqrt(variance + 1e-5)
    zhat = (z - mean) / spread
    return params[f"gamma{k}"] * zhat + params[f"beta{k}"], (zhat, spread, 0)
''',
    "layer": '''
def layer_normalize(k, z, training):
    """Each example to mean 0 and variance 1 over the units of layer k, then γ·ẑ + β."""
    spread = np.sqrt(z.var(axis=1, keepdims=True) + 1e-5)
    zhat = (z - z.mean(axis=1, keepdims=True)) / spread
    return params[f"gamma{k}"] * zhat + params[f"beta{k}"], (zhat, spread, 1)
''',
}

NORMALIZE_BACKWARD = '''
def normalize_backward(k, kept, d, gradients):
    """From ∂loss/∂(γ·ẑ + β) to ∂loss/∂z: mean and variance depend on z too."""
    zhat, spread, axis = kept
    gradients[f"gamma{k}"] = (d * zhat).sum(axis=0)
    gradients[f"beta{k}"] = d.sum(axis=0)
    d = d * params[f"gamma{k}"]
    along = zhat * (d * zhat).mean(axis=axis, keepdims=True)
    return (d - d.mean(axis=axis, keepdims=True) - along) / spread
'''

DECAY = "        params[name] *= 1 - rate * WEIGHT_DECAY\n"
"""Decoupled weight decay: the first line of an update's loop, where it is asked for."""

_SGD = '''
def update(gradients, step, rate):
    """Stochastic gradient descent."""
    for name, g in gradients.items():
        params[name] -= rate * g
'''
_MOMENTUM = '''
velocity = {}


def update(gradients, step, rate):
    """Stochastic gradient descent with momentum: a running sum of gradients."""
    for name, g in gradients.items():
        velocity[name] = MOMENTUM * velocity.get(name, 0) + g
        params[name] -= rate * velocity[name]
'''
_NESTEROV = '''
velocity = {}


def update(gradients, step, rate):
    """Stochastic gradient descent with Nesterov's momentum: it looks ahead along the velocity."""
    for name, g in gradients.items():
        velocity[name] = MOMENTUM * velocity.get(name, 0) + g
        params[name] -= rate * (g + MOMENTUM * velocity[name])
'''
_ADAGRAD = '''
total = {}


def update(gradients, step, rate):
    """AdaGrad: each rate shrinks with the sum of its squared gradients."""
    for name, g in gradients.items():
        total[name] = total.get(name, 0) + g**2
        params[name] -= rate * g / (np.sqrt(total[name]) + EPSILON)
'''
_ADADELTA = '''
square, travelled = {}, {}


def update(gradients, step, rate):
    """AdaDelta: updates in the parameters' own unit."""
    for name, g in gradients.items():
        square[name] = RHO * square.get(name, 0) + (1 - RHO) * g**2
        before = travelled.get(name, 0)
        move = np.sqrt(before + EPSILON) / np.sqrt(square[name] + EPSILON) * g
        travelled[name] = RHO * before + (1 - RHO) * move**2
        params[name] -= rate * move
'''
_ADAM = '''
m, v = {}, {}


def update(gradients, step, rate):
    """TITLE: momentum over a running root mean square, both corrected for their start."""
    for name, g in gradients.items():
        m[name] = BETA1 * m.get(name, 0) + (1 - BETA1) * g
        v[name] = BETA2 * v.get(name, 0) + (1 - BETA2) * g**2
        corrected_m = m[name] / (1 - BETA1**step)
        corrected_v = v[name] / (1 - BETA2**step)
        params[name] -= rate * corrected_m / (np.sqrt(corrected_v) + EPSILON)
'''
_NADAM = '''
m, v = {}, {}
products = [1.0]  # of the momenta of all steps so far


def momentum(step):
    """It warms up: from half of BETA1 towards BETA1."""
    return BETA1 * (1 - 0.5 * 0.96 ** (step * MOMENTUM_DECAY))


def update(gradients, step, rate):
    """NAdam: Adam with Nesterov's look-ahead."""
    now, coming = momentum(step), momentum(step + 1)
    products.append(products[-1] * now)
    for name, g in gradients.items():
        m[name] = BETA1 * m.get(name, 0) + (1 - BETA1) * g
        v[name] = BETA2 * v.get(name, 0) + (1 - BETA2) * g**2
        ahead = (1 - now) / (1 - products[step]) * g
        ahead += coming / (1 - products[step] * coming) * m[name]
        params[name] -= rate * ahead / (np.sqrt(v[name] / (1 - BETA2**step)) + EPSILON)
'''
_LION = '''
m = {}


def update(gradients, step, rate):
    """Lion: the sign of a mixed momentum, so each parameter moves by just the rate."""
    for name, g in gradients.items():
        before = m.get(name, 0)
        params[name] -= rate * np.sign(BETA1 * before + (1 - BETA1) * g)
        m[name] = BETA2 * before + (1 - BETA2) * g
'''


def _rmsprop(settings: dict[str, object]) -> str:
    state, lines = ["square"], ["square[name] = ALPHA * square.get(name, 0) + (1 - ALPHA) * g**2"]
    kind, deviation = "mean square", "square[name]"
    if settings["centered"]:
        state.append("mean")
        lines.append("mean[name] = ALPHA * mean.get(name, 0) + (1 - ALPHA) * g")
        # As the engine has it: rounding must not make a variance negative.
        kind, deviation = "variance", "np.maximum(square[name] - mean[name] ** 2, 0)"
    lines.append(f"move = g / (np.sqrt({deviation}) + EPSILON)")
    if settings["momentum"]:
        state.append("velocity")
        lines.append("velocity[name] = move = MOMENTUM * velocity.get(name, 0) + move")
    lines.append("params[name] -= rate * move")
    body = "\n".join(f"        {line}" for line in lines)
    return f'''
{", ".join(state)} = {", ".join(["{}"] * len(state))}


def update(gradients, step, rate):
    """RMSprop: divides by the root of a running {kind} of the gradient."""
    for name, g in gradients.items():
{body}
'''


def optimizer(part: BaseModel) -> str | None:
    """The function `update` for these settings; None for an optimizer that has no text here."""
    name, settings = name_of(part), settings_of(part)
    if name == "rmsprop":
        return _rmsprop(settings)
    if name == "sgd":
        momentum = _NESTEROV if settings["nesterov"] else _MOMENTUM
        text = momentum if settings["momentum"] else _SGD
    elif name in ("adam", "adamw"):
        text = _ADAM.replace("TITLE", "Adam" if name == "adam" else "AdamW")
    else:
        known = {"adagrad": _ADAGRAD, "adadelta": _ADADELTA, "nadam": _NADAM, "lion": _LION}
        if name not in known:
            return None
        text = known[name]
    if settings.get("weight_decay"):
        loop = "    for name, g in gradients.items():\n"
        text = text.replace(loop, loop + DECAY)
    return text
