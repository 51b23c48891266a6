"""A training loop as a good textbook writes it: a list of W and b, one NumPy line per formula.

`python textbook.py NET STEPS` prints the microseconds of one step. Nothing here is slow on purpose:
it is vectorized over the batch, float64, with the loss computed in every step as the engine does.
"""

from __future__ import annotations

import itertools
import sys
import time

import numpy as np
from nets import EXAMPLES, NETS, widths

PHI = {
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
}


def step_microseconds(name: str, steps: int) -> float:
    """Time of one training step of the net `name`."""
    net = NETS[name]
    rng = np.random.default_rng(0)
    sizes = widths(net)
    phi, slope = PHI[net["network"]["hidden"][0]["activation"]]
    batch, rate = net["training"]["batch_size"], net["training"]["learning_rate"]
    adam = net["training"]["optimizer"] == "adam"
    x = rng.normal(size=(EXAMPLES, sizes[0]))
    y = (np.hypot(x[:, :1], x[:, 1:2]) < 1).astype(float)
    weights = [rng.normal(size=(i, o)) / np.sqrt(i) for i, o in itertools.pairwise(sizes)]
    biases = [np.zeros(o) for o in sizes[1:]]
    parameters = weights + biases
    first = [np.zeros_like(p) for p in parameters]
    second = [np.zeros_like(p) for p in parameters]
    order, at = rng.permutation(EXAMPLES), 0
    loss = 0.0

    start = time.perf_counter()
    for t in range(1, steps + 1):
        if at >= EXAMPLES:
            order, at = rng.permutation(EXAMPLES), 0
        chosen = order[at : at + batch]
        at += batch
        xb, yb = x[chosen], y[chosen]

        a = [xb]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            a.append(phi(a[-1] @ w + b))
        logits = a[-1] @ weights[-1] + biases[-1]
        loss += np.mean(np.logaddexp(0, logits) - yb * logits)

        delta = (1 / (1 + np.exp(-logits)) - yb) / len(xb)
        dw, db = [], []
        for k in reversed(range(len(weights))):
            dw.insert(0, a[k].T @ delta)
            db.insert(0, delta.sum(axis=0))
            if k:
                delta = (delta @ weights[k].T) * slope(a[k])

        for k, (p, g) in enumerate(zip(parameters, dw + db, strict=True)):
            if adam:
                first[k] = 0.9 * first[k] + 0.1 * g
                second[k] = 0.999 * second[k] + 0.001 * g**2
                unbiased = first[k] / (1 - 0.9**t)
                p -= rate * unbiased / (np.sqrt(second[k] / (1 - 0.999**t)) + 1e-8)
            else:
                p -= rate * g
    return (time.perf_counter() - start) / steps * 1e6


if __name__ == "__main__":
    print(step_microseconds(sys.argv[1], int(sys.argv[2])))
