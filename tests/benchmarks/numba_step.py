"""Numba: the whole step compiled to machine code, with loops of its own or with BLAS products."""

from __future__ import annotations

import numpy as np
from contender import Epochs, Train, compete
from nets import RATE, Net
from numba import njit
from numba.typed import List


@njit(fastmath=True, cache=False)
def _product(x, w, b, out):  # type: ignore[no-untyped-def]
    for n in range(x.shape[0]):
        for o in range(w.shape[1]):
            out[n, o] = b[o]
        for i in range(w.shape[0]):
            value = x[n, i]
            for o in range(w.shape[1]):
                out[n, o] += value * w[i, o]


@njit(fastmath=True)
def _gradient(x, delta, dw, db):  # type: ignore[no-untyped-def]
    dw[:] = 0
    db[:] = 0
    for n in range(x.shape[0]):
        for o in range(delta.shape[1]):
            db[o] += delta[n, o]
        for i in range(x.shape[1]):
            value = x[n, i]
            for o in range(delta.shape[1]):
                dw[i, o] += value * delta[n, o]


@njit(fastmath=True)
def _below(delta, w, out):  # type: ignore[no-untyped-def]
    for n in range(delta.shape[0]):
        for i in range(w.shape[0]):
            total = delta.dtype.type(0)
            for o in range(w.shape[1]):
                total += delta[n, o] * w[i, o]
            out[n, i] = total


@njit(fastmath=True)
def _step(x, y, w, b, dw, db, mw, mb, vw, vb, a, d, phi, adam, rate, t, blas):  # type: ignore[no-untyped-def]
    depth, h = len(w), x
    one = x.dtype.type(1)
    for k in range(depth):
        if blas:
            np.dot(h, w[k], a[k])
            a[k] += b[k]
        else:
            _product(h, w[k], b[k], a[k])
        h = a[k]
        if k < depth - 1:
            flat = h.ravel()
            for j in range(flat.size):
                z = flat[j]
                if phi == 0:
                    flat[j] = np.tanh(z)
                elif phi == 1:
                    flat[j] = one / (one + np.exp(-z))
                else:
                    flat[j] = max(z, z - z)
    out, delta, scale = a[depth - 1], d[depth - 1], one / x.dtype.type(x.shape[0])
    for n in range(out.shape[0]):
        if out.shape[1] == 1:
            delta[n, 0] = (one / (one + np.exp(-out[n, 0])) - y[n, 0]) * scale
        else:
            top = out[n].max()
            total = x.dtype.type(0)
            for o in range(out.shape[1]):
                delta[n, o] = np.exp(out[n, o] - top)
                total += delta[n, o]
            for o in range(out.shape[1]):
                delta[n, o] = (delta[n, o] / total - y[n, o]) * scale
    for k in range(depth - 1, -1, -1):
        h = a[k - 1] if k else x
        if blas:
            np.dot(h.T, d[k], dw[k])
            db[k][:] = d[k].sum(axis=0)
        else:
            _gradient(h, d[k], dw[k], db[k])
        if k:
            if blas:
                np.dot(d[k], w[k].T, d[k - 1])
            else:
                _below(d[k], w[k], d[k - 1])
            below, value = d[k - 1].ravel(), a[k - 1].ravel()
            for j in range(below.size):
                v = value[j]
                if phi == 0:
                    below[j] *= one - v * v
                elif phi == 1:
                    below[j] *= v * (one - v)
                elif v <= 0:
                    below[j] = 0
    c1, c2 = 1 - 0.9**t, np.sqrt(1 - 0.999**t)
    by, floor = x.dtype.type(rate * c2 / c1), x.dtype.type(1e-8 * c2)
    for k in range(depth):
        if adam:
            _adam(w[k].ravel(), dw[k].ravel(), mw[k].ravel(), vw[k].ravel(), by, floor)
            _adam(b[k], db[k], mb[k], vb[k], by, floor)
        else:
            step = x.dtype.type(rate)
            p, g = w[k].ravel(), dw[k].ravel()
            for j in range(p.size):
                p[j] -= step * g[j]
            for j in range(b[k].size):
                b[k][j] -= step * db[k][j]


@njit(fastmath=True)
def _adam(p, g, m, v, by, floor):  # type: ignore[no-untyped-def]
    keep1, rest1 = p.dtype.type(0.9), p.dtype.type(0.1)
    keep2, rest2 = p.dtype.type(0.999), p.dtype.type(0.001)
    for j in range(p.size):
        m[j] = keep1 * m[j] + rest1 * g[j]
        v[j] = keep2 * v[j] + rest2 * g[j] * g[j]
        p[j] -= by * m[j] / (np.sqrt(v[j]) + floor)


def prepare(net: Net, dtype: str, form: str) -> Train:
    """`form`: `loops` or `blas`; Python calls the compiled step once a step."""

    def listed(arrays):  # type: ignore[no-untyped-def]
        found = List()
        for array in arrays:
            found.append(np.ascontiguousarray(array, dtype))
        return found

    w = listed(net.weights())
    b = listed(np.zeros(o) for o in net.widths[1:])
    like = [listed(np.zeros_like(p) for p in part) for part in (w, b) * 3]
    dw, db, mw, mb, vw, vb = like
    a = listed(np.zeros((net.batch, o)) for o in net.widths[1:])
    d = listed(np.zeros((net.batch, o)) for o in net.widths[1:])
    epochs = Epochs(net, dtype)
    xs, ys = epochs.deal()
    phi = {"tanh": 0, "sigmoid": 1, "relu": 2}[net.activation]
    at = t = 0

    def train(steps: int) -> None:
        nonlocal xs, ys, at, t
        for _ in range(steps):
            t += 1
            if at == epochs.count:
                xs, ys = epochs.deal()
                at = 0
            x, y = xs[at], ys[at]
            at += 1
            _step(x, y, w, b, dw, db, mw, mb, vw, vb, a, d, phi, net.adam, RATE, t, form == "blas")

    return train


if __name__ == "__main__":
    compete(prepare)
