"""A training loop as a good textbook writes it: a list of W and b, one NumPy line per formula.

Nothing here is slow on purpose: it is vectorized over the batch.
"""

from __future__ import annotations

import numpy as np
from contender import Train, compete
from nets import RATE, Net

PHI = {
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
}


def prepare(net: Net, dtype: str, form: str) -> Train:
    """A training loop that shuffles each epoch and computes its loss each step, as textbooks do."""
    rng = np.random.default_rng(0)
    phi, slope = PHI[net.activation]
    x, y = (part.astype(dtype) for part in net.data())
    weights = [w.astype(dtype) for w in net.weights()]
    biases = [np.zeros(o, dtype) for o in net.widths[1:]]
    parameters = weights + biases
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    order, at, t, loss = rng.permutation(len(x)), 0, 0, 0.0

    def step() -> None:
        nonlocal order, at, t, loss
        t += 1
        if at >= len(x):
            order, at = rng.permutation(len(x)), 0
        chosen = order[at : at + net.batch]
        at += net.batch
        xb, yb = x[chosen], y[chosen]

        a = [xb]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            a.append(phi(a[-1] @ w + b))
        logits = a[-1] @ weights[-1] + biases[-1]
        if logits.shape[1] == 1:
            loss = np.mean(np.logaddexp(0, logits) - yb * logits)
            delta = (1 / (1 + np.exp(-logits)) - yb) / len(xb)
        else:
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            loss = -np.mean(np.log((p * yb).sum(axis=1)))
            delta = (p - yb) / len(xb)

        dw, db = [], []
        for k in reversed(range(len(weights))):
            dw.insert(0, a[k].T @ delta)
            db.insert(0, delta.sum(axis=0))
            if k:
                delta = (delta @ weights[k].T) * slope(a[k])

        for k, (p, g) in enumerate(zip(parameters, dw + db, strict=True)):
            if net.adam:
                first[k] = 0.9 * first[k] + 0.1 * g
                second[k] = 0.999 * second[k] + 0.001 * g**2
                unbiased = first[k] / (1 - 0.9**t)
                p -= RATE * unbiased / (np.sqrt(second[k] / (1 - 0.999**t)) + 1e-8)
            else:
                p -= RATE * g

    def train(steps: int) -> None:
        for _ in range(steps):
            step()

    return train


if __name__ == "__main__":
    compete(prepare)
