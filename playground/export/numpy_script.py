"""An experiment as a plain NumPy script, written as a textbook would, with only what the run uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

import numpy as np
from pydantic import BaseModel

from playground.base.arrays import Array
from playground.engine.activations import ACTIVATIONS
from playground.experiment.config import Experiment
from playground.export import common, numpy_parts
from playground.export.formulas import formula, number, trace
from playground.export.material import (
    Material,
    array_text,
    material,
    name_of,
    settings_of,
)

_ERF = """
erf = np.vectorize(math.erf, otypes=[float])
"""
_OPENING = """DOCSTRING

IMPORTS

import numpy as np

np.seterr(over="ignore")  # where exp overflows, 1 / (1 + exp(-z)) is 0, as it should
"""
_BACKWARD_NOTE = '"""Every gradient from d = ∂loss/∂outputs: the chain rule, from the top down."""'


def export(
    experiment: Experiment,
    weights: Mapping[str, Array] | None = None,
    table: bytes | None = None,
) -> str:
    """A readable script in plain NumPy: data, first weights and batches included."""
    m = material(experiment, weights, table)
    phis = _activation_names(m)
    blocks = [
        *_activations(phis),
        numpy_parts.LOSSES[name_of(m.loss)],
        *[numpy_parts.NORMALIZATIONS[kind] for kind in m.normalizations],
        numpy_parts.NORMALIZE_BACKWARD if m.normalizations else "",
        _masks(m),
        _layers(m, phis),
        _forward(m),
        _backward(m),
        _clip_norm(m),
        numpy_parts.optimizer(name_of(m.training.optimizer), settings_of(m.training.optimizer)),
        common.SCHEDULES[name_of(m.training.schedule)],
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
    return common.assembled(_OPENING.replace("DOCSTRING", common.docstring(m, "NumPy")), blocks, _data(m), m)


def _activation_names(m: Material) -> dict[BaseModel, str]:
    """A function name for each activation in use; a number tells apart what differs in settings."""
    names: dict[BaseModel, str] = {}
    for phi in m.activations:
        if phi not in names:
            same = sum(name_of(other) == name_of(phi) for other in names)
            names[phi] = name_of(phi) + (f"_{same + 1}" if same else "")
    return names


def _activations(names: Mapping[BaseModel, str]) -> list[str]:
    found = [_activation(settings, name) for settings, name in names.items()]
    if any("erf(" in text for text in found):
        found.insert(0, _ERF)
    return found


def _activation(settings: BaseModel, name: str) -> str:
    """φ and φ′, as the engine's own rules have them."""
    phi = ACTIVATIONS.make(settings)
    z, a, d = (np.empty((20, 20)) for _ in range(3))
    value = formula(trace(phi.forward(z, a), {"z": z}, a))
    slope = formula(trace(phi.derivative(z, a, d), {"z": z, "a": a}, d))
    if slope.result == "1":
        slope = formula(trace([], {"z": z}, z))
        slope_text = "    return np.ones_like(z)"
    else:
        slope_text = _body(slope.lines, slope.result)
    help_text = ACTIVATIONS.part(name_of(settings)).help
    return f'''
def {name}(z):
    """{help_text}"""
{_body(value.lines, value.result)}


def {name}_slope(z, a):
{slope_text}
'''


def _body(lines: list[str], result: str) -> str:
    return "\n".join(f"    {line}" for line in [*lines, f"return {result}"])


def _masks(m: Material) -> str:
    if not m.has_dropout:
        return ""
    return f'''
masks = {common.stream(number(m.experiment.seed), "dropout")}


def dropout_mask(shape, rate):
    """0 at probability `rate`, else 1 / (1 − rate), so that the mean stays."""
    examples, units = shape
    return (masks.random((units, examples)).T >= rate) / (1 - rate)
'''


def _layers(m: Material, names: Mapping[BaseModel, str]) -> str:
    rows = []
    for layer, phi in zip([*m.hidden, None], m.activations, strict=True):
        entries = [f'"phi": {names[phi]}', f'"slope": {names[phi]}_slope']
        if layer is not None:
            if layer.normalization:
                entries.append(f'"normalize": {name_of(layer.normalization)}_normalize')
            if layer.dropout:
                entries.append(f'"dropout": {number(layer.dropout)}')
            if layer.residual:
                entries.append(f'"residual": {number(layer.residual.scale)}')
        rows.append("{" + ", ".join(entries) + "}")
    lines = []
    for row, run in groupby(rows):
        count = len(list(run))
        lines.append(f"    *[{row}] * {count}," if count > 2 else "\n".join([f"    {row},"] * count))
    return "LAYERS = [\n" + "\n".join(lines) + "\n]"


def _forward(m: Material) -> str:
    training = ", training" if m.has_two_modes else ""
    mode = "training" if m.has_two_modes else "True"
    lines = ['z = h @ params[f"W{k}"] + params[f"b{k}"]']
    kept = ["h", "z", "a"]
    if m.normalizations:
        lines += [
            "kept = None",
            'if "normalize" in layer:',
            f'    z, kept = layer["normalize"](k, z, {mode})',
        ]
        kept.append("kept")
    lines.append('a = layer["phi"](z)')
    above = "a"
    if m.has_dropout:
        lines += [
            "mask = 1",
            'if training and "dropout" in layer:',
            '    mask = dropout_mask(a.shape, layer["dropout"])',
        ]
        kept.append("mask")
        above = "a * mask"
    if m.has_residual:
        lines.append(f'above = h + layer["residual"] * {above} if "residual" in layer else {above}')
        above = "above"
    lines += [f"tape.append(({', '.join(kept)}))", f"h = {above}"]
    return common.function(
        f"forward(x{training})",
        '"""Outputs for x, (n, inputs), and a tape of what the way back needs of each layer."""',
        ["h, tape = x, []", "for k, layer in enumerate(LAYERS, start=1):"],
        lines,
        "return h, tape",
    )


def _backward(m: Material) -> str:
    kept = ["h", "z", "a"] + ["kept"] * bool(m.normalizations) + ["mask"] * m.has_dropout
    lines = ["layer = LAYERS[k - 1]", f"{', '.join(kept)} = tape[k - 1]"]
    passed = ""
    if m.has_residual:
        lines += [
            "by = 0",
            'if "residual" in layer:',
            '    by, d = d, layer["residual"] * d',
        ]
        passed = " + by"
    mask = " * mask" if m.has_dropout else ""
    lines.append(f'delta = d{mask} * layer["slope"](z, a)')
    if m.normalizations:
        lines += [
            "if kept is not None:",
            "    delta = normalize_backward(k, kept, delta, gradients)",
        ]
    lines += [
        'gradients[f"W{k}"] = h.T @ delta',
        'gradients[f"b{k}"] = delta.sum(axis=0)',
        f'd = delta @ params[f"W{{k}}"].T{passed}',
    ]
    return common.function(
        "backward(tape, d)",
        _BACKWARD_NOTE,
        ["gradients = {}", "for k in range(len(LAYERS), 0, -1):"],
        lines,
        "return gradients",
    )


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
    names = ", ".join(m.dataset.feature_names[:8]) + (" …" * (len(m.dataset.feature_names) > 8))
    lines = [f"# The examples, as the network gets them: {names}."]
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
