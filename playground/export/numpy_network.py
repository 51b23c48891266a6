"""The network of a NumPy script: activations, layers, the way forward and the way back."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from itertools import groupby

import numpy as np
from pydantic import BaseModel

from playground.engine.activations import ACTIVATIONS
from playground.export import common, lifted
from playground.export.formulas import UntraceableError, formula, number, trace
from playground.export.material import WIDTH, Material, name_of

_ERF = """
erf = np.vectorize(math.erf, otypes=[float])
"""
_BACKWARD_NOTE = '"""Every gradient from d = ∂loss/∂outputs: the chain rule, from the top down."""'


def activation_names(m: Material) -> dict[BaseModel, str]:
    """A function name for each activation in use; a number tells apart what differs in settings."""
    names: dict[BaseModel, str] = {}
    for phi in m.activations:
        if phi not in names:
            same = sum(name_of(other) == name_of(phi) for other in names)
            names[phi] = name_of(phi) + (f"_{same + 1}" if same else "")
    return names


def activations(names: Mapping[BaseModel, str]) -> list[str]:
    """The function φ and its slope for each activation, after what they need."""
    needs: set[str] = set()
    found = [_activation(settings, name, needs) for settings, name in names.items()]
    special = [f"from scipy.special import {name}" for name in sorted(needs) if name != "erf"]
    return ["\n".join(special), _ERF if "erf" in needs else "", *found]


def _activation(settings: BaseModel, name: str, needs: set[str]) -> str:
    """As the engine's own rule has it; functions that NumPy lacks are added to `needs`."""
    phi = ACTIVATIONS.make(settings)
    z, a, d = (np.empty((20, 20)) for _ in range(3))
    try:
        value = formula(trace(phi.forward(z, a), {"z": z}, a))
        slope = formula(trace(phi.derivative(z, a, d), {"z": z, "a": a}, d))
    except UntraceableError:
        return lifted.activation(settings, name)
    needs |= {f for f in value.functions | slope.functions if not hasattr(np, f)}
    result = "np.ones_like(z)" if slope.result == "1" else slope.result
    return f'''
def {name}(z):
    """{ACTIVATIONS.part(name_of(settings)).help}"""
{_body(value.lines, value.result)}


def {name}_slope(z, a):
{_body(slope.lines, result)}
'''


def _body(lines: list[str], result: str) -> str:
    return "\n".join(f"    {line}" for line in [*lines, f"return {result}"])


def masks(m: Material) -> str:
    """Where the dropout masks come from."""
    if not m.has_dropout:
        return ""
    return f'''
masks = {common.stream("SEED", "dropout")}


def dropout_mask(shape, rate):
    """0 at probability `rate`, else 1 / (1 − rate), so that the mean stays."""
    examples, units = shape
    return (masks.random((units, examples)).T >= rate) / (1 - rate)
'''


def layers(m: Material, names: Mapping[BaseModel, str]) -> str:
    """The table of layers."""
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
        line = f"*[{row}] * {count}," if count > 2 else f"{row},"
        line = textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent=" " * 8)
        lines += [line] if count > 2 else [line] * count
    return "LAYERS = [\n" + "\n".join(lines) + "\n]"


def forward(m: Material) -> str:
    """The function `forward`: z, normalization, activation, dropout, residual branch."""
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
        lines += [
            f"above = {above}",
            'if "residual" in layer:',
            '    above = h + layer["residual"] * above',
        ]
        above = "above"
    lines += [f"tape.append(({', '.join(kept)}))", f"h = {above}"]
    return common.function(
        f"forward(x{training})",
        '"""Outputs for x, (n, inputs), and a tape of what the way back needs of each layer."""',
        ["h, tape = x, []", "for k, layer in enumerate(LAYERS, start=1):"],
        lines,
        "return h, tape",
    )


def backward(m: Material) -> str:
    """The function `backward`, which undoes these from right to left."""
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
