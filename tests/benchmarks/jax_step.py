"""JAX: one jitted update a step, its parameters given away so that it may work in place."""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

from contender import Epochs, Train, compete  # noqa: I001  the flag must be set before JAX
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from nets import RATE, Net

PHI = {"tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}


def prepare(net: Net, dtype: str, form: str) -> Train:
    """`form`: `tree` (parameters as a list of layers) or `flat` (one vector)."""
    jax.config.update("jax_enable_x64", dtype == "float64")
    phi = PHI[net.activation]
    layers = [(jnp.asarray(w, dtype), jnp.zeros(w.shape[1], dtype)) for w in net.weights()]
    flat, unravel = ravel_pytree(layers)
    start = flat if form == "flat" else layers
    tree = jax.tree_util.tree_map

    def loss(parameters, x, y):  # type: ignore[no-untyped-def]
        *hidden, (w, b) = unravel(parameters) if form == "flat" else parameters
        a = x
        for weight, bias in hidden:
            a = phi(a @ weight + bias)
        logits = a @ w + b
        if net.widths[-1] == 1:
            return jnp.mean(jnp.logaddexp(0, logits) - y * logits)
        return -jnp.mean(jnp.sum(jax.nn.log_softmax(logits) * y, axis=1))

    epochs = Epochs(net, dtype)

    def update(state, xs, ys):  # type: ignore[no-untyped-def]
        p, m, v, step = state
        at = step % epochs.count
        g = jax.grad(loss)(p, xs[at], ys[at])
        step = step + 1
        if not net.adam:
            return tree(lambda p, g: p - RATE * g, p, g), m, v, step
        t = step.astype(dtype)
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        c1, c2 = 1 - 0.9**t, 1 - 0.999**t
        p = tree(lambda p, m, v: p - RATE * (m / c1) / (jnp.sqrt(v / c2) + 1e-8), p, m, v)
        return p, m, v, step

    step = jax.jit(update, donate_argnums=0)
    memory = [tree(jnp.zeros_like, start) if net.adam else () for _ in range(2)]
    state = (start, *memory, jnp.zeros((), int))
    xs, ys = (jnp.asarray(part) for part in epochs.deal())
    at = 0

    def train(steps: int) -> None:
        nonlocal state, xs, ys, at
        for _ in range(steps):
            if at == epochs.count:
                xs, ys = (jnp.asarray(part) for part in epochs.deal())
                at = 0
            state = step(state, xs, ys)
            at += 1
        jax.block_until_ready(state)

    return train


if __name__ == "__main__":
    compete(prepare)
