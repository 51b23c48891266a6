"""An experiment as a plain NumPy script, as a textbook writes it, with only what the run uses."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playground.base.arrays import Array
from playground.experiment.config import Experiment
from playground.export import common, lifted, numpy_network, numpy_parts
from playground.export.material import Material, array_text, material, name_of

_OPENING = """DOCSTRING

IMPORTS

import numpy as np

np.seterr(over="ignore")  # where exp overflows, 1 / (1 + exp(-z)) is 0, as it should
"""


def export(
    experiment: Experiment,
    weights: Mapping[str, Array] | None = None,
    table: bytes | None = None,
) -> str:
    """A readable script in plain NumPy: data, first weights and batches included."""
    m = material(experiment, weights, table)
    phis, optimizer = numpy_network.activation_names(m), m.training.optimizer
    blocks = [
        *numpy_network.activations(phis),
        numpy_parts.LOSSES.get(name_of(m.loss)) or lifted.loss(m.loss),
        *[common.normalization(numpy_parts.NORMALIZATIONS, kind) for kind in m.normalizations],
        numpy_parts.NORMALIZE_BACKWARD if m.normalizations else "",
        numpy_network.masks(m),
        numpy_network.layers(m, phis),
        numpy_network.forward(m),
        numpy_network.backward(m),
        _clip_norm(m),
        numpy_parts.optimizer(optimizer) or lifted.optimizer(optimizer),
        common.schedule(m),
        common.batches(m, "shuffler.permutation(len(x_train))"),
        _mean_loss(m),
        common.stop_text(
            m,
            keep="{name: p.copy() for name, p in trained_weights().items()}",
            bring_back=_bring_back(m),
        ),
        _train(m),
        _trained_weights(m),
    ]
    opening = _OPENING.replace("DOCSTRING", common.docstring(m, "NumPy"))
    return common.assembled(opening, blocks, _data(m), m)


def _clip_norm(m: Material) -> str:
    if m.training.clip_norm is None:
        return ""
    return '''
def clip_by_global_norm(gradients):
    """Scale all gradients alike, so that together they are at most CLIP_NORM long."""
    norm = math.sqrt(sum((g**2).sum() for g in gradients.values()))
    if norm > CLIP_NORM:
        for g in gradients.values():
            g *= CLIP_NORM / norm
'''


def _mean_loss(m: Material) -> str:
    training = ", training=False" if m.has_two_modes else ""
    return f'''
def mean_loss(x, y):
    """The loss over a whole set."""
    out, _ = forward(x{training})
    return float(loss(out, y))
'''


def _train(m: Material) -> str:
    t = m.training
    lines = [
        f"out, tape = forward(x{', training=True' if m.has_two_modes else ''})",
        "losses.append(float(loss(out, y)))",
        "if not np.isfinite(losses[-1]):",
        '    raise SystemExit(f"diverged at step {step}")',
        "gradients = backward(tape, loss_gradient(out, y))",
    ]
    penalties = []
    if t.l2:
        penalties.append('    gradients[f"W{k}"] += L2 * params[f"W{k}"]')
    if t.l1:
        penalties.append('    gradients[f"W{k}"] += L1 * np.sign(params[f"W{k}"])')
    if penalties:
        lines += ["for k in range(1, len(LAYERS) + 1):", *penalties]
    if t.clip_value is not None:
        lines += [
            "for g in gradients.values():",
            "    np.clip(g, -CLIP_VALUE, CLIP_VALUE, out=g)",
        ]
    if t.clip_norm is not None:
        lines.append("clip_by_global_norm(gradients)")
    lines += [
        f"update(gradients, step, {common.rate_text(m)})",
        "if step % STEPS_PER_EPOCH == 0:",
        *[f"    {line}" for line in common.epoch_end(m)],
    ]
    return common.function(
        "train(steps)",
        common.TRAIN_NOTE,
        [
            "losses = []",
            "for step, (x, y) in enumerate(itertools.islice(batches(), steps), start=1):",
        ],
        lines,
        "return losses",
    )


def _trained_weights(m: Material) -> str:
    both = "{**params, **averages}" if m.normalizations else "dict(params)"
    return f'''
def trained_weights():
    """All weights by name, as in the playground's weight files."""
    return {both}
'''


def _bring_back(m: Material) -> str:
    lines = '    for name, p in params.items():\n        p[...] = best["weights"][name]'
    if m.normalizations:
        lines += '\n    averages.update({name: best["weights"][name] for name in averages})'
    return lines


def _data(m: Material) -> str:
    """Examples and first weights, and what follows from them."""
    lines = [common.examples_note(m)]
    single = m.experiment.dtype == "float32"
    for name, split in m.splits.items():
        lines += [f"x_{name} = {array_text(split.x)}", f"y_{name} = {array_text(split.y)}"]
    own = {k: v for k, v in m.weights.items() if not re.match("mean|variance", k)}
    lines += ["", "# The first weights: W (inputs, units), b (units,).", "params = {}"]
    lines += [f'params["{name}"] = {array_text(value)}' for name, value in own.items()]
    if m.normalizations:
        lines.append("averages = {}")
        lines += [
            f'averages["{name}"] = {array_text(value)}'
            for name, value in m.weights.items()
            if name not in own
        ]
    if single:
        lines += ["", "# This run has single precision."]
        for name in m.splits:
            lines.append(f"x_{name}, y_{name} = np.float32(x_{name}), np.float32(y_{name})")
        lines.append("params = {name: np.float32(p) for name, p in params.items()}")
        if m.normalizations:
            lines.append("averages = {name: np.float32(p) for name, p in averages.items()}")
    lines += ["", "STEPS_PER_EPOCH = math.ceil(len(x_train) / BATCH_SIZE)"]
    return "\n".join(lines)
